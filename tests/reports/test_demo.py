"""The demo team: the same everywhere, true to the ledger, and with something to find."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db.models import Model

from projects.checkin import recording
from projects.models import (
    Alias,
    Cycle,
    EntrySource,
    Health,
    Incident,
    IncidentCount,
    KeyResult,
    LedgerField,
    Membership,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Question,
    Reading,
    StatusEntry,
    Team,
    User,
    WeekFacts,
)
from projects.weeks import WEEK
from reports.demo.load import load_demo
from reports.demo.run import live_through
from reports.demo.story import WEEKS, StoryDue
from reports.digest import dispatch
from reports.models import (
    Digest,
    Edition,
    Reminder,
    Section,
    SendState,
    WeeklyPage,
    WeekStep,
)
from reports.schedule import reminder_dispatch, steps
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.load.week import load_week
from tests.projects.checkin.check_ins import standings

pytestmark = pytest.mark.django_db

TODAY: Final = date(2024, 9, 18)  # a Wednesday
PRESENT: Final = date(2024, 9, 16)
START: Final = PRESENT - (WEEKS - 1) * WEEK  # before it lies history
PASSWORD: Final = "a-password-for-tests"
TABLES: Final[tuple[type[Model], ...]] = (
    *(Membership, Cycle, Objective, KeyResult, Metric, Reading, Project, Alias, Milestone),
    *(ProgressChange, StatusEntry, Question, Incident, IncidentCount, WeekFacts),
    *(WeeklyPage, Section, PlannedItem),
)
CODES: Final = {
    "percent_dropped",
    "milestone_dropped",
    "percent_stalled",
    "open_milestone",
    "launched_below_100",
    "past_due_on_track",
    "text_differs",
    "milestones_differ",
    "said_twice",
    "target_missed_without_incident",
}


@pytest.fixture(scope="module")
def team(module_rows: None) -> Team:
    """Loaded once: each test has it as it was loaded, whatever another did to it."""
    return load_demo(PASSWORD, today=TODAY)


def page(team: Team, ago: int) -> WeeklyDocument:
    return compile_week(load_week(team, PRESENT - ago * WEEK, today=TODAY))


def contents(*, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every row of the demo team, without the keys that the database gave it."""
    return {
        model.__name__: [
            {
                field.name: str(getattr(row, field.name))
                for field in model._meta.concrete_fields
                if not field.primary_key and field.name not in without
            }
            for row in model._default_manager.order_by("pk").select_related(
                *(field.name for field in model._meta.concrete_fields if field.is_relation)
            )
        ]
        for model in TABLES
    }


class TestTheSameEverywhere:
    CLOCKS = ("created_at", "changed_at", "queued_at")

    def test_the_same_day_gives_the_same_data(self, team: Team) -> None:
        first = contents(without=self.CLOCKS)
        Team.objects.all().delete()
        User.objects.all().delete()

        load_demo(PASSWORD, today=TODAY)

        assert contents(without=self.CLOCKS) == first

    def test_another_day_of_the_week_moves_only_the_times_of_its_reports(self, team: Team) -> None:
        times = (*self.CLOCKS, "at", "reported_at", "closed_at")
        first = contents(without=times)
        Team.objects.all().delete()
        User.objects.all().delete()

        load_demo(PASSWORD, today=TODAY + timedelta(days=2))

        assert contents(without=times) == first

    def test_a_second_time_adds_nothing_and_keeps_what_was_done(self, team: Team) -> None:
        Project.objects.filter(name="POS收单").update(name="收单")
        before = contents()

        assert load_demo("another password", today=TODAY + WEEK) == team

        assert contents() == before
        assert User.objects.get(username="lead").check_password(PASSWORD)


