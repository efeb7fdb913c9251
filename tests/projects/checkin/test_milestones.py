"""Milestones changed by name: each change leaves its trace, and the present week follows it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.checkin import ledger, milestones, recording
from projects.checkin.milestone_updates import ReasonMissing
from projects.conflicts import DecidedAlready
from projects.models import AuditRecord, LedgerField, Milestone, Project, StatusEntry, WeekFacts
from tests.factories import (
    WEEK,
    make_entry,
    make_milestone,
    make_project,
    make_stage,
    make_team,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

LAST_WEEK = WEEK - timedelta(days=7)
DUE = date(2024, 7, 31)


@pytest.fixture
def project() -> Project:
    team = make_team()
    return make_project(team, lead=make_user(team=team))


def order(project: Project) -> list[str]:
    return [milestone.name for milestone in Milestone.objects.filter(project=project)]


def weighted(project: Project) -> tuple[Decimal | None, Decimal | None]:
    entry = StatusEntry.objects.get(project=project, week=WEEK)
    return entry.percent, entry.weighted_percent


def the_record() -> AuditRecord:
    return AuditRecord.objects.get()


class TestAdd:
    def test_new_milestone_is_the_last_with_its_first_ledger_rows(self, project: Project) -> None:
        make_milestone(project, "一期")
        stage = make_stage(project.team)

        made = milestones.add(
            project,
            " 二期 ",
            weight=3,
            stage=stage,
            percent=Decimal(5),
            due_on=DUE,
            by=project.lead,
        )

        made.refresh_from_db()
        assert order(project) == ["一期", "二期"]
        assert (made.weight, made.stage, made.percent, made.due_on) == (3, stage, 5, DUE)
        rows = [(row.field, row.week, row.by) for row in made.changes.all()]
        assert rows == [(field, WEEK, project.lead) for field in ("percent", "due_on")]
        assert (the_record().action, the_record().by) == ("milestone.add", project.lead)
        assert WeekFacts.objects.get(week=WEEK).revision == 1

    def test_second_milestone_of_a_name_is_refused(self, project: Project) -> None:
        make_milestone(project, "一期")

        with pytest.raises(milestones.MilestoneNameTaken):
            milestones.add(project, " 一期", by=None)

    @pytest.mark.parametrize(("name", "weight"), [(" ", 1), ("二期", 0)])
    def test_blank_name_and_weight_below_1_are_refused(
        self, project: Project, name: str, weight: int
    ) -> None:
        with pytest.raises(ValueError, match="milestone"):
            milestones.add(project, name, weight=weight, by=None)

        assert not Milestone.objects.exists()


class TestChange:
    def test_audit_has_the_values_before_and_after(self, project: Project) -> None:
        milestone, stage = make_milestone(project, "一期"), make_stage(project.team)

        typed = {"name": "一期上线", "weight": 4, "stage": stage}
        milestones.change_all(project, {milestone.pk: typed}, by=project.lead)

        milestone.refresh_from_db()
        assert (milestone.name, milestone.weight, milestone.stage) == ("一期上线", 4, stage)
        records = {r.action: (r.before, r.after) for r in AuditRecord.objects.all()}
        assert records == {
            "milestone.rename": ({"name": "一期"}, {"name": "一期上线"}),
            "milestone.reweight": ({"weight": 1}, {"weight": 4}),
            "milestone.stage": ({"stage": None}, {"stage": "研发"}),
        }

    def test_same_values_are_no_change(self, project: Project) -> None:
        milestone = make_milestone(project, "一期")

        typed = {"name": "一期 ", "weight": 1, "stage": None}
        milestones.change_all(project, {milestone.pk: typed}, by=None)

        assert not AuditRecord.objects.exists()
        assert not WeekFacts.objects.exists()

    def test_refused_row_changes_nothing(self, project: Project) -> None:
        milestone = make_milestone(project, "一期")
        typed = {"name": "二期", "weight": 0, "stage": None}

        with pytest.raises(ValueError, match="weigh"):
            milestones.change_all(project, {milestone.pk: typed}, by=None)

        milestone.refresh_from_db()
        assert milestone.name == "一期"

    def test_name_of_another_milestone_is_refused_and_no_row_is_saved(
        self, project: Project
    ) -> None:
        first, _, third = (make_milestone(project, name) for name in ("甲", "乙", "丙"))
        typed = {first.pk: {"name": "乙"}, third.pk: {"name": "丁"}}

        with pytest.raises(milestones.RowsRefused) as refused:
            milestones.change_all(project, typed, by=None)

        assert [type(cause) for cause in refused.value.causes.values()] == [
            milestones.MilestoneNameTaken
        ]
        assert set(refused.value.causes) == {first.pk}
        assert sorted(row.name for row in Milestone.objects.all()) == ["丙", "乙", "甲"]

    def test_two_milestones_swap_their_names(self, project: Project) -> None:
        first, second = (make_milestone(project, name) for name in ("甲", "乙"))

        typed = {first.pk: {"name": "乙"}, second.pk: {"name": "甲"}}
        milestones.change_all(project, typed, by=None)

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.name, second.name) == ("乙", "甲")

    def test_weights_that_change_together_are_one_change_of_the_percent(
        self, project: Project
    ) -> None:
        """The first of them alone would let it fall, which asks why."""
        ahead, behind = (
            make_milestone(project, "甲", percent=100),
            make_milestone(project, "乙", percent=0),
        )
        recording.record(project, WEEK, recording.CheckIn("联调", "on_track"), by=None)

        typed = {behind.pk: {"weight": 2}, ahead.pk: {"weight": 3}}
        milestones.change_all(project, typed, by=None)

        assert weighted(project) == (60, 60)


class TestPresentWeek:
    def test_entry_follows_the_weights(self, project: Project) -> None:
        milestone = make_milestone(project, "一期", percent=100)
        make_milestone(project, "二期", percent=20)
        recording.record(project, WEEK, recording.CheckIn("联调", "on_track"), by=None)
        before = StatusEntry.objects.get().revision

        milestones.change_all(project, {milestone.pk: {"weight": 3}}, by=None)

        assert weighted(project) == (80, 80)
        assert StatusEntry.objects.get().revision == before

    def test_reported_percent_stays(self, project: Project) -> None:
        make_milestone(project, "一期", percent=40)
        check_in = recording.CheckIn("联调", "on_track", percent=Decimal(55))
        recording.record(project, WEEK, check_in, by=None)

        milestones.add(project, "二期", percent=Decimal(0), by=None)

        assert weighted(project) == (55, 20)

    def test_entries_of_past_weeks_stay(self, project: Project) -> None:
        milestone = make_milestone(project, "一期", percent=100, week=LAST_WEEK)
        make_milestone(project, "二期", percent=20, week=LAST_WEEK)
        recording.record(project, LAST_WEEK, recording.CheckIn("联调", "on_track"), by=None)

        milestones.change_all(project, {milestone.pk: {"weight": 3}}, by=None)

        assert StatusEntry.objects.get().weighted_percent == 60


class TestReorder:
    @pytest.mark.parametrize(
        ("name", "steps", "expected"),
        [
            ("甲", 1, ["乙", "甲", "丙"]),
            ("丙", -1, ["甲", "丙", "乙"]),
            ("乙", 9, ["甲", "丙", "乙"]),
            ("甲", -1, ["甲", "乙", "丙"]),
        ],
    )
    def test_milestone_moves_by_places(
        self, project: Project, name: str, steps: int, expected: list[str]
    ) -> None:
        milestone_of = {each: make_milestone(project, each) for each in "甲乙丙"}

        milestones.reorder(milestone_of[name], steps, by=None)

        assert order(project) == expected
        assert AuditRecord.objects.exists() is (expected != list("甲乙丙"))

    def test_closed_milestones_keep_their_places(self, project: Project) -> None:
        first = make_milestone(project, "甲")
        make_milestone(project, "乙", percent=100)
        make_milestone(project, "丙")

        milestones.reorder(first, 1, by=None)

        assert [name for name in order(project) if name != "乙"] == ["丙", "甲"]


class TestDropping:
    def test_dropped_milestone_keeps_its_percent_and_no_longer_counts(
        self, project: Project
    ) -> None:
        make_milestone(project, "一期", percent=80)
        milestone = make_milestone(project, "海外版", percent=20, due_on=DUE)
        make_entry(project, percent=50)
        recording.follow_milestones(project, WEEK)

        milestones.close(milestone, " 业务取消 ", by=project.lead)

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.is_dropped) == (20, True)
        assert weighted(project) == (80, 80)
        assert (the_record().action, the_record().after) == (
            "milestone.close",
            {"percent": "20.00", "reason": "业务取消"},
        )

    def test_dropping_needs_a_reason(self, project: Project) -> None:
        milestone = make_milestone(project, percent=20)

        with pytest.raises(ReasonMissing):
            milestones.close(milestone, "  ", by=None)

        milestone.refresh_from_db()
        assert milestone.closed_at is None

    def test_done_milestone_cannot_be_dropped(self, project: Project) -> None:
        milestone = make_milestone(project, percent=100)

        with pytest.raises(DecidedAlready):
            milestones.close(milestone, "多余", by=None)

        assert not AuditRecord.objects.exists()

    def test_reopened_milestone_has_its_old_percent(self, project: Project) -> None:
        milestone = make_milestone(project, percent=20, due_on=DUE)
        milestones.close(milestone, "业务取消", by=None)

        milestones.reopen(milestone, by=None)

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on, milestone.closed_at) == (20, DUE, None)
        assert milestone.changes.count() == 2


class TestReopeningWhatWasDone:
    def test_reopening_a_done_milestone_is_in_the_ledger(self, project: Project) -> None:
        milestone = make_milestone(project, percent=100, week=LAST_WEEK)

        milestones.reopen(milestone, percent=Decimal(90), reason="漏测", by=project.lead)

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.closed_at) == (90, None)
        row = milestone.changes.get(week=WEEK)
        assert (row.old_percent, row.new_percent, row.reason) == (100, 90, "漏测")

    @pytest.mark.parametrize("percent", [None, Decimal(100)])
    def test_reopening_a_done_milestone_needs_a_percent_below_100(
        self, project: Project, percent: Decimal | None
    ) -> None:
        milestone = make_milestone(project, percent=100)

        with pytest.raises(milestones.PercentMissing):
            milestones.reopen(milestone, percent=percent, reason="漏测", by=None)

    def test_reopening_a_done_milestone_needs_a_reason(self, project: Project) -> None:
        milestone = make_milestone(project, percent=100)

        with pytest.raises(ReasonMissing):
            milestones.reopen(milestone, percent=Decimal(90), by=None)

    def test_open_milestone_stays_as_it_is(self, project: Project) -> None:
        milestones.reopen(make_milestone(project, percent=50), by=None)

        assert not AuditRecord.objects.exists()


class TestRemove:
    def test_milestone_without_history_is_removed(self, project: Project) -> None:
        milestone = make_milestone(project, percent=10, due_on=DUE, week=LAST_WEEK)
        make_milestone(project, "二期", percent=50)
        make_entry(project, percent=30)
        recording.follow_milestones(project, WEEK)

        milestones.remove(milestone, by=None)

        assert order(project) == ["二期"]
        assert weighted(project)[1] == 50
        assert (the_record().subject, the_record().before["percent"]) == ("一期上线", "10.00")
        weeks = WeekFacts.objects.values_list("week", flat=True)
        assert LAST_WEEK in weeks

    @pytest.mark.parametrize("field", LedgerField.values)
    def test_milestone_with_history_is_not_removed(self, project: Project, field: str) -> None:
        milestone = make_milestone(project, percent=10, due_on=DUE)
        if field == LedgerField.PERCENT:
            ledger.change_percent(milestone, Decimal(20), week=WEEK)
        else:
            ledger.move_due_date(milestone, date(2024, 8, 31), "month", week=WEEK)

        with pytest.raises(milestones.HasHistory):
            milestones.remove(milestone, by=None)

        assert milestones.removable(project) == set()
        assert order(project) == ["一期上线"]
