"""A save that is undone: values come back, the ledger keeps both rows, and neither counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.checkin import ledger, questions, recording, undoing
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.conflicts import EditConflict
from projects.models import (
    AuditRecord,
    Health,
    Milestone,
    ProgressChange,
    Project,
    StatusEntry,
    User,
    WeekFacts,
)
from reports.pages import live
from tests.factories import (
    NOW,
    WEEK,
    make_entry,
    make_milestone,
    make_project,
    make_question,
    make_stage,
    make_team,
    make_user,
)
from tests.projects.checkin.check_ins import report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

DUE, LATER = date(2024, 7, 10), date(2024, 8, 20)
LAST_WEEK = WEEK - timedelta(days=7)


@pytest.fixture
def project() -> Project:
    team = make_team()
    return make_project(team, lead=make_user(team=team))


@pytest.fixture
def lead(project: Project) -> User:
    assert project.lead
    return project.lead


def undo(project: Project, entry: StatusEntry, by: User) -> StatusEntry | None:
    return undoing.undo(project, WEEK, revision=entry.revision, by=by)


def test_the_first_save_is_gone_and_leaves_a_trace(project: Project, lead: User) -> None:
    entry = report(project, text="误存", percent=Decimal(90))
    assert undo(project, entry, lead) is None
    assert not StatusEntry.objects.exists()
    record = AuditRecord.objects.get(action="entry.undo")
    assert (record.by, record.before["text"], record.after) == (lead, "误存", {})


def test_an_earlier_save_of_the_week_comes_back(project: Project, lead: User) -> None:
    first = report(project, text="联调", percent=Decimal(60))
    check_in = CheckIn("误存", Health.OFF_TRACK, make_stage(project.team).pk, "风险", Decimal(70))
    entry = recording.record(project, WEEK, check_in, by=lead)
    restored = undo(project, entry, lead)
    assert restored
    restored.refresh_from_db()
    assert (restored.pk, restored.text, restored.health) == (first.pk, "联调", Health.ON_TRACK)
    assert (restored.percent, restored.stage, restored.risks) == (Decimal(60), None, "")
    assert restored.revision == entry.revision + 1


def test_a_move_that_was_undone_is_no_slip(project: Project, lead: User) -> None:
    milestone = make_milestone(project, percent=50, due_on=DUE, week=LAST_WEEK)
    update = MilestoneUpdate("", milestone.pk, Decimal(40), LATER, reason="供应商延期")
    entry = report(project, update)
    assert ledger.slips([project])
    undo(project, entry, lead)
    milestone.refresh_from_db()
    assert (milestone.percent, milestone.due_on) == (Decimal(50), DUE)
    assert not ledger.slips([project])
    (page_entry,) = live.compile_page(project.team, WEEK).entries
    assert (page_entry.due_on, page_entry.slips, page_entry.moves) == (DUE, 0, ())
    undone = ProgressChange.objects.filter(is_undone=True).order_by("pk")
    assert [
        (row.undoes_id is not None, row.new_due_on) for row in undone if row.field == "due_on"
    ] == [
        (False, LATER),
        (True, DUE),
    ]


def test_a_first_value_and_a_new_milestone_are_taken_away(project: Project, lead: User) -> None:
    milestone = make_milestone(project, "联调", week=LAST_WEEK)
    entry = report(
        project,
        MilestoneUpdate("", milestone.pk, Decimal(30), DUE),
        MilestoneUpdate("灰度", percent=Decimal(10)),
    )
    undo(project, entry, lead)
    milestone.refresh_from_db()
    assert (milestone.percent, milestone.due_on) == (None, None)
    assert list(Milestone.objects.values_list("name", flat=True)) == ["联调"]
    report(project, MilestoneUpdate("", milestone.pk, Decimal(40), LATER))
    assert not ledger.slips([project])


def test_a_milestone_that_was_done_by_it_is_open_again(project: Project, lead: User) -> None:
    milestone = make_milestone(project, percent=50, week=LAST_WEEK)
    entry = report(project, MilestoneUpdate("", milestone.pk, Decimal(100)))
    undo(project, entry, lead)
    milestone.refresh_from_db()
    assert (milestone.percent, milestone.closed_at) == (Decimal(50), None)


def test_answers_given_beside_it_are_open_again(project: Project, lead: User) -> None:
    question = make_question(project, make_user("manager", team=project.team))
    entry = recording.submit(
        project,
        WEEK,
        CheckIn("联调", Health.ON_TRACK),
        answers=[(question, "下周")],
        by=lead,
        expected_revision=0,
    )
    undo(project, entry, lead)
    question.refresh_from_db()
    assert (question.answer, question.answered_at) == ("", None)
    questions.answer(question, "这周", by=lead)


def test_no_change_is_undone_too(project: Project, lead: User) -> None:
    make_entry(project, LAST_WEEK, "联调")
    entry = recording.confirm_unchanged(project, WEEK, by=lead)
    undo(project, entry, lead)
    assert StatusEntry.objects.get().week == LAST_WEEK


def test_once_and_by_whoever_saved_it(project: Project, lead: User) -> None:
    entry = report(project, text="误存")
    with pytest.raises(undoing.NothingToUndo):
        undo(project, entry, make_user("manager", team=project.team))
    undo(project, entry, lead)
    with pytest.raises(undoing.NothingToUndo):
        undo(project, entry, lead)


def test_not_when_somebody_has_changed_it_since(project: Project, lead: User) -> None:
    milestone = make_milestone(project, percent=50, due_on=DUE, week=LAST_WEEK)
    entry = report(project, MilestoneUpdate("", milestone.pk, Decimal(60)))
    milestone.refresh_from_db()
    ledger.change_percent(milestone, Decimal(70), week=WEEK, at=NOW)
    with pytest.raises(EditConflict):
        undo(project, entry, lead)
    other = report(project, text="又改了")
    with pytest.raises(EditConflict):
        undo(project, entry, lead)
    assert other.revision == entry.revision + 1


def test_pages_are_compiled_anew(project: Project, lead: User) -> None:
    entry = report(project)
    before = WeekFacts.objects.get(week=WEEK).revision
    undo(project, entry, lead)
    assert WeekFacts.objects.get(week=WEEK).revision > before