class TestWhatIsThere:
    def test_half_a_year_with_the_present_week_half_done(self, team: Team) -> None:
        present = page(team, 0)

        assert (present.updated, present.expected) == (9, 16)  # one of the 17 rests
        assert Project.objects.filter(started_on__gte=START).count() == 19
        assert Project.objects.filter(is_focus=True).count() == 2
        weeks = {PRESENT - ago * WEEK for ago in range(WEEKS)}
        since = StatusEntry.objects.filter(week__gte=START)
        assert set(since.values_list("week", flat=True)) == weeks
        assert WeeklyPage.objects.filter(week__gte=START).count() == WEEKS

    def test_before_it_lies_history(self, team: Team) -> None:
        pages = WeeklyPage.objects.filter(week__lt=START).order_by("week")
        assert [(START - page.week) // WEEK for page in pages] == [5, 2, 1]
        assert {page(team, ago).is_history for ago in (26, 27, 30)} == {True}
        left = Project.objects.exclude(started_on__gte=START)
        assert {project.name for project in left} == {"旧收银台下线", "老网关迁移"}
        assert all(project.closed_on and project.closed_on < START for project in left)

    def test_two_cycles_whose_objectives_have_other_names(self, team: Team) -> None:
        before, now = Cycle.objects.order_by("starts_on")

        assert (before.name, now.name) == ("2024H1", "2024H2")
        for code in ("O1", "O2", "O3", "O4"):
            first, second = Objective.objects.filter(code=code).order_by("cycle__starts_on")
            assert first.name != second.name
        assert page(team, 25).sections[1].name == "业务增长"
        assert page(team, 0).sections[1].name == "业务服务"

    @pytest.mark.parametrize("today", [date(2024, 7, 3), date(2025, 1, 1), date(2024, 6, 30)])
    def test_it_loads_around_the_turn_of_a_cycle_too(self, today: date) -> None:
        load_demo(PASSWORD, today=today)

        for entry in StatusEntry.objects.select_related("objective__cycle"):
            assert entry.objective is not None
            # At the turn the earlier of the two cycles may begin after the story does.
            assert entry.week <= entry.objective.cycle.ends_on

    def test_people(self, team: Team) -> None:
        roles = dict(team.memberships.values_list("user__username", "role"))

        assert {name: roles[name] for name in ("manager", "lead", "viewer")} == {
            "manager": "manager",
            "lead": "lead",
            "viewer": "viewer",
        }
        for user in User.objects.all():
            can_sign_in = user.username in {"manager", "lead", "viewer"}
            assert user.check_password(PASSWORD) is can_sign_in
            assert user.has_usable_password() is can_sign_in

    def test_the_lead_has_something_left_to_do(self, team: Team) -> None:
        led = Project.objects.filter(lead__username="lead").expected(team, PRESENT)

        waiting = Project.objects.filter(lead__username="lead").owing(team, PRESENT)
        assert (led.count(), waiting.count()) == (4, 2)
        open_questions = Question.objects.filter(answered_at=None)
        assert open_questions.count() == 3
        assert open_questions.filter(project__in=waiting).exists()

    def test_every_state_of_a_project_can_be_seen(self, team: Team) -> None:
        entries = page(team, 0).entries

        assert {entry.health for entry in entries} == set(Health.values)
        assert {entry.weeks_silent for entry in entries} >= {0, 1, 2}
        assert StatusEntry.objects.filter(week=PRESENT, source=EntrySource.CONFIRMED).exists()

    def test_words_of_neighbouring_weeks_differ(self, team: Team) -> None:
        reported = StatusEntry.objects.filter(source=EntrySource.REPORTED)

        words = Counter(reported.values_list("text", flat=True))
        assert words.most_common(1)[0][1] == 1

    def test_plans_come_back_with_outcomes(self, team: Team) -> None:
        items = PlannedItem.objects

        assert not items.filter(week=PRESENT).exclude(outcome="").exists()
        assert not items.filter(week__range=(START, PRESENT - 2 * WEEK), outcome="").exists()
        outcomes = set(items.values_list("outcome", flat=True))
        assert outcomes == {"", "done", "partly", "not_done", "carried_on"}

    def test_incident_counts_are_grouped_in_some_weeks_and_fractional_in_others(
        self, team: Team
    ) -> None:
        assert IncidentCount.objects.filter(severity="CD").exists()
        assert IncidentCount.objects.filter(count=Decimal("0.5")).exists()

    def test_each_key_result_has_a_score(self, team: Team) -> None:
        results = [k for section in page(team, 0).sections for k in section.key_results]

        assert len(results) == 8
        assert all(result.score is not None for result in results)


class TestLedger:
    def test_replaying_it_gives_what_the_milestones_say(self, team: Team) -> None:
        for project in Project.objects.all():
            then = standings(project, PRESENT)
            for milestone in project.milestones.filter(is_history=False):
                standing = then[milestone.pk]
                assert milestone.percent == standing.percent
                assert milestone.due_on == standing.due_on
                assert milestone.due_precision == (standing.precision or "day")
                assert (milestone.closed_at is not None) == (milestone.percent == 100)

    def test_each_change_begins_where_the_one_before_ended(self, team: Team) -> None:
        last: dict[tuple[int, str], object] = {}
        for row in ProgressChange.objects.order_by("week", "pk"):
            is_percent = row.field == LedgerField.PERCENT
            old, new = (
                (row.old_percent, row.new_percent)
                if is_percent
                else (row.old_due_on, row.new_due_on)
            )
            assert last.get((row.milestone_id, row.field)) == old
            last[row.milestone_id, row.field] = new

    def test_entries_agree_with_it_week_by_week(self, team: Team) -> None:
        present = Milestone.objects.filter(is_history=False)
        weights = dict(present.values_list("pk", "weight"))
        for entry in StatusEntry.objects.filter(week__gte=START).select_related("project"):
            then = standings(entry.project, entry.week)
            pairs = ((then[pk].percent, weights[pk]) for pk in then.keys() & weights.keys())
            assert entry.weighted_percent == recording.weighted_percent(pairs)

    def test_dates_slipped_and_somebody_said_why(self, team: Team) -> None:
        moves = ProgressChange.objects.filter(field=LedgerField.DUE_ON, old_due_on__isnull=False)
        moves = moves.filter(week__gte=START)

        assert all(move.reason for move in moves if move.slip_days > 0)
        times = Counter(move.milestone.name for move in moves.select_related("milestone"))
        assert times["银联入网"] == 3

    def test_a_reason_is_given_for_a_step_back_alone(self, team: Team) -> None:
        for row in ProgressChange.objects.exclude(reason=""):
            if row.field == LedgerField.DUE_ON:
                assert row.slip_days > 0
            else:
                assert row.old_percent is not None
                assert row.new_percent is not None
                assert row.new_percent < row.old_percent

    def test_percents_fell_and_nobody_said_why(self, team: Team) -> None:
        fell = [
            (change.milestone.project.name, change.reason)
            for change in ProgressChange.objects.select_related("milestone__project")
            if change.old_percent and (change.new_percent or 0) < change.old_percent
        ]
        assert set(fell) == {("POS收单", ""), ("金融反诈平台", "")}


def test_every_finding_can_be_seen_in_the_last_four_weeks(team: Team) -> None:
    codes = {finding.code for ago in range(4) for finding in page(team, ago).findings}

    assert codes == CODES


def test_only_intended_findings_appear(team: Team) -> None:
    """Before the last four weeks the team was young and careful."""
    findings = [
        (ago, finding.code, finding.project, finding.params)
        for ago in range(4, WEEKS)
        for finding in page(team, ago).findings
    ]
    assert findings == []


def test_team_was_set_up_when_it_started(team: Team) -> None:
    assert team.local(team.created_at).date() == team.starts_on == START


def test_all_pages_wait_to_be_compiled(team: Team) -> None:
    known_weeks = WeekFacts.objects.filter(week__range=(START, PRESENT)).values_list(
        "week", flat=True
    )

    assert set(known_weeks) == {PRESENT - ago * WEEK for ago in range(WEEKS)}
    assert not WeeklyPage.objects.exclude(compiled_revision=0).exists()


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (StoryDue(date(2024, 7, 23)), "7月23日"),
        (StoryDue(date(2024, 7, 31), "month"), "7月底"),
        (StoryDue(date(2024, 7, 10), "part"), "7月上旬"),
        (StoryDue(date(2024, 7, 20), "part"), "7月中旬"),
        (StoryDue(date(2024, 7, 31), "part"), "7月下旬"),
    ],
)
def test_dates_are_spoken_as_people_say_them(due: StoryDue, words: str) -> None:
    assert due.spoken == words


