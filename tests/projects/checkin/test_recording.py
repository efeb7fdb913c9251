"""The write path: one entry, its ledger rows, or nothing."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from projects.checkin import ledger, recording
from projects.checkin.recording import CheckIn, MilestoneUpdate, ReasonMissing
from projects.conflicts import EditConflict, as_text
from projects.models import (
    AuditRecord,
    EntrySource,
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

pytestmark = pytest.mark.django_db

LAST_WEEK = WEEK - ONE_WEEK
DUE = date(2024, 7, 10)


@pytest.fixture
def project() -> Project:
    team = make_team()
    return make_project(team, objective=make_objective(make_cycle(team)), lead=make_user(team=team))


def say(
    project: Project,
    *milestones: MilestoneUpdate,
    week: date = WEEK,
    text: str = "联调进行中",
    percent: Decimal | None = None,
    source: EntrySource = EntrySource.REPORTED,
    expected_revision: int | None = None,
) -> StatusEntry:
    return recording.record(
        project,
        week,
        CheckIn(text=text, health=Health.ON_TRACK, percent=percent, milestones=milestones),
        by=project.lead,
        at=NOW,
        source=source,
        expected_revision=expected_revision,
    )


def rows(milestone: Milestone, field: LedgerField) -> list[ProgressChange]:
    return list(milestone.changes.filter(field=field).order_by("pk"))


class TestFirstCheckIn:
    def test_makes_the_entry(self, project: Project) -> None:
        stage = make_stage(project.team)
        said = CheckIn("联调进行中", Health.AT_RISK, stage.pk, "专线未到", Decimal("62.5"))

        entry = recording.record(project, WEEK, said, by=project.lead, at=NOW)

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

        entry = say(project)

        assert (entry.objective, entry.is_focus) == (project.objective, True)

    def test_makes_milestones_with_their_first_ledger_rows(self, project: Project) -> None:
        update = MilestoneUpdate("一期上线", percent=Decimal(40), due_on=DUE, due_precision="month")

        say(project, update)

        milestone = project.milestones.get()
        assert (milestone.name, milestone.percent) == ("一期上线", Decimal(40))
        assert (milestone.due_on, milestone.due_precision) == (DUE, "month")
        [percent], [due] = rows(milestone, LedgerField.PERCENT), rows(milestone, LedgerField.DUE_ON)
        assert (percent.old_percent, percent.new_percent) == (None, Decimal(40))
        assert (due.old_due_on, due.new_due_on, due.new_precision) == (None, DUE, "month")
        assert {(row.week, row.by, row.at) for row in (percent, due)} == {(WEEK, project.lead, NOW)}

    def test_a_name_that_is_known_makes_no_second_milestone(self, project: Project) -> None:
        milestone = make_milestone(project, percent=10, week=LAST_WEEK)

        say(project, MilestoneUpdate(f" {milestone.name} ", percent=Decimal(30)))

        assert project.milestones.get().percent == 30

    def test_only_a_monday_is_a_week(self, project: Project) -> None:
        with pytest.raises(ValueError, match="not a Monday"):
            say(project, week=WEEK + timedelta(days=1))


class TestPercent:
    def test_without_a_reported_one_it_is_the_mean_by_weight(self, project: Project) -> None:
        make_milestone(project, "开发", percent=90, weight=2)
        make_milestone(project, "测试", percent=10)
        make_milestone(project, "上线", due_on=DUE, weight=7)  # nobody said how far it is

        entry = say(project)

        assert entry.percent == entry.weighted_percent == Decimal("63.33")

    def test_a_reported_one_stands_beside_the_mean(self, project: Project) -> None:
        make_milestone(project, percent=60)

        entry = say(project, percent=Decimal(100))

        assert (entry.percent, entry.weighted_percent) == (Decimal(100), Decimal(60))

    def test_reaching_100_closes_a_milestone_and_falling_opens_it(self, project: Project) -> None:
        milestone = make_milestone(project, percent=80)

        say(project, MilestoneUpdate(milestone.name, percent=Decimal(100)))
        milestone.refresh_from_db()
        assert milestone.closed_at == NOW

        say(project, MilestoneUpdate(milestone.name, percent=Decimal(95), reason="发现漏测"))
        milestone.refresh_from_db()
        assert milestone.closed_at is None


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
    def test_it_no_longer_counts_from_the_week_it_was_dropped_in(self, project: Project) -> None:
        assert say(project, week=LAST_WEEK).weighted_percent == 50
        assert say(project).weighted_percent == 80

    def test_a_stale_form_does_not_bring_it_back(
        self, project: Project, dropped: Milestone
    ) -> None:
        say(project, MilestoneUpdate(dropped.name, dropped.pk, Decimal(30)))

        dropped.refresh_from_db()
        assert (dropped.percent, dropped.closed_at) == (Decimal(30), NOW)

    def test_being_named_anew_does(self, project: Project, dropped: Milestone) -> None:
        entry = say(project, MilestoneUpdate(dropped.name, due_on=DUE))

        dropped.refresh_from_db()
        assert (dropped.percent, dropped.closed_at) == (Decimal(20), None)
        assert entry.weighted_percent == 50
        assert AuditRecord.objects.get().action == "milestone.reopen"

    def test_at_100_it_is_done(self, project: Project, dropped: Milestone) -> None:
        entry = say(project, MilestoneUpdate(dropped.name, dropped.pk, Decimal(100)))

        dropped.refresh_from_db()
        assert (dropped.is_done, dropped.is_dropped) == (True, False)
        assert entry.weighted_percent == 90


class TestLedger:
    def test_each_change_writes_one_row(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE, week=LAST_WEEK)
        later = DUE + timedelta(days=10)

        say(
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

    def test_what_is_not_said_stays(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE)

        say(project, MilestoneUpdate(milestone.name, milestone.pk))

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(40), DUE)
        assert milestone.changes.count() == 2

    def test_the_same_day_said_more_exactly_is_a_move_of_no_days(self, project: Project) -> None:
        milestone = make_milestone(project, due_on=date(2024, 7, 31), due_precision="month")

        say(project, MilestoneUpdate(milestone.name, due_on=date(2024, 7, 31)))

        first, second = rows(milestone, LedgerField.DUE_ON)
        assert (first.new_precision, second.new_precision, second.slip_days) == ("month", "day", 0)

    def test_a_stage_is_no_ledger_matter(self, project: Project) -> None:
        milestone, stage = make_milestone(project, percent=40), make_stage(project.team)

        say(project, MilestoneUpdate(milestone.name, stage_id=stage.pk))

        milestone.refresh_from_db()
        assert (milestone.stage, milestone.changes.count()) == (stage, 1)

    def test_a_milestone_of_another_project_is_refused(self, project: Project) -> None:
        other = make_milestone(make_project(project.team, "POS"), percent=40)

        with pytest.raises(Milestone.DoesNotExist):
            say(project, MilestoneUpdate(other.name, other.pk, Decimal(50)))


class TestReasons:
    @pytest.mark.parametrize(
        "update",
        [
            MilestoneUpdate("一期上线", percent=Decimal("39.99")),
            MilestoneUpdate("一期上线", due_on=DUE + timedelta(days=1), reason="  "),
        ],
        ids=["a lower percent", "a later date"],
    )
    def test_without_one_nothing_is_saved(self, project: Project, update: MilestoneUpdate) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE, week=LAST_WEEK)
        new = MilestoneUpdate("二期", percent=Decimal(5))

        with pytest.raises(ReasonMissing) as missing:
            say(project, new, update)

        assert missing.value.names == (milestone.name,)
        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(40), DUE)
        assert milestone.changes.count() == 2
        assert not StatusEntry.objects.exists()
        assert project.milestones.count() == 1

    def test_all_milestones_that_want_one_are_named(self, project: Project) -> None:
        for name in ("开发", "测试"):
            make_milestone(project, name, percent=40)

        with pytest.raises(ReasonMissing) as missing:
            say(
                project,
                MilestoneUpdate("开发", percent=Decimal(30)),
                MilestoneUpdate("测试", percent=Decimal(20)),
            )

        assert missing.value.names == ("开发", "测试")

    def test_good_news_needs_none(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40, due_on=DUE)

        say(project, MilestoneUpdate(milestone.name, None, Decimal(60), DUE - timedelta(days=3)))

        milestone.refresh_from_db()
        assert (milestone.percent, milestone.due_on) == (Decimal(60), DUE - timedelta(days=3))

    def test_an_old_page_gives_none(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40)

        say(
            project,
            MilestoneUpdate(milestone.name, percent=Decimal(30)),
            source=EntrySource.IMPORTED,
        )

        assert rows(milestone, LedgerField.PERCENT)[-1].reason == ""


class TestSavingAgain:
    def test_the_same_twice_changes_nothing(self, project: Project) -> None:
        update = MilestoneUpdate("一期上线", percent=Decimal("33.333"), due_on=DUE)
        first = say(project, update, percent=Decimal("44.444"), expected_revision=0)
        before = WeekFacts.objects.get(team=project.team, week=WEEK).revision

        again = say(project, update, percent=Decimal("44.444"), expected_revision=0)

        assert (again.pk, again.revision) == (first.pk, 1)
        assert ProgressChange.objects.count() == 2
        assert WeekFacts.objects.get(team=project.team, week=WEEK).revision == before

    def test_a_change_raises_the_revision(self, project: Project) -> None:
        say(project)

        entry = say(project, text="已提测", expected_revision=1)

        assert (entry.revision, entry.text) == (2, "已提测")
        assert StatusEntry.objects.count() == 1

    @pytest.mark.parametrize("opened_with", [0, 1])
    def test_somebody_else_was_faster(self, project: Project, opened_with: int) -> None:
        say(project)
        say(project, text="已提测")

        with pytest.raises(EditConflict) as conflict:
            say(
                project,
                MilestoneUpdate("一期上线", percent=Decimal(1)),
                text="待排期",
                expected_revision=opened_with,
            )

        assert conflict.value.theirs["text"] == "已提测"
        assert StatusEntry.objects.get().text == "已提测"
        assert not Milestone.objects.exists()

    def test_fields_that_only_one_of_two_has_changed_are_merged(self, project: Project) -> None:
        shown = {name: as_text(value) for name, value in say(project).reported().items()}
        say(project, text="已提测")
        check_in = CheckIn(text="联调进行中", health=Health.AT_RISK, risks="专线未到")

        entry = recording.record(
            project, WEEK, check_in, by=project.lead, expected_revision=1, opened=shown
        )

        assert (entry.text, entry.health, entry.risks) == ("已提测", Health.AT_RISK, "专线未到")
        assert entry.revision == 3

    def test_a_field_that_both_have_changed_is_a_conflict(self, project: Project) -> None:
        shown = {name: as_text(value) for name, value in say(project).reported().items()}
        say(project, text="已提测")
        check_in = CheckIn(text="待排期", health=Health.AT_RISK)

        with pytest.raises(EditConflict) as conflict:
            recording.record(
                project, WEEK, check_in, by=project.lead, expected_revision=1, opened=shown
            )

        assert conflict.value.theirs == {"text": "已提测"}
        assert StatusEntry.objects.get().health == Health.ON_TRACK

    def test_a_changed_milestone_is_a_change(self, project: Project) -> None:
        milestone = make_milestone(project, percent=40)
        say(project)

        entry = say(project, MilestoneUpdate(milestone.name, percent=Decimal(50)))

        assert (entry.revision, entry.percent) == (2, Decimal(50))


class TestToldLate:
    def test_a_newer_week_keeps_its_value(self, project: Project) -> None:
        milestone = make_milestone(project, percent=20, due_on=DUE, week=LAST_WEEK - ONE_WEEK)
        ledger.change_percent(milestone, Decimal(70), week=WEEK, at=NOW)

        entry = say(
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
        standing = ledger.standings(project, WEEK)[milestone.pk]
        assert (standing.percent, standing.due_on) == (Decimal(70), DUE - timedelta(days=2))

    def test_a_reason_is_asked_for_by_what_was_known_then(self, project: Project) -> None:
        milestone = make_milestone(project, percent=20, week=LAST_WEEK)
        ledger.change_percent(milestone, Decimal(70), week=WEEK, at=NOW)

        say(project, MilestoneUpdate(milestone.name, percent=Decimal(30)), week=LAST_WEEK)

        assert rows(milestone, LedgerField.PERCENT)[-1].new_percent == 30

    def test_an_entry_of_a_past_week_stays_under_its_objective(self, project: Project) -> None:
        before = project.objective
        say(project, week=LAST_WEEK - ONE_WEEK)
        assert before is not None
        project.objective, project.is_focus = make_objective(before.cycle, "O3"), True
        project.save()

        corrected = say(project, week=LAST_WEEK - ONE_WEEK, text="已提测")
        late = say(project, week=LAST_WEEK)
        present = say(project, week=WEEK)

        assert [e.objective for e in (corrected, late, present)] == [
            before,
            before,
            project.objective,
        ]
        assert [e.is_focus for e in (corrected, late, present)] == [False, False, True]

    @pytest.mark.parametrize("is_carried", [True, False])
    def test_a_move_into_the_next_cycle_waits_until_it_begins(
        self, project: Project, is_carried: bool
    ) -> None:
        before = project.objective
        say(project, week=LAST_WEEK)
        next_cycle = make_cycle(project.team, "2024H2", date(2024, 7, 1), date(2024, 12, 31))
        project.objective = make_objective(next_cycle, "O3")
        project.objective.carried_from = before if is_carried else None
        project.objective.save()
        project.save()

        assert say(project, week=WEEK).objective == before
        begun = datetime(2024, 7, 1, 2, tzinfo=UTC)
        later = recording.record(project, date(2024, 7, 1), CheckIn("", "done"), by=None, at=begun)
        assert later.objective == project.objective

    @pytest.mark.usefixtures("now")
    def test_all_weeks_since_are_told(self, project: Project) -> None:
        say(project, week=LAST_WEEK)

        told = WeekFacts.objects.order_by("week").values_list("week", flat=True)
        assert list(told) == [LAST_WEEK, WEEK, WEEK + ONE_WEEK]


class TestNoChange:
    def test_says_the_latest_entry_again(self, project: Project) -> None:
        make_entry(project, LAST_WEEK - ONE_WEEK, "待排期", percent=10)
        make_entry(project, LAST_WEEK, "已提测", percent=80, health=Health.AT_RISK)

        entry = recording.confirm_unchanged(project, WEEK, by=project.lead, at=NOW)

        assert (entry.text, entry.percent, entry.health) == ("已提测", Decimal(80), "at_risk")
        assert (entry.source, entry.author) == ("confirmed", project.lead)

    def test_does_not_say_again_what_only_the_milestones_said(self, project: Project) -> None:
        make_milestone(project, "开发", percent=80, week=LAST_WEEK)
        milestone = make_milestone(project, "海外版", percent=20, week=LAST_WEEK)
        say(project, week=LAST_WEEK)
        milestone.closed_at = NOW
        milestone.save()

        entry = recording.confirm_unchanged(project, WEEK, by=project.lead, at=NOW)

        assert entry.percent == entry.weighted_percent == 80

    def test_leaves_an_entry_of_the_week_alone(self, project: Project) -> None:
        said = make_entry(project, WEEK, "已提测")

        entry = recording.confirm_unchanged(project, WEEK, by=project.lead, at=NOW)

        assert (entry.pk, entry.revision, entry.source) == (said.pk, 1, "reported")

    def test_needs_something_to_confirm(self, project: Project) -> None:
        with pytest.raises(recording.NothingToConfirm):
            recording.confirm_unchanged(project, WEEK, by=project.lead)


@pytest.mark.parametrize("history", [1, 40])
def test_the_number_of_queries_does_not_grow_with_history(
    project: Project, history: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    milestone = make_milestone(project, percent=1, week=WEEK - history * ONE_WEEK)
    for weeks_ago in range(history, 0, -1):
        week = WEEK - weeks_ago * ONE_WEEK
        make_entry(project, week)
        ledger.change_percent(milestone, Decimal(history - weeks_ago + 2), week=week)
    update = MilestoneUpdate(milestone.name, milestone.pk, Decimal(99))

    with django_assert_num_queries(13):
        say(project, update)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told_of_the_other(project: Project) -> None:
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def submit(text: str) -> None:
        try:
            start.wait(timeout=10)
            say(
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
