"""Reading the text while it is typed, and taking over what it offers: neither saves anything."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Alias, Draft, LedgerField, Milestone, ProgressChange, StatusEntry
from tests.conftest import Personas
from tests.factories import make_entry, make_milestone
from tests.html import element, elements, texts

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/reading/"


def save_address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/"


@pytest.fixture
def link(personas: Personas) -> Milestone:
    return make_milestone(personas.project, "工行直联", 40, date(2024, 7, 24))


@pytest.fixture
def cashier(personas: Personas) -> Milestone:
    return make_milestone(personas.project, "收银台 2.0", 86, date(2024, 7, 23))


def typed(text: str, **fields: Any) -> dict[str, Any]:
    return {"text": text, "health": "on_track", "revision": "0", **fields}


def read(personas: Personas, text: str, **fields: Any) -> str:
    client = personas.client("lead")
    response = client.post(address(personas), typed(text, **fields), headers=HTMX)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_offer_shows_the_value_of_the_field_and_that_of_the_text(
    personas: Personas, link: Milestone, cashier: Milestone
) -> None:
    page = read(personas, "评审通过，整体进度72%\n工行直联预计7月31日上线")
    assert "<html" not in page
    assert (
        "<span>Overall progress · Complete</span> <span> <s>63%</s> → <strong>72%</strong>" in page
    )
    assert "<span>工行直联 · Due</span> <span> <s>Jul 24</s> → <strong>Jul 31</strong>" in page
    assert "“预计7月31日上线”" in page  # the words that say so
    assert "7 days later: add a reason" in page
    assert 'value="|percent|72"' in page
    assert f'value="m{link.pk}|due_on|2024-07-31|day"' in page
    assert 'value="all"' in page


def test_reading_changes_nothing(personas: Personas, link: Milestone) -> None:
    before = ProgressChange.objects.count()
    read(personas, "进度80%，预计8月2日上线", take="all")
    link.refresh_from_db()
    assert (link.percent, link.due_on) == (40, date(2024, 7, 24))
    assert ProgressChange.objects.count() == before
    assert not StatusEntry.objects.exists()
    assert not Draft.objects.exists()


def test_alias_of_the_project_means_the_project(personas: Personas, link: Milestone) -> None:
    Alias.objects.create(
        team=personas.team, project=personas.project, name="快贷转账", key="快贷转账"
    )
    page = read(personas, "快贷转账进度72%")
    assert "Overall progress · Complete</span> <span> <s>40%</s> →" in page
    assert "New milestone" not in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "已上线"}, "the text says “已上线”, the percent says 63%"),
        ({"health": "done"}, "called done, the percent says 63%"),
        ({"percent": "90"}, "reported as 90%, by its milestones 63%"),
        ({"percent": "100"}, "100%, but milestone 工行直联 is at 40%"),
        ({"text": "进度50%。进度60%"}, "the text gives two percents: 50% and 60%"),
    ],
)
def test_contradictions_are_shown_before_saving(
    personas: Personas,
    link: Milestone,
    cashier: Milestone,
    fields: dict[str, str],
    sentence: str,
) -> None:
    assert sentence in read(personas, **{"text": "联调继续", **fields})


def test_past_due_and_on_track_is_shown_until_the_date_is_moved(personas: Personas) -> None:
    late = make_milestone(personas.project, "验收", 40, date(2024, 6, 14))
    sentence = "验收 was due on Jun 14, 5 days ago, and is still called on track"
    assert sentence in read(personas, "联调继续")
    assert sentence not in read(personas, "联调继续", health="at_risk")
    assert sentence not in read(personas, "联调继续", **{f"m{late.pk}-due_on": "2024-07-01"})


def test_difference_that_is_offered_is_not_shown_twice(
    personas: Personas, link: Milestone, cashier: Milestone
) -> None:
    page = read(personas, "整体进度72%")
    assert "→ <strong>72%</strong>" in page
    assert "the text says" not in page


def test_any_input_is_answered(personas: Personas, link: Milestone) -> None:
    for sent in (
        {},
        {"text": "整体进度72%", "percent": "viel", f"m{link.pk}-due_on": "bald", "health": "x"},
        {"text": "进度72%\0" + "长" * 20_000, "take": "<script>"},
        {"text": "整体进度72%", "take": "all", f"m{link.pk}-said_due": "2024-99-99/day"},
    ):
        client = personas.client("lead")
        assert client.post(address(personas), sent, headers=HTMX).status_code == 200
        assert client.post(address(personas), sent).status_code == 200


def test_html_in_the_text_stays_text(personas: Personas, link: Milestone) -> None:
    page = read(personas, "<i>直联</i>进度30%，整体进度72%")
    assert "<i>" not in page


# --- taking over ----------------------------------------------------------------------------


def test_htmx_gets_the_field_that_was_taken_over(
    personas: Personas, link: Milestone, cashier: Milestone
) -> None:
    page = read(personas, "整体进度72%，工行直联进度55%", take=f"m{link.pk}|percent|55")
    pk = personas.project.pk
    assert f'name="m{link.pk}-percent" value="55"' in page
    # The field, the words of its date, its reason, its change, and the project's percent.
    assert page.count("hx-swap-oob") == 5
    assert f'id="p{pk}-m{link.pk}-percent"' in page
    assert f"m{cashier.pk}-percent" not in page
    assert "<textarea" not in page
    assert 'value="|percent|' in page  # the other one is still offered
    assert f'value="m{link.pk}|percent|55"' not in page


def test_later_date_puts_the_cursor_into_its_reason(personas: Personas, link: Milestone) -> None:
    page = read(personas, "预计7月31日上线", take=f"m{link.pk}|due_on|2024-07-31|day")
    assert 'value="2024-07-31"' in page
    assert "7 days later: why?" in page
    assert page.count("autofocus") == 1
    reason = {f"m{link.pk}-reason": "专线晚到"}
    page = read(personas, "预计7月31日上线", take="all", **reason)
    assert 'value="专线晚到"' in page
    assert "autofocus" not in page


def test_offer_that_is_gone_from_the_text_is_not_taken(personas: Personas, link: Milestone) -> None:
    page = read(personas, "进度50%", take=f"m{link.pk}|percent|80")
    assert "80" not in page
    assert "→ <strong>50%</strong>" in page


def test_without_javascript_the_whole_page_is_filled_in(
    personas: Personas, link: Milestone
) -> None:
    data = typed("整体进度72%，预计7月底交付；二期联调进度30%", take="all", risks="等专线")
    page = personas.client("lead").post(address(personas), data).content.decode()
    assert "<html" in page
    assert 'name="percent" value="72"' in page
    assert "等专线" in page
    assert 'name="new-name" value="二期联调"' in page
    assert 'name="new-percent" value="30"' in page
    assert not StatusEntry.objects.exists()


def test_several_new_milestones_each_get_a_line(personas: Personas, link: Milestone) -> None:
    page = read(personas, "交行直联进度20%，预计8月底上线\n三期联调进度10%", take="all")
    assert f'id="new_milestones_{personas.project.pk}"' in page
    for field in (
        'name="new-name" value="交行直联"',
        'name="new-due_on" value="2024-08-31"',
        'name="new-said_due" value="2024-08-31/month"',
        'name="new2-name" value="三期联调"',
        'name="new2-percent" value="10"',
    ):
        assert field in page
    fields = {"new-name": "建行直联", "new-percent": "5"}
    page = read(personas, "交行直联进度20%", take="all", **fields)
    assert 'name="new-name" value="建行直联"' in page
    assert 'name="new2-name" value="交行直联"' in page


def test_there_are_never_more_lines_than_a_form_has(personas: Personas, link: Milestone) -> None:
    text = "\n".join(f"{name}直联进度20%" for name in "甲乙丙丁戊己庚辛壬癸子丑")
    page = read(personas, text, take="all")
    assert "new10-name" in page
    assert "new11-name" not in page


# --- and saving -----------------------------------------------------------------------------


def test_precision_of_a_date_survives_taking_over_and_saving(
    personas: Personas, link: Milestone
) -> None:
    key = f"m{link.pk}"
    page = read(personas, "推迟到Q3上线", take="all")
    assert f'name="{key}-said_due" value="2024-09-30/quarter"' in page
    assert "Q3" in page
    fields = {f"{key}-due_on": "2024-09-30", f"{key}-said_due": "2024-09-30/quarter"}
    reason = {f"{key}-reason": "专线晚到"}
    client = personas.client("lead")
    saved = client.post(save_address(personas), typed("推迟到Q3上线", **fields, **reason))
    assert saved.status_code == 302
    change = ProgressChange.objects.filter(field=LedgerField.DUE_ON).last()
    assert change is not None
    assert (change.new_due_on, change.new_precision) == (date(2024, 9, 30), "quarter")


def test_day_that_is_picked_by_hand_afterwards_is_meant_as_a_day(
    personas: Personas, link: Milestone
) -> None:
    key = f"m{link.pk}"
    fields = {f"{key}-due_on": "2024-09-20", f"{key}-said_due": "2024-09-30/quarter"}
    reason = {f"{key}-reason": "专线晚到"}
    personas.client("lead").post(save_address(personas), typed("联调", **fields, **reason))
    link.refresh_from_db()
    assert (link.due_on, link.due_precision) == (date(2024, 9, 20), "day")


def test_month_can_become_its_last_day(personas: Personas) -> None:
    vague = make_milestone(personas.project, "验收", 40, date(2024, 7, 31), due_precision="month")
    key = f"m{vague.pk}"
    page = read(personas, "预计7月31日完成验收", take="all", **{f"{key}-due_on": "2024-07-31"})
    assert f'name="{key}-said_due" value="2024-07-31/day"' in page
    fields = {f"{key}-due_on": "2024-07-31", f"{key}-said_due": "2024-07-31/day"}
    opened = json.dumps({f"{key}-due_on": "2024-07-31", f"{key}-said_due": ""})
    data = typed("预计7月31日完成验收", opened=opened, **fields)
    personas.client("lead").post(save_address(personas), data)
    vague.refresh_from_db()
    assert vague.due_precision == "day"


def test_new_milestones_are_saved_with_the_precision_of_their_dates(personas: Personas) -> None:
    fields = {
        "new-name": "交行直联",
        "new-due_on": "2024-08-31",
        "new-said_due": "2024-08-31/month",
        "new2-name": "三期联调",
        "new2-percent": "10",
    }
    personas.client("lead").post(save_address(personas), typed("开工", **fields))
    first, second = Milestone.objects.all()
    assert (first.name, first.due_on, first.due_precision) == (
        "交行直联",
        date(2024, 8, 31),
        "month",
    )
    assert (second.name, second.percent) == ("三期联调", Decimal(10))


def test_open_form_shows_the_contradictions_of_its_entry(personas: Personas) -> None:
    make_entry(personas.project, text="已上线", percent=60)
    page = personas.client("lead").get(save_address(personas)).content.decode()
    assert "the text says “已上线”, the percent says 60%" in page


@pytest.mark.parametrize("milestones", [2, 40])
def test_number_of_queries_does_not_grow(personas: Personas, milestones: int) -> None:
    for number in range(milestones):
        make_milestone(personas.project, f"里程碑第{number}", 10)
    client = personas.client("lead")
    with CaptureQueriesContext(connection) as queries:
        client.post(address(personas), typed("整体进度72%"), headers=HTMX)
    assert len(queries) <= 13


# --- the reason of a step back ----------------------------------------------------------------


def reason_address(personas: Personas, milestone: int) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/milestones/{milestone}/reason/"


@pytest.mark.parametrize(
    ("percent", "due_on", "words"),
    [
        ("60", "2024-07-01", ""),
        ("80", "2024-06-20", ""),
        ("50", "2024-07-01", "Less than before: why?"),
        ("60", "2024-07-02", "1 day later: why?"),
        ("nonsense", "2024-07-31", "30 days later: why?"),
        ("nonsense", "nonsense", ""),
    ],
)
def test_reason_is_asked_for_when_there_is_something_to_explain(
    personas: Personas, percent: str, due_on: str, words: str
) -> None:
    milestone = make_milestone(personas.project, percent=60, due_on=date(2024, 7, 1))
    before = ProgressChange.objects.count()
    data = {f"m{milestone.pk}-percent": percent, f"m{milestone.pk}-due_on": due_on}
    response = personas.client("lead").get(reason_address(personas, milestone.pk), data)
    assert texts(response, f"#milestone_reason_{milestone.pk} label") == ([words] if words else [])
    assert len(elements(response, "input")) == bool(words)
    assert ProgressChange.objects.count() == before


def test_reason_that_was_typed_stays(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=60)
    data = {f"m{milestone.pk}-percent": "50", f"m{milestone.pk}-reason": "补测试用例"}
    response = personas.client("lead").get(reason_address(personas, milestone.pk), data)
    assert element(response, "input")["value"] == "补测试用例"
