"""The check-in form: what it keeps, what it refuses, what it hands to ``recording.record``."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from projects.checkin import recording
from projects.checkin.drafts import CheckInDraft
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.checkin.worklist import assignment_of
from projects.conflicts import Difference
from projects.forms.checkin.card import opened, reopened
from projects.forms.checkin.form import CheckInForm
from projects.models import Health
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_entry, make_milestone, make_stage

LAST_WEEK = date(2024, 6, 10)


def bound(personas: Personas, **typed: Any) -> CheckInForm:
    fields = {"text": "联调完成", "health": "on_track", "revision": "0", **typed}
    data = QueryDict(mutable=True)
    data.update({key.replace("__", "-"): value for key, value in fields.items()})
    stages = personas.team.stages.all()
    return CheckInForm(assignment_of(personas.project, WEEK), stages, data)


def test_form_begins_with_the_values_of_the_latest_entry_but_its_text(personas: Personas) -> None:
    stage = make_stage(personas.team)
    entry = make_entry(personas.project, LAST_WEEK, "上周的话", 40, health=Health.AT_RISK)
    entry.stage, entry.risks = stage, "等专线"
    entry.save()
    form = CheckInForm(assignment_of(personas.project, WEEK), [stage])
    assert form["health"].value() == Health.AT_RISK
    assert form["stage"].value() == stage.pk
    assert form["risks"].value() == "等专线"
    assert form["percent"].value() == "40"
    assert form["text"].value() is None  # last week's words are no news
    assert form["revision"].value() == 0


def test_percent_of_the_milestones_is_not_shown_as_reported(personas: Personas) -> None:
    entry = make_entry(personas.project, LAST_WEEK, percent=40)
    entry.weighted_percent = Decimal(40)
    entry.save()
    form = CheckInForm(assignment_of(personas.project, WEEK), [])
    assert form["percent"].value() == ""


def test_check_in_holds_what_was_typed(personas: Personas) -> None:
    stage = make_stage(personas.team)
    milestone = make_milestone(personas.project, percent=60, due_on=date(2024, 7, 1))
    form = bound(
        personas,
        stage=stage.pk,
        percent="69.29",
        risks="等银联",
        **{f"m{milestone.pk}__percent": "72.5", f"m{milestone.pk}__due_on": "2024-07-05"},
        **{f"m{milestone.pk}__reason": "专线晚一周", "new__name": "二期", "new__percent": "5"},
    )
    assert form.is_valid(), form.errors
    check_in = form.check_in()
    assert (check_in.text, check_in.health, check_in.stage_id) == ("联调完成", "on_track", stage.pk)
    assert (check_in.percent, check_in.risks) == (Decimal("69.29"), "等银联")
    old, new = check_in.milestones
    assert (old.milestone_id, old.percent, old.due_on) == (
        milestone.pk,
        Decimal("72.5"),
        date(2024, 7, 5),
    )
    assert old.reason == "专线晚一周"
    assert (new.name, new.milestone_id, new.percent, new.due_on) == ("二期", None, Decimal(5), None)


@pytest.mark.parametrize(("typed", "precision"), [("2024-07-31", "month"), ("2024-07-30", "day")])
def test_date_keeps_its_precision_until_it_is_moved(
    personas: Personas, typed: str, precision: str
) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 31), due_precision="month")
    form = bound(personas, **{f"m{milestone.pk}__due_on": typed})
    assert form.is_valid()
    assert form.check_in().milestones[0].due_precision == precision


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", ""),
        ("text", "   "),
        ("text", "长" * 10_001),
        ("percent", "101"),
        ("percent", "-1"),
        ("percent", "12.345"),
        ("percent", "NaN"),
        ("percent", "a lot"),
        ("health", ""),
        ("health", "splendid"),
        ("stage", "999999"),
        ("revision", ""),
    ],
)
def test_wrong_input_is_refused_and_kept(personas: Personas, field: str, typed: str) -> None:
    form = bound(personas, **{field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert form[field].value() == typed


@pytest.mark.parametrize("typed", ["0", "100", "0.01", "44.4"])
def test_percents_from_0_to_100_are_accepted(personas: Personas, typed: str) -> None:
    form = bound(personas, percent=typed)
    assert form.is_valid()
    assert form.check_in().percent == Decimal(typed)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("percent", "101"),
        ("percent", "-1"),
        ("due_on", "2024-02-30"),
        ("due_on", "31.7."),
        ("due_on", "0024-07-31"),
        ("reason", "因" * 501),
    ],
)
def test_wrong_milestone_makes_the_form_invalid(personas: Personas, field: str, typed: str) -> None:
    milestone = make_milestone(personas.project, percent=60)
    form = bound(personas, **{f"m{milestone.pk}__{field}": typed})
    assert not form.is_valid()
    (row,) = form.milestones
    assert list(row.errors) == [field]
    assert row[field].value() == typed


@pytest.mark.parametrize("typed", ["101", "-1", "1e3", "33.333", "viel", "NaN"])
def test_every_wrong_percent_has_the_same_message(personas: Personas, typed: str) -> None:
    errors = bound(personas, percent=typed).errors["percent"]
    assert errors == ["请填 0 到 100 之间的数，最多两位小数。"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": ""}, "text"),
        ({"percent": "101"}, "percent"),
        ({"m__percent": "x", "percent": "101"}, "m-percent"),
        ({"new__percent": "5"}, "new-name"),
        ({}, "text"),
    ],
)
def test_cursor_goes_to_the_first_wrong_field(
    personas: Personas, typed: dict[str, str], field: str
) -> None:
    prefix = f"m{make_milestone(personas.project, percent=60).pk}"
    form = bound(personas, **{key.replace("m__", f"{prefix}__"): typed[key] for key in typed})
    form.is_valid()
    form.put_cursor()
    parts = [form, *form.milestones, *form.new_milestones]
    fields = [field for part in parts for field in part]
    assert [f.html_name for f in fields if "autofocus" in f.field.widget.attrs] == [
        field.replace("m-", f"{prefix}-")
    ]


def test_new_milestone_needs_a_name(personas: Personas) -> None:
    form = bound(personas, new__percent="5")
    assert not form.is_valid()
    assert list(form.new_milestones[0].errors) == ["name"]


@pytest.mark.parametrize(
    ("percent", "due_on", "asks"),
    [
        ("60", "2024-07-01", False),
        ("61", "2024-06-30", False),
        ("59", "2024-07-01", True),
        ("60", "2024-07-02", True),
        ("", "", False),
        ("nonsense", "2024-07-02", True),
    ],
)
def test_step_back_asks_for_its_reason(
    personas: Personas, percent: str, due_on: str, asks: bool
) -> None:
    milestone = make_milestone(personas.project, percent=60, due_on=date(2024, 7, 1))
    key = f"m{milestone.pk}"
    form = bound(personas, **{f"{key}__percent": percent, f"{key}__due_on": due_on})
    assert form.milestones[0].asks_for_reason is asks


def test_days_that_a_date_moves_are_counted(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1))
    form = bound(personas, **{f"m{milestone.pk}__due_on": "2024-07-31"})
    assert form.milestones[0].days_later == 30


def test_reopened_form_keeps_what_was_typed_and_is_compared(personas: Personas) -> None:
    form = bound(personas, text="我的话", risks="等专线")
    entry = make_entry(personas.project, text="别人的话", health=Health.AT_RISK)
    with translation.override("en"):
        again = reopened(form, [], assignment_of(personas.project, WEEK))
    assert again.form is not None
    assert again.form["text"].value() == "我的话"
    assert again.form["revision"].value() == entry.revision
    assert again.comparison is not None
    assert again.comparison.theirs == entry
    assert again.comparison.differences == (Difference("Risks", "等专线", "—"),)


def test_reopened_form_shows_newer_values_in_untouched_fields(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=60)
    opened = json.dumps({"text": "", "health": "on_track", f"m{milestone.pk}-percent": "60"})
    form = bound(personas, text="我的话", opened=opened, **{f"m{milestone.pk}__percent": "60"})
    recording.record(
        personas.project,
        WEEK,
        CheckIn(
            "别人的话",
            Health.AT_RISK,
            milestones=(MilestoneUpdate(milestone.name, milestone.pk, Decimal(75)),),
        ),
        by=None,
    )
    again = reopened(form, [], assignment_of(personas.project, WEEK))
    assert again.form is not None
    assert again.form["text"].value() == "我的话"
    assert again.form["health"].value() == Health.AT_RISK
    assert again.form.milestones[0]["percent"].value() == "75"
    assert again.comparison is not None
    assert again.comparison.differences == ()


def test_untouched_milestone_changes_nothing(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=70, due_on=date(2024, 7, 9))
    key = f"m{milestone.pk}"
    opened = {f"{key}-percent": "60", f"{key}-due_on": "2024-07-01", f"{key}-reason": ""}
    typed = {f"{key}__percent": "60", f"{key}__due_on": "2024-07-01", f"{key}__reason": ""}
    form = bound(personas, opened=json.dumps(opened), **typed)
    assert form.is_valid()
    [update] = form.check_in().milestones
    assert (update.percent, update.due_on) == (None, None)
    assert not form.milestones[0].asks_for_reason


def test_both_texts_can_be_put_below_each_other(personas: Personas) -> None:
    form = bound(personas, text="我的话")
    make_entry(personas.project, text="别人的话\n")
    again = reopened(form, [], assignment_of(personas.project, WEEK), with_both_texts=True)
    assert again.form is not None
    assert again.form["text"].value() == "别人的话\n我的话"


def test_draft_is_shown_in_the_form_and_asks_for_its_reason(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=60)
    key = f"m{milestone.pk}"
    draft = CheckInDraft(
        {"text": "打了一半", f"{key}-percent": "40", f"{key}-reason": "漏测"}, 0, NOW
    )
    card = opened(assignment_of(personas.project, WEEK), [], draft)
    form = card.form
    assert form is not None
    assert form["text"].value() == "打了一半"
    assert form.milestones[0]["reason"].value() == "漏测"
    assert form.milestones[0].asks_for_reason
    assert form.standing["text"] == ""  # what was shown before any draft
    assert card.comparison is None


def test_draft_over_an_older_revision_is_compared(personas: Personas) -> None:
    make_entry(personas.project, text="别人的话")
    draft = CheckInDraft({"text": "打了一半"}, 0, NOW)
    card = opened(assignment_of(personas.project, WEEK), [], draft)
    assert card.form is not None
    assert card.form["text"].value() == "打了一半"
    assert card.comparison is not None
    assert (card.comparison.theirs.text, card.comparison.typed_at) == ("别人的话", NOW)


@pytest.mark.parametrize("opened", ["", "[]", "not json", '"text"', "{}"])
def test_broken_opened_field_is_ignored(personas: Personas, opened: str) -> None:
    form = bound(personas, text="我的话", opened=opened)
    assert form.typed()["text"] == "我的话"


@pytest.mark.parametrize(
    ("week", "is_over"), [("2024-06-10", True), ("2024-06-17", False), ("", False)]
)
def test_form_knows_the_week_it_was_opened_in(personas: Personas, week: str, is_over: bool) -> None:
    assert bound(personas, week=week).is_of_another_week is is_over


def test_milestone_done_weeks_ago_is_not_shown(personas: Personas) -> None:
    make_milestone(personas.project, "早已上线", 100)
    make_milestone(personas.project, "二期", 10)
    later = assignment_of(personas.project, date(2024, 7, 8))
    assert [milestone.name for milestone in later.milestones] == ["二期"]
    now = assignment_of(personas.project, WEEK)
    assert [milestone.name for milestone in now.milestones] == ["早已上线", "二期"]
