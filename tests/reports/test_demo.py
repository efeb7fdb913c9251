"""The demo team: the same everywhere, true to the ledger, and with something to find."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from projects.checkin import recording
from projects.models import (
    AuditRecord,
    Comment,
    CommentNotice,
    Cycle,
    Deputy,
    EntrySource,
    Health,
    IncidentCount,
    LedgerField,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Question,
    StatusEntry,
    Team,
    User,
)
from projects.weeks import WEEK
from reports.demo.load import load_demo
from reports.demo.story import WEEKS
from reports.digest import subscribers
from reports.models import (
    Delivery,
    Digest,
    Edition,
    Reminder,
    SendState,
    Step,
    WeeklyPage,
    WeekStep,
)
from reports.pages import editions, live, publish
from reports.schedule import steps
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.load.week import load_week
from tests.html import elements
from tests.projects.checkin.check_ins import standings
from tests.reports.demo_rows import FINDINGS, contents
from tests.reports.test_demo_moments import assert_it_can_be_opened

pytestmark = pytest.mark.django_db

# Thursday, 11:00 in Shanghai. Monday and Tuesday were days off.
NOW: Final = datetime(2024, 9, 19, 3, tzinfo=UTC)
TODAY: Final = date(2024, 9, 19)
PRESENT: Final = date(2024, 9, 16)
START: Final = PRESENT - (WEEKS - 1) * WEEK  # before it lies history
PASSWORD: Final = "a-password-for-tests"


@pytest.fixture(scope="module")
def output(module_rows: None) -> Iterator[str]:
    """Loaded once: each test has it as it was loaded, whatever another did to it."""
    written = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("demo", password=PASSWORD, stdout=written)
        yield written.getvalue()


@pytest.fixture
def team(output: str) -> Team:
    return Team.objects.get(slug="demo")


def page(team: Team, ago: int) -> WeeklyDocument:
    return compile_week(load_week(team, PRESENT - ago * WEEK, today=TODAY))


def latest_editions(team: Team) -> list[Edition]:
    rows = Edition.objects.filter(team=team).select_related("page__team").order_by("number")
    return list({row.page_id: row for row in rows}.values())


class TestTheSameEverywhere:
    def test_the_same_moment_gives_the_same_data(self, team: Team) -> None:
        first = contents(team)
        Team.objects.filter(pk=team.pk).update(slug="before")

        second = load_demo(PASSWORD)

        assert second != team
        assert contents(second) == first

    def test_a_second_time_adds_nothing_and_keeps_what_was_done(self, team: Team) -> None:
        Project.objects.filter(name="POS收单").update(name="收单")
        before = contents(team)

        assert load_demo("another password", now=NOW + WEEK) == team

        assert contents(team) == before
        assert User.objects.get(username="lead").check_password(PASSWORD)


def test_nothing_false_is_said_three_weeks_later(team: Team) -> None:
    """Whoever starts an old demo again finds a team that has not reported since."""
    published, later = Edition.objects.count(), NOW + 3 * WEEK
    with time_machine.travel(later, tick=False):
        steps.run(later)
        page = live.compile_page(team, team.this_week())

        assert page.updated == 0
        assert page.week == PRESENT + 3 * WEEK
        assert Edition.objects.count() == published
        assert not Project.objects.filter(closed_on__gte=page.week).exists()
        assert Cycle.objects.of_week(team, page.week).exists()
        assert_it_can_be_opened(team)


class TestWhatIsThere:
    def test_half_a_year_with_the_present_week_half_done(self, team: Team) -> None:
        present = page(team, 0)

        assert (present.updated, present.expected) == (9, 17)
        assert Project.objects.filter(started_on__gte=START).count() == 21
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
        assert (led.count(), waiting.count()) == (5, 3)
        open_questions = Question.objects.filter(answered_at=None)
        assert open_questions.count() == 4
        assert open_questions.filter(project__in=waiting).exists()

    def test_every_state_of_a_project_can_be_seen(self, team: Team) -> None:
        entries = page(team, 0).entries

        assert {entry.health for entry in entries} == {*Health.values, ""}  # one has just begun
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
            of_present = project.milestones.filter(is_history=False, changes__isnull=False)
            for milestone in of_present.distinct():
                standing = then[milestone.pk]
                assert milestone.percent == standing.percent
                assert milestone.due_on == standing.due_on
                assert milestone.due_precision == (standing.precision or "day")
                is_dropped = milestone.name == "纸质对账单"
                assert (milestone.closed_at is not None) == (milestone.percent == 100 or is_dropped)

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
        entries = StatusEntry.objects.filter(week__gte=START)
        for entry in entries.select_related("project__team"):
            by_milestones = recording.percent_by_milestones(entry.project, entry.week)
            assert entry.weighted_percent == by_milestones

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
        assert {name for name, reason in fell if not reason} == {"POS收单", "金融反诈平台"}
        assert {name for name, reason in fell if reason} == {"聚合支付", "贝小理"}


def test_every_finding_can_be_seen_in_the_last_four_weeks(team: Team) -> None:
    codes = {finding.code for ago in range(4) for finding in page(team, ago).findings}

    assert codes == FINDINGS


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


class TestWhatHappened:
    def test_past_weeks_are_published_and_the_present_one_goes_on(self, team: Team) -> None:
        published = Counter(Edition.objects.values_list("page__week", flat=True))

        assert set(published) == {PRESENT - ago * WEEK for ago in range(1, WEEKS)}
        assert {week for week, editions in published.items() if editions > 1} == {
            PRESENT - 2 * WEEK
        }
        assert Edition.objects.filter(publisher="").count() in (4, 5)
        assert [row.step for row in WeekStep.objects.filter(week=PRESENT)] == ["open", "remind_1"]

    def test_a_second_edition_corrects_what_was_published(self, team: Team) -> None:
        first, second = Edition.objects.filter(page__week=PRESENT - 2 * WEEK).order_by("number")
        values = [
            metric.value
            for edition in (first, second)
            for section in editions.document_of(edition).sections
            for block in section.blocks
            for metric in block.metrics
            if metric.metric == "出金有效成功率"
        ]

        assert values == [Decimal("99.976"), Decimal("99.931")]
        assert second.note
        assert second.changes
        assert second.follows_mail

    def test_all_of_it_was_mailed_but_to_two(self, team: Team) -> None:
        assert set(Digest.objects.values_list("edition", flat=True)) == set(
            Edition.objects.values_list("pk", flat=True)
        )
        failed = Delivery.objects.filter(state=SendState.FAILED)
        assert {row.edition.page.week for row in failed} == {PRESENT - WEEK}
        assert [bool(row.error) for row in failed] == [True, True]
        assert AuditRecord.objects.filter(action="delivery.resend").count() == 2
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent", "failed"}

    def test_who_did_not_report_was_reminded(self, team: Team) -> None:
        for taken in WeekStep.objects.filter(step__in=steps.ROUNDS):
            of_round = Reminder.objects.filter(
                week=taken.week, round=steps.ROUNDS[Step(taken.step)]
            )
            assert of_round.count() == taken.result["reminded"]
            assert taken.result["reminded"]
        owed = {entry.lead for entry in page(team, 1).entries if entry.is_owed and entry.lead}
        asked = Reminder.objects.filter(week=PRESENT - WEEK).values_list("user__name", flat=True)
        assert owed <= set(asked)

    def test_last_week_has_moved_on_since_it_was_published(self, team: Team) -> None:
        moved = [row.page.week for row in latest_editions(team) if publish.has_moved_on(row)]
        assert moved == [PRESENT - WEEK]

    def test_findings_have_verdicts(self, team: Team) -> None:
        findings = [finding for ago in (1, 2, 3) for finding in page(team, ago).findings]

        assert sum(finding.verdict is not None for finding in findings) == 5

    def test_a_project_is_closed_this_week_and_two_were_before(self, team: Team) -> None:
        closed = {
            project.name: AuditRecord.objects.get(action="project.close", project=project)
            for project in Project.objects.filter(closed_on__gte=START)
        }

        assert set(closed) == {"店东看账", "履约协议平台", "刷脸支付试点"}
        assert all(record.after["reason"] for record in closed.values())
        this_week = [e.project for e in page(team, 0).entries if e.closed_on]
        assert this_week == ["刷脸支付试点"]

    def test_one_is_away_and_the_lead_stands_in(self, team: Team) -> None:
        (deputy,) = Deputy.objects.standing_in(team, TODAY)

        assert deputy.deputy.user.username == "lead"
        entry = StatusEntry.objects.get(project__name="贝易转", week=PRESENT)
        assert (entry.author, entry.on_behalf_of) == (deputy.deputy.user, deputy.person.user)

    def test_people_write_under_entries(self, team: Team) -> None:
        assert Comment.objects.filter(week=PRESENT).count() == 4
        assert CommentNotice.objects.filter(is_mentioned=True).exists()
        assert not CommentNotice.objects.filter(taken_at=None).exists()

    def test_people_outside_read_along(self, team: Team) -> None:
        states = [subscribers.state_of(row, NOW) for row in subscribers.on_list(team)]

        assert Counter(states) == {"confirmed": 3, "asked": 1, "unsubscribed": 1}

    def test_it_can_be_seen_who_needs_whom(self, team: Team) -> None:
        """Each kind of the dashboard's list that this moment can have."""
        client = Client()
        client.force_login(User.objects.get(username="manager"))
        groups = elements(client.get(f"/t/{team.slug}/"), ".todo .group")

        assert [str(group["id"]).removeprefix("todo-") for group in groups] == [
            *("silent", "moved", "findings", "questions", "incidents", "behind", "undelivered"),
            *("leaderless", "deputies"),
        ]


class TestCommand:
    def test_says_how_to_sign_in(self, output: str) -> None:
        assert f"Sign in as manager, lead, viewer; password: {PASSWORD}" in output
        assert User.objects.get(username="manager").check_password(PASSWORD)

    def test_says_when_there_is_nothing_to_do(self, team: Team) -> None:
        output = io.StringIO()

        call_command("demo", stdout=output)

        assert output.getvalue() == "The team demo is there already; nothing was changed.\n"
