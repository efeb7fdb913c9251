"""What is sent for something that somebody has removed meanwhile is answered with a sentence.

The row goes after the form was opened, or after the view has read it and before it is locked: each
form of ``tests/writing_forms.py``, and each button. Nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
import time_machine
from django.db import connection, transaction
from django.db.transaction import Atomic

from projects.models import (
    Alias,
    Comment,
    Cycle,
    DayException,
    Deputy,
    Incident,
    Invitation,
    KeyResult,
    Membership,
    Metric,
    MetricAlias,
    MetricMerge,
    Milestone,
    Objective,
    PlannedItem,
    Project,
    ProjectMerge,
    Question,
    Reading,
    Stage,
    StatusEntry,
)
from reports.models import (
    Channel,
    ImportBatch,
    ImportDoubt,
    ImportPage,
    PageImport,
    Section,
    Subscriber,
)
from tests.addresses import WHO, patterns
from tests.every_address.test_overwriting import fill, make_world, open_form
from tests.factories import NOW, WEEK, make_metric
from tests.html import element, form_data, texts
from tests.writing_forms import EDITS, Edit, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

# The row that an address names last, by the name of its key there.
MODELS: Final[dict[str, type[Any]]] = {
    "project_id": Project,
    "alias_id": Alias,
    "project_merge_id": ProjectMerge,
    "milestone_id": Milestone,
    "question_id": Question,
    "comment_id": Comment,
    "item_id": PlannedItem,
    "section_id": Section,
    "objective_id": Objective,
    "cycle_id": Cycle,
    "metric_id": Metric,
    "metric_alias_id": MetricAlias,
    "metric_merge_id": MetricMerge,
    "key_result_id": KeyResult,
    "incident_id": Incident,
    "stage_id": Stage,
    "day_exception_id": DayException,
    "channel_id": Channel,
    "import_id": PageImport,
    "doubt_id": ImportDoubt,
    "page_id": ImportPage,
    "batch_id": ImportBatch,
    "membership_id": Membership,
    "deputy_id": Deputy,
    "invitation_id": Invitation,
    "subscriber_id": Subscriber,
}
# What each form of ``EDITS`` changes: model, and name of its key in the world. Teams and people are
# not here: nobody removes them.
ROWS: Final[dict[str, tuple[type[Any], str]]] = {
    "projects:project_settings": (Project, "project_id"),
    "projects:project_place": (Project, "project_id"),
    "projects:objective_edit": (Objective, "objective_id"),
    "projects:key_result_edit": (KeyResult, "key_result_id"),
    "projects:key_result_readings": (KeyResult, "key_result_id"),
    "projects:cycle_edit": (Cycle, "cycle_id"),
    "projects:metric_edit": (Metric, "metric_id"),
    "projects:metric_list": (Metric, "metric_id"),
    "projects:incident_edit": (Incident, "incident_id"),
    "projects:incident_review": (Incident, "incident_id"),
    "projects:stage_list": (Stage, "stage_id"),
    "projects:member_roles": (Membership, "membership_id"),
    "projects:milestone_rows": (Milestone, "milestone_id"),
    "projects:project_checkin": (Project, "project_id"),
    "projects:planned_item_outcome": (PlannedItem, "item_id"),
    "reports:page_edit": (Section, "section_id"),
    "reports:page_outcome": (PlannedItem, "item_id"),
    "reports:channel_edit": (Channel, "channel_id"),
}
MOMENTS: Final = ("now", "later")
# Forms that have another answer, by the moment.
_ANSWERS_OF_THEIR_OWN: Final = {
    # The other numbers are saved, and what was typed for the metric is named.
    ("projects:metric_list", "now"): 302,
    ("projects:metric_list", "later"): 302,
    # As with the metrics: the rest of the list is saved, and what was typed for the row is named.
    **{
        (f"projects:{name}", moment): 302
        for name in ("key_result_readings", "stage_list", "member_roles", "milestone_rows")
        for moment in MOMENTS
    },
    # The words come back as those of a new section.
    ("reports:page_edit", "now"): 422,
    ("reports:page_edit", "later"): 422,
}
# The form has a secret in it.
_NOT_REPEATED: Final = {"reports:channel_edit"}


@pytest.fixture(scope="module")
def module_world(module_rows: None) -> World:
    with time_machine.travel(NOW, tick=False):
        return make_world()


@pytest.fixture
def world(module_world: World) -> World:
    """With browsers that have kept nothing of another test."""
    personas = module_world.personas
    sessions = (personas.client("manager"), personas.client("manager"))
    return replace(module_world, sessions=sessions)


class Removal:
    """Removes a row once: now, or when the next transaction begins."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting: list[Any] = []
        begin = Atomic.__enter__

        def remove_first(atomic: Atomic) -> None:
            while self.waiting:
                self.now(self.waiting.pop())
            begin(atomic)

        monkeypatch.setattr(Atomic, "__enter__", remove_first)

    def now(self, rows: Any) -> None:
        """A metric is removed with the key results that measure it."""
        if rows.model is Metric:
            KeyResult.objects.filter(metric__in=rows).delete()
        rows.delete()

    def later(self, rows: Any) -> None:
        self.waiting = [rows]


