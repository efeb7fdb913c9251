"""The write path: one entry with its ledger rows, or nothing."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from projects.checkin import ledger, recording
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.conflicts import EditConflict, as_text
from projects.models import (
    Health,
    LedgerField,
    Milestone,
    ProgressChange,
    Project,
    StatusEntry,
    WeekFacts,
)
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_entry,
    make_milestone,
    make_objective,
    make_project,
    make_stage,
    make_team,
    make_user,
)
from tests.projects.checkin.check_ins import report, rows, standings

pytestmark = pytest.mark.django_db

LAST_WEEK = WEEK - ONE_WEEK
DUE = date(2024, 7, 10)


@pytest.fixture
def project() -> Project:
    team = make_team()
    return make_project(team, objective=make_objective(make_cycle(team)), lead=make_user(team=team))


class TestFirstCheckIn:
    def test_makes_the_entry(self, project: Project) -> None:
        stage = make_stage(project.team)
        check_in = CheckIn("联调进行中", Health.AT_RISK, stage.pk, "专线未到", Decimal("62.5"))

        entry = recording.record(project, WEEK, check_in, by=project.lead, at=NOW)

        entry.refresh_from_db()
        assert (entry.text, entry.health, entry.stage, entry.risks) == (
            "联调进行中",
            "at_risk",
            stage,
            "专线未到",
        )
        assert (entry.percent, entry.weighted_percent) == (Decimal("62.5"), None)
        assert (entry.author, entry.reported_at, entry.source) == (project.lead, NOW, "reported")
        assert (entry.revision, entry.team) == (1, project.team)

    def test_notes_where_the_project_stands(self, project: Project) -> None:
        project.is_focus = True
        project.save()

        entry = report(project)

        assert (entry.objective, entry.is_focus) == (project.objective, True)

    def test_makes_milestones_with_their_first_ledger_rows(self, project: Project) -> None:
        update = MilestoneUpdate("一期上线", percent=Decimal(40), due_on=DUE, due_precision="month")

        report(project, update)

        milestone = project.milestones.get()
        assert (milestone.name, milestone.percent) == ("一期上线", Decimal(40))
        assert (milestone.due_on, milestone.due_precision) == (DUE, "month")
        [percent], [due] = rows(milestone, LedgerField.PERCENT), rows(milestone, LedgerField.DUE_ON)
        assert (percent.old_percent, percent.new_percent) == (None, Decimal(40))
        assert (due.old_due_on, due.new_due_on, due.new_precision) == (None, DUE, "month")
        assert {(row.week, row.by, row.at) for row in (percent, due)} == {(WEEK, project.lead, NOW)}

    def test_known_name_makes_no_second_milestone(self, project: Project) -> None:
        milestone = make_milestone(project, percent=10, week=LAST_WEEK)

        report(project, MilestoneUpdate(f" {milestone.name} ", percent=Decimal(30)))

        assert project.milestones.get().percent == 30

    def test_week_that_is_no_monday_is_refused(self, project: Project) -> None:
        with pytest.raises(ValueError, match="not a Monday"):
            report(project, week=WEEK + timedelta(days=1))


class TestPercent:
    def test_without_a_reported_percent_it_is_the_mean_by_weight(self, project: Project) -> None:
        make_milestone(project, "开发", percent=90, weight=2)
        make_milestone(project, "测试", percent=10)
        make_milestone(project, "上线", due_on=DUE, weight=7)  # nobody said how far it is

        entry = report(project)

        assert entry.percent == entry.weighted_percent == Decimal("63.33")

    def test_reported_percent_stands_beside_the_mean(self, project: Project) -> None:
        make_milestone(project, percent=60)

        entry = report(project, percent=Decimal(100))

        assert (entry.percent, entry.weighted_percent) == (Decimal(100), Decimal(60))

    def test_100_closes_a_milestone_and_less_opens_it_again(self, project: Project) -> None:
        milestone = make_milestone(project, percent=80)

        report(project, MilestoneUpdate(milestone.name, percent=Decimal(100)))
        milestone.refresh_from_db()
        assert milestone.closed_at == NOW

        report(project, MilestoneUpdate(milestone.name, percent=Decimal(95), reason="发现漏测"))
        milestone.refresh_from_db()
        assert milestone.closed_at is None


class TestSavingAgain:
    def test_same_check_in_twice_changes_nothing(self, project: Project) -> None:
        update = MilestoneUpdate("一期上线", percent=Decimal("33.333"), due_on=DUE)
        first = report(project, update, percent=Decimal("44.444"), expected_revision=0)
        before = WeekFacts.objects.get(team=project.team, week=WEEK).revision

        again = report(project, update, percent=Decimal("44.444"), expected_revision=0)

        assert (again.pk, again.revision) == (first.pk, 1)
        assert ProgressChange.objects.count() == 2
        assert WeekFacts.objects.get(team=project.team, week=WEEK).revision == before

    def test_change_raises_the_revision(self, project: Project) -> None:
        report(project)

        entry = report(project, text="已提测", expected_revision=1)

        assert (entry.revision, entry.text) == (2, "已提测")
        assert StatusEntry.objects.count() == 1

    @pytest.mark.parametrize("opened_with", [0, 1])
    def test_without_what_the_form_showed_a_newer_entry_is_a_conflict(
        self, project: Project, opened_with: int
    ) -> None:
        report(project)
        report(project, text="已提测")

        with pytest.raises(EditConflict) as conflict:
            report(
                project,
                MilestoneUpdate("一期上线", percent=Decimal(1)),
                text="待排期",
                expected_revision=opened_with,
            )

        assert conflict.value.theirs["text"] == "已提测"
        assert StatusEntry.objects.get().text == "已提测"
        assert not Milestone.objects.exists()

    def test_fields_that_only_one_of_two_has_changed_are_merged(self, project: Project) -> None:
        shown = {name: as_text(value) for name, value in report(project).reported().items()}
        report(project, text="已提测")
        check_in = CheckIn(text="联调进行中", health=Health.AT_RISK, risks="专线未到")

        entry = recording.record(
            project, WEEK, check_in, by=project.lead, expected_revision=1, opened=shown
        )

        assert (entry.text, entry.health, entry.risks) == ("已提测", Health.AT_RISK, "专线未到")
        assert entry.revision == 3

    def test_field_that_both_have_changed_is_a_conflict(self, project: Project) -> None:
        shown = {name: as_text(value) for name, value in report(project).reported().items()}
        report(project, text="已提测")
        check_in = CheckIn(text="待排期", health=Health.AT_RISK)

        with pytest.raises(EditConflict) as conflict:
            recording.record(
                project, WEEK, check_in, by=project.lead, expected_revision=1, opened=shown
            )

        assert conflict.value.theirs == {"text": "已提测"}
        assert StatusEntry.objects.get().health == Health.ON_TRACK

    def test_changed_milestone_is_a_change(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40)
        report(project)

        entry = report(project, MilestoneUpdate(milestone.name, percent=Decimal(50)))

        assert (entry.revision, entry.percent) == (2, Decimal(50))


class TestLateReport:
    def test_newer_week_keeps_its_value(self, project: Project) -> None:
        milestone = make_milestone(project, percent=20, due_on=DUE, week=LAST_WEEK - ONE_WEEK)
        ledger.change_percent(milestone, Decimal(70), week=WEEK, at=NOW)

        entry = report(
            project,
            MilestoneUpdate(milestone.name, percent=Decimal(50), due_on=DUE - timedelta(days=2)),
            week=LAST_WEEK,
        )

        milestone.refresh_from_db()
        assert milestone.percent == 70
        # Nothing newer was said of the date.
        assert milestone.due_on == DUE - timedelta(days=2)
        assert entry.percent == 50
        late = rows(milestone, LedgerField.PERCENT)[-1]
        assert (late.week, late.old_percent, late.new_percent) == (
            LAST_WEEK,
            Decimal(20),
            Decimal(50),
        )
        standing = standings(project, WEEK)[milestone.pk]
        assert (standing.percent, standing.due_on) == (Decimal(70), DUE - timedelta(days=2))

    def test_reason_is_required_by_what_was_known_then(self, project: Project) -> None:
        milestone = make_milestone(project, percent=20, week=LAST_WEEK)
        ledger.change_percent(milestone, Decimal(70), week=WEEK, at=NOW)

        report(project, MilestoneUpdate(milestone.name, percent=Decimal(30)), week=LAST_WEEK)

        assert rows(milestone, LedgerField.PERCENT)[-1].new_percent == 30

    def test_entry_of_a_past_week_stays_under_its_objective(self, project: Project) -> None:
        before = project.objective
        report(project, week=LAST_WEEK - ONE_WEEK)
        assert before is not None
        project.objective, project.is_focus = make_objective(before.cycle, "O3"), True
        project.save()

        corrected = report(project, week=LAST_WEEK - ONE_WEEK, text="已提测")
        late = report(project, week=LAST_WEEK)
        present = report(project, week=WEEK)

        assert [e.objective for e in (corrected, late, present)] == [
            before,
            before,
            project.objective,
        ]
        assert [e.is_focus for e in (corrected, late, present)] == [False, False, True]

    @pytest.mark.parametrize("is_carried", [True, False])
    def test_move_into_the_next_cycle_waits_until_it_begins(
        self, project: Project, is_carried: bool
    ) -> None:
        before = project.objective
        report(project, week=LAST_WEEK)
        next_cycle = make_cycle(project.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
        project.objective = make_objective(next_cycle, "O3")
        project.objective.carried_from = before if is_carried else None
        project.objective.save()
        project.save()

        assert report(project, week=WEEK).objective == before
        begun = datetime(2024, 7, 1, 2, tzinfo=UTC)
        later = recording.record(project, date(2024, 7, 1), CheckIn("", "done"), by=None, at=begun)
        assert later.objective == project.objective

    @pytest.mark.usefixtures("now")
    def test_pages_of_all_weeks_since_become_stale(self, project: Project) -> None:
        report(project, week=LAST_WEEK)

        stale = WeekFacts.objects.order_by("week").values_list("week", flat=True)
        assert list(stale) == [LAST_WEEK, WEEK, WEEK + ONE_WEEK]


class TestConfirmUnchanged:
    def test_copies_the_latest_entry(self, project: Project) -> None:
        make_entry(project, LAST_WEEK - ONE_WEEK, "待排期", percent=10)
        make_entry(project, LAST_WEEK, "已提测", percent=80, health=Health.AT_RISK)

        entry = recording.confirm_unchanged(project, WEEK, by=project.lead, at=NOW)

        assert (entry.text, entry.percent, entry.health) == ("已提测", Decimal(80), "at_risk")
        assert (entry.source, entry.author) == ("confirmed", project.lead)

    def test_does_not_copy_the_percent_of_the_milestones(self, project: Project) -> None:
        make_milestone(project, "开发", percent=80, week=LAST_WEEK)
        milestone = make_milestone(project, "海外版", percent=20, week=LAST_WEEK)
        report(project, week=LAST_WEEK)
        milestone.closed_at = NOW
        milestone.save()

        entry = recording.confirm_unchanged(project, WEEK, by=project.lead, at=NOW)

        assert entry.percent == entry.weighted_percent == 80

    def test_leaves_an_entry_of_the_week_as_it_is(self, project: Project) -> None:
        reported = make_entry(project, WEEK, "已提测")

        entry = recording.confirm_unchanged(project, WEEK, by=project.lead, at=NOW)

        assert (entry.pk, entry.revision, entry.source) == (reported.pk, 1, "reported")

    def test_without_an_earlier_entry_is_refused(self, project: Project) -> None:
        with pytest.raises(recording.NothingToConfirm):
            recording.confirm_unchanged(project, WEEK, by=project.lead)


@pytest.mark.parametrize("history", [1, 40])
def test_number_of_queries_does_not_grow_with_history(
    project: Project, history: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    milestone = make_milestone(project, percent=1, week=WEEK - history * ONE_WEEK)
    for weeks_ago in range(history, 0, -1):
        week = WEEK - weeks_ago * ONE_WEEK
        make_entry(project, week)
        ledger.change_percent(milestone, Decimal(history - weeks_ago + 2), week=week)
    update = MilestoneUpdate(milestone.name, milestone.pk, Decimal(99))

    with django_assert_num_queries(15):
        report(project, update)


@pytest.mark.django_db(transaction=True)
def test_one_of_two_at_the_same_moment_gets_a_conflict(project: Project) -> None:
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def submit(text: str) -> None:
        try:
            start.wait(timeout=10)
            report(
                project,
                MilestoneUpdate("一期上线", percent=Decimal(len(text))),
                text=text,
                expected_revision=0,
            )
            outcomes.append("saved")
        except EditConflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=submit, args=(text,)) for text in ("已提测", "联调中断")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(outcomes) == ["conflict", "saved"]
    assert StatusEntry.objects.count() == Milestone.objects.count() == 1
    assert ProgressChange.objects.count() == 1
