"""What a check-in changes in milestones: their ledger, their reasons, and dropped ones."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.checkin import worklist
from projects.checkin.milestone_updates import MilestoneUpdate, ReasonMissing
from projects.models import (
    AuditRecord,
    EntrySource,
    LedgerField,
    Milestone,
    Project,
    StatusEntry,
)
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import (
    NOW,
    WEEK,
    make_cycle,
    make_milestone,
    make_objective,
    make_project,
    make_stage,
    make_team,
    make_user,
)
from tests.projects.checkin.check_ins import report, rows

pytestmark = pytest.mark.django_db

LAST_WEEK = WEEK - ONE_WEEK
DUE = date(2024, 7, 10)


@pytest.fixture
def project() -> Project:
    team = make_team()
    return make_project(team, objective=make_objective(make_cycle(team)), lead=make_user(team=team))


class TestDropped:
    """A milestone that is closed below 100% is out of the reckoning, and nothing brings it back."""

    @pytest.fixture
    def dropped(self, project: Project) -> Milestone:
        make_milestone(project, "开发", percent=80, week=LAST_WEEK)
        milestone = make_milestone(project, "海外版", percent=20, due_on=DUE, week=LAST_WEEK)
        milestone.closed_at = NOW
        milestone.save()
        return milestone

    @pytest.mark.usefixtures("dropped")
    def test_dropped_milestone_no_longer_counts_from_its_week_on(self, project: Project) -> None:
        assert report(project, week=LAST_WEEK).weighted_percent == 50
        assert report(project).weighted_percent == 80
        # The form says what will be saved.
        assert worklist.assignment_of(project, LAST_WEEK).weighted_percent == 50
        assert worklist.assignment_of(project, WEEK).weighted_percent == 80

    def test_stale_form_does_not_reopen_it(self, project: Project, dropped: Milestone) -> None:
        report(project, MilestoneUpdate(dropped.name, dropped.pk, Decimal(30)))

        dropped.refresh_from_db()
        assert (dropped.percent, dropped.closed_at) == (Decimal(30), NOW)

    def test_new_line_of_its_name_reopens_it(self, project: Project, dropped: Milestone) -> None:
        entry = report(project, MilestoneUpdate(dropped.name, due_on=DUE))

        dropped.refresh_from_db()
        assert (dropped.percent, dropped.closed_at) == (Decimal(20), None)
        assert entry.weighted_percent == 50
        assert AuditRecord.objects.get().action == "milestone.reopen"

    def test_100_makes_it_done(self, project: Project, dropped: Milestone) -> None:
        entry = report(project, MilestoneUpdate(dropped.name, dropped.pk, Decimal(100)))

        dropped.refresh_from_db()
        assert (dropped.is_done, dropped.is_dropped) == (True, False)
        assert entry.weighted_percent == 90


class TestLedger:
    def test_each_change_writes_one_row(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE, week=LAST_WEEK)
        later = DUE + timedelta(days=10)

        report(
            project,
            MilestoneUpdate(milestone.name, milestone.pk, Decimal(55), later, reason=" 等专线 "),
        )

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(55), later)
        percent, due = (rows(milestone, field)[1:] for field in LedgerField)
        assert [(r.old_percent, r.new_percent, r.reason) for r in percent] == [
            (Decimal(40), Decimal(55), "等专线")
        ]
        assert [(r.old_due_on, r.new_due_on, r.slip_days) for r in due] == [(DUE, later, 10)]

    def test_milestone_that_is_not_named_keeps_its_values(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE)

        report(project, MilestoneUpdate(milestone.name, milestone.pk))

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(40), DUE)
        assert milestone.changes.count() == 2

    def test_more_precise_date_of_the_same_day_is_a_move_of_no_days(self, project: Project) -> None:
        milestone = make_milestone(project, due_on=date(2024, 7, 31), due_precision="month")

        report(project, MilestoneUpdate(milestone.name, due_on=date(2024, 7, 31)))

        first, second = rows(milestone, LedgerField.DUE_ON)
        assert (first.new_precision, second.new_precision, second.slip_days) == ("month", "day", 0)

    def test_stage_is_not_in_the_ledger(self, project: Project) -> None:
        milestone, stage = make_milestone(project, percent=40), make_stage(project.team)

        report(project, MilestoneUpdate(milestone.name, stage_id=stage.pk))

        milestone.refresh_from_db()
        assert (milestone.stage, milestone.changes.count()) == (stage, 1)

    def test_milestone_of_another_project_is_refused(self, project: Project) -> None:
        other = make_milestone(make_project(project.team, "POS"), percent=40)

        with pytest.raises(Milestone.DoesNotExist):
            report(project, MilestoneUpdate(other.name, other.pk, Decimal(50)))


class TestReasons:
    @pytest.mark.parametrize(
        "update",
        [
            MilestoneUpdate("一期上线", percent=Decimal("39.99")),
            MilestoneUpdate("一期上线", due_on=DUE + timedelta(days=1), reason="  "),
        ],
        ids=["a lower percent", "a later date"],
    )
    def test_without_a_reason_nothing_is_saved(
        self, project: Project, update: MilestoneUpdate
    ) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE, week=LAST_WEEK)
        new = MilestoneUpdate("二期", percent=Decimal(5))

        with pytest.raises(ReasonMissing) as missing:
            report(project, new, update)

        assert missing.value.names == (milestone.name,)
        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(40), DUE)
        assert milestone.changes.count() == 2
        assert not StatusEntry.objects.exists()
        assert project.milestones.count() == 1

    def test_all_milestones_without_their_reason_are_named(self, project: Project) -> None:
        for name in ("开发", "测试"):
            make_milestone(project, name, percent=40)

        with pytest.raises(ReasonMissing) as missing:
            report(
                project,
                MilestoneUpdate("开发", percent=Decimal(30)),
                MilestoneUpdate("测试", percent=Decimal(20)),
            )

        assert missing.value.names == ("开发", "测试")

    def test_step_forward_needs_no_reason(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE)

        report(project, MilestoneUpdate(milestone.name, None, Decimal(60), DUE - timedelta(days=3)))

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(60), DUE - timedelta(days=3))

    def test_imported_page_needs_no_reason(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40)

        report(
            project,
            MilestoneUpdate(milestone.name, percent=Decimal(30)),
            source=EntrySource.IMPORTED,
        )

        assert rows(milestone, LedgerField.PERCENT)[-1].reason == ""