@pytest.fixture
def removal(monkeypatch: pytest.MonkeyPatch) -> Removal:
    return Removal(monkeypatch)


def rolled_back(send: Callable[[], Any]) -> Any:
    """The answer, in a transaction that is taken back: what the database would say at its end."""
    with transaction.atomic():
        answer = send()
        connection.check_constraints()
        transaction.set_rollback(True)
    return answer


def test_form_of_a_row_that_was_removed_keeps_what_was_typed(
    world: World, removal: Removal
) -> None:
    for edit in EDITS:
        if edit.address not in ROWS:
            continue
        sent = fill(world, open_form(world, edit), edit.first, 0)
        for moment in MOMENTS:
            assert_typed_is_kept(world, removal, edit, sent, moment)


def assert_typed_is_kept(
    world: World, removal: Removal, edit: Edit, sent: Any, moment: str
) -> None:
    def send() -> Any:
        model, key = ROWS[edit.address]
        getattr(removal, moment)(model.objects.filter(pk=world.key(key)))
        return world.sessions[0].post(world.address(edit.address), sent)

    answer, where = rolled_back(send), (edit.address, moment)
    if status := _ANSWERS_OF_THEIR_OWN.get(where):
        assert answer.status_code == status, where
        return
    assert answer.status_code == 404, where
    assert texts(answer, "h1") == ["This is no longer here"], where
    typed = sent[edit.first.name.format(**world.values)]
    shown = texts(answer, "textarea.typed")
    assert (typed in shown) == (edit.address not in _NOT_REPEATED), where


@pytest.mark.parametrize("moment", MOMENTS)
def test_button_of_a_row_that_was_removed_is_answered(
    world: World, removal: Removal, moment: str
) -> None:
    client = world.personas.client("manager")
    for pattern in patterns():
        for key in pattern.parameters & MODELS.keys() if WHO[pattern.name].writes else ():
            rows = MODELS[key].objects.filter(pk=world.key(key))

            def send(rows: Any = rows, address: str = world.address(pattern.name)) -> Any:
                getattr(removal, moment)(rows)
                return client.post(address)

            answer = rolled_back(send)
            assert answer.status_code in (302, 404, 422), pattern.name


def test_number_typed_for_a_metric_that_is_gone_is_named(world: World) -> None:
    """The other numbers are saved."""
    edit = next(edit for edit in EDITS if edit.address == "projects:metric_list")
    other = make_metric(world.personas.team, "日均笔数")
    form = open_form(world, edit)
    KeyResult.objects.all().delete()
    Metric.objects.filter(pk=world.key("metric_id")).delete()
    sent = {**form, f"m{world.key('metric_id')}-value": "41", f"m{other.pk}-value": "7"}
    answer = world.sessions[0].post(world.address(edit.address), sent, follow=True)
    assert texts(answer, "p.notice.warning") == [
        "Not saved, because somebody has removed what it was typed for: 41"
    ]
    assert Reading.objects.get().value == 7


def test_number_typed_for_a_milestone_that_is_gone_is_named_once(world: World) -> None:
    """Sent again, the rest of the entry is saved."""
    client = world.personas.client("lead")
    address = world.address("projects:project_checkin")
    form = form_data(element(client.get(address), "form.checkin"))
    milestone = world.key("milestone_id")
    Milestone.objects.filter(pk=milestone).delete()
    sent = {**form, "text": "联调完成", f"m{milestone}-percent": "55"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert texts(answer, ".notice.bad li") == [
        "Not saved, because somebody has removed what it was typed for: 55"
    ]
    again = form_data(element(answer, "form.checkin"))
    assert client.post(address, again).status_code == 302
    entry = StatusEntry.objects.get(project=world.personas.project, week=WEEK)
    assert entry.text == "联调完成"