class TestWhatTheScheduleDid:
    NOW: Final = datetime(2024, 9, 19, 3, tzinfo=UTC)  # Thursday, 11:00 in Shanghai

    @pytest.fixture
    def lived(self) -> Iterator[Team]:
        with time_machine.travel(self.NOW, tick=False):
            team = load_demo(PASSWORD)
            live_through(team, self.NOW)
            yield team

    def test_past_weeks_are_published_and_the_present_one_goes_on(self, lived: Team) -> None:
        published = set(Edition.objects.values_list("page__week", flat=True))
        assert published == {PRESENT - ago * WEEK for ago in range(1, WEEKS)}
        assert Edition.objects.filter(publisher="").count() in (4, 5)
        assert all(
            row.published_at.astimezone(lived.zone).date() <= row.page.week + 6 * (WEEK / 7)
            for row in Edition.objects.select_related("page")
        )
        assert not Digest.objects.exists()
        present = WeekStep.objects.filter(week=PRESENT)
        reminded = Reminder.objects.filter(state=SendState.SENT).count()
        assert [(row.step, row.result.get("reminded")) for row in present] == [
            ("open", None),
            ("remind_1", reminded),
        ]
        assert reminded > 0
        assert steps.run(self.NOW) == 0

    def test_nothing_of_it_is_mailed(self, lived: Team) -> None:
        reminder_dispatch.send_due(now=self.NOW)
        assert dispatch.sweep(self.NOW) == {}
        assert not mail.outbox


class TestCommand:
    def test_says_how_to_sign_in(self) -> None:
        Team.objects.all().delete()  # what the module's other tests have loaded
        User.objects.all().delete()
        output = io.StringIO()

        call_command("demo", password=PASSWORD, stdout=output)

        assert f"Sign in as manager, lead, viewer; password: {PASSWORD}" in output.getvalue()
        assert User.objects.get(username="manager").check_password(PASSWORD)

    def test_says_when_there_is_nothing_to_do(self, team: Team) -> None:
        output = io.StringIO()

        call_command("demo", stdout=output)

        assert output.getvalue() == "The team demo is there already; nothing was changed.\n"
