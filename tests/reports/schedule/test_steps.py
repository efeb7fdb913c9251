"""What the clock makes of each step, once however many clocks there are."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import (
    AuditRecord,
    IdleWeek,
    Outcome,
    PlannedItem,
    Project,
    Question,
    Team,
    User,
    WeekFacts,
)
from projects.weeks import WEEK as ONE_WEEK
from reports.digest import dispatch
from reports.models import (
    Channel,
    Digest,
    Edition,
    Reminder,
    ReminderKind,
    Section,
    SendState,
    Step,
    WeeklyPage,
    WeekStep,
)
from reports.pages import live, publish
from reports.schedule import reminder_dispatch, reminders, steps
from reports.weekly.sections import Kind
from tests.factories import (
    WEEK,
    make_entry,
    make_page,
    make_project,
    make_question,
    make_team,
    make_user,
)
from tests.reports.schedule.clock import (
    CUTOFF,
    DIGEST,
    MONDAY,
    THURSDAY,
    at,
    close_all_week,
    results,
    tick,
    with_address,
)

pytestmark = pytest.mark.django_db


# --- step by step ------------------------------------------------------------------------------


def test_on_monday_the_page_is_there(team: Team) -> None:
    assert tick(MONDAY - timedelta(minutes=1)) == 0
    assert tick(MONDAY) == 1
    assert WeeklyPage.objects.get().week == WEEK
    row = WeekStep.objects.get()
    assert (row.step, row.due_at, row.done_at) == (Step.OPEN, MONDAY, MONDAY)
    assert tick(MONDAY) == 0


def test_last_weeks_plan_is_on_the_page_for_its_outcomes(team: Team) -> None:
    """What is open, and what the manager marked as carried on."""
    for position, (text, outcome) in enumerate(
        [("提测", ""), ("联调", Outcome.CARRIED_ON), ("评审", Outcome.DONE)]
    ):
        PlannedItem.objects.create(
            team=team, week=WEEK - ONE_WEEK, text=text, outcome=outcome, position=position
        )
    tick(MONDAY)
    with time_machine.travel(MONDAY, tick=False):
        document = live.compile_page(team, WEEK)
    (plan,) = (block.last_plan for part in document.sections for block in part.blocks)
    assert [(item.text, item.outcome) for item in plan] == [
        ("提测", ""),
        ("联调", "carried_on"),
        ("评审", "done"),
    ]


def test_exactly_those_who_have_not_updated_are_reminded(team: Team, project: Project) -> None:
    make_entry(make_project(team, "POS", lead=with_address(make_user("done", team=team))))
    channel = Channel.objects.create(
        team=team, kind="feishu", name="群", address_env="A", gets_reminders=True, gets_digest=False
    )
    tick(MONDAY)
    tick(THURSDAY)
    made = Reminder.objects.order_by("pk")
    assert [(reminder.user, reminder.channel, reminder.round) for reminder in made] == [
        (project.lead, None, 1),
        (None, channel, 1),
    ]
    assert results(team)["remind_1"] == {"reminded": 1, "channels": 1, "unreachable": 0}


@pytest.mark.usefixtures("now")
def test_nobody_is_reminded_more_than_twice_whoever_asks(
    team: Team, project: Project, manager: User
) -> None:
    reminders.remind(team, WEEK, by=manager, at=at(2, 9))
    for now in (THURSDAY, at(4, 10)):
        tick(now)
    asked = reminders.remind(team, WEEK, by=manager, at=at(4, 15))
    assert Reminder.objects.count() == 2
    assert (asked.reminders, asked.enough) == ((), (project.lead,))


def test_a_late_clock_reminds_once(team: Team, project: Project) -> None:
    tick(at(4, 11))
    assert Reminder.objects.get().round == 2
    assert results(team)["remind_1"] == {"overtaken_by": "remind_2"}


def test_a_reminder_of_the_schedule_that_cannot_leave_before_the_cutoff_never_does(
    team: Team, project: Project
) -> None:
    tick(THURSDAY)
    with time_machine.travel(CUTOFF, tick=False):
        reminder_dispatch.send_due()
    assert not mail.outbox
    assert Reminder.objects.get().state == SendState.UNWANTED


def test_at_the_cutoff_managers_get_one_list(team: Team, project: Project, manager: User) -> None:
    make_entry(make_project(team, "POS"), text="已上线", percent=60)
    for now in (MONDAY, THURSDAY, CUTOFF):
        tick(now)
    assert results(team)["close"] == {"findings": 1, "silent": 1, "managers": 1}
    Reminder.objects.filter(kind=ReminderKind.CHECK_IN).update(state=SendState.SENT)
    with time_machine.travel(CUTOFF, tick=False):
        reminder_dispatch.send_due()
    (sent,) = mail.outbox
    assert sent.to == ["manager@example.com"]
    for words in (
        "2024-W25",
        "贝易转",
        "许澄",
        "POS",
        "https://okr.example.com/t/pay/weeks/2024-06-17/draft/",
    ):
        assert words in str(sent.body)


def test_a_week_without_anything_to_resolve_asks_nobody(team: Team, project: Project) -> None:
    make_entry(project)
    tick(CUTOFF)
    assert results(team)["close"] == {"findings": 0, "silent": 0}
    assert not Reminder.objects.exists()


def test_at_its_time_the_page_is_published_and_sent(team: Team, project: Project) -> None:
    make_entry(project)
    assert tick(DIGEST - timedelta(minutes=1)) == 4
    assert not Edition.objects.exists()
    assert tick(DIGEST) == 1
    edition = Edition.objects.get()
    assert (edition.published_by, edition.published_at) == (None, DIGEST)
    assert Digest.objects.get().due_at == DIGEST
    assert results(team)["publish"] == {"edition": 1, "by_itself": True}


def test_the_digest_is_noted_once_it_was_prepared(team: Team, project: Project) -> None:
    make_entry(project)
    tick(DIGEST)
    assert tick(DIGEST) == 0
    dispatch.prepare(Edition.objects.get().pk, DIGEST)
    assert tick(DIGEST + timedelta(minutes=1)) == 1
    assert tick(DIGEST + timedelta(minutes=2)) == 0
    assert results(team)["digest"] == {"edition": 1}


def test_a_page_that_the_manager_published_is_left_alone(
    team: Team, project: Project, manager: User
) -> None:
    make_entry(project)
    with time_machine.travel(at(4, 17), tick=False):
        publish.publish_week(team, WEEK, publish.Publication(by=manager))
    make_entry(make_project(team, "POS"))
    tick(DIGEST)
    assert Edition.objects.get().published_by == manager
    assert results(team)["publish"] == {"edition": 1}


def test_a_manager_who_publishes_in_the_same_moment_is_not_corrected_by_the_clock(
    team: Team, project: Project, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock has looked, and waits for the page; meanwhile an edition and a check-in come in."""
    make_entry(project)
    held = publish.publish_week

    def second(*args: Any, **options: Any) -> Edition:
        held(team, WEEK, publish.Publication(by=manager), at=DIGEST)
        make_entry(make_project(team, "POS"))
        return held(*args, **options)

    monkeypatch.setattr(publish, "publish_week", second)
    tick(DIGEST)
    assert [(edition.number, edition.published_by) for edition in Edition.objects.all()] == [
        (1, manager)
    ]
    assert results(team)["publish"] == {"edition": 1}


def test_a_team_that_publishes_nothing_by_itself_has_its_manager_reminded_once(
    team: Team, project: Project, manager: User
) -> None:
    Team.objects.update(publishes_itself=False)
    make_entry(project)
    for now in (DIGEST, DIGEST, at(5, 10)):
        tick(now)
    assert not Edition.objects.exists()
    assert results(team)["publish"] == {"waits": True, "managers": 1}
    assert [(reminder.kind, reminder.user) for reminder in Reminder.objects.all()] == [
        ("publish", manager)
    ]
    with time_machine.travel(DIGEST, tick=False):
        reminder_dispatch.send_due()
    assert [sent.to for sent in mail.outbox] == [["manager@example.com"]]


def test_a_manager_who_was_quicker_than_the_mail_gets_none(
    team: Team, project: Project, manager: User
) -> None:
    Team.objects.update(publishes_itself=False)
    make_entry(project)
    tick(DIGEST)
    with time_machine.travel(DIGEST, tick=False):
        publish.publish_week(Team.objects.get(), WEEK, publish.Publication(by=manager))
        reminder_dispatch.send_due()
    assert not mail.outbox
    assert Reminder.objects.get().state == SendState.UNWANTED


# --- nothing to say ------------------------------------------------------------------------------


def test_a_week_in_which_nobody_said_anything_is_not_published(
    team: Team, project: Project
) -> None:
    tick(DIGEST)
    assert results(team)["publish"] == {"nothing": True}
    assert not Edition.objects.exists()
    assert not Reminder.objects.filter(kind=ReminderKind.REVIEW).exists()


def test_a_question_of_an_earlier_week_says_nothing_in_this_one(
    team: Team, project: Project, manager: User
) -> None:
    question = make_question(project, manager)
    earlier = question.asked_at - ONE_WEEK
    Question.objects.update(week=WEEK - ONE_WEEK, asked_at=earlier)
    tick(DIGEST)
    assert results(team)["publish"] == {"nothing": True}


def test_week_of_a_team_without_projects_or_members_is_not_published(team: Team) -> None:
    Section.objects.create(team=team, page=make_page(team), kind=Kind.OTHER, body="年会")
    tick(DIGEST)
    make_user("somebody", team=team)
    assert results(team)["publish"] == {"nothing": True}
    assert not Edition.objects.exists()


def test_steps_due_before_the_team_began_are_not_made_up_for(team: Team, project: Project) -> None:
    Team.objects.update(runs_from=at(4, 12))
    make_entry(project)
    tick(at(5, 9))
    assert set(results(team)) == {"close", "publish"}


# --- idle weeks ----------------------------------------------------------------------------------


def test_in_a_skipped_week_nothing_happens_by_itself(team: Team, project: Project) -> None:
    close_all_week(team)
    make_entry(project)
    tick(at(6, 23))
    assert not WeekStep.objects.exists()


def test_a_merged_week_is_published_with_the_next_and_not_mailed_on_its_own(
    team: Team, project: Project
) -> None:
    Team.objects.update(idle_week=IdleWeek.MERGE)
    close_all_week(team)
    make_entry(project)
    make_entry(project, WEEK + ONE_WEEK)
    WeekFacts.objects.create(team=team, week=WEEK)
    for now in (MONDAY, DIGEST, at(6, 23)):
        tick(now)
    assert set(results(team)) == {"open"}
    tick(DIGEST + ONE_WEEK)
    published = Edition.objects.order_by("page__week").values_list("page__week", "number")
    assert list(published) == [(WEEK, 1), (WEEK + ONE_WEEK, 1)]
    assert [digest.edition.page.week for digest in Digest.objects.all()] == [WEEK + ONE_WEEK]


def test_a_merged_week_goes_with_the_one_that_its_manager_publishes(
    team: Team, project: Project, manager: User
) -> None:
    """A team that publishes nothing by itself has decided on both."""
    Team.objects.update(idle_week=IdleWeek.MERGE, publishes_itself=False)
    close_all_week(team)
    make_entry(project)
    make_entry(project, WEEK + ONE_WEEK)
    WeekFacts.objects.create(team=team, week=WEEK)
    tick(DIGEST + ONE_WEEK)
    assert not Edition.objects.exists()
    with time_machine.travel(DIGEST + ONE_WEEK, tick=False):
        publish.publish_week(Team.objects.get(), WEEK + ONE_WEEK, publish.Publication(by=manager))
    tick(DIGEST + ONE_WEEK)
    assert Edition.objects.filter(page__week=WEEK).count() == 1


# --- two clocks, and failures --------------------------------------------------------------------


def test_one_failing_team_keeps_no_other_waiting(
    team: Team, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry(project)
    other = make_team("risk")
    Team.objects.update(runs_from=MONDAY)
    make_entry(make_project(other, "反诈平台", lead=with_address(make_user("two", team=other))))
    compile_page = live.compile_page

    def fail(stepped: Team, *args: object) -> object:
        if stepped == team:
            raise RuntimeError("no such luck")
        return compile_page(stepped, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(live, "compile_page", fail)
    for _ in range(2):
        tick(CUTOFF)
    assert "close" in results(other)
    assert set(results(team)) == {"open", "remind_1", "remind_2"}
    record = AuditRecord.objects.get(action=steps.FAILED)  # told once, though tried twice
    assert (record.team, record.after) == (team, {"error": "RuntimeError: no such luck"})
    assert [step for step, _ in steps.failures(team, WEEK)] == ["close"]
    monkeypatch.undo()
    tick(DIGEST)
    assert set(results(team)) == {"open", "remind_1", "remind_2", "close", "publish"}


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_one_takes_each_step(team: Team, project: Project) -> None:
    make_entry(make_project(team, "POS"))
    together = threading.Barrier(2)

    def clock() -> int:
        try:
            together.wait(timeout=10)
            return steps.run(DIGEST)
        finally:
            connection.close()

    with time_machine.travel(DIGEST, tick=False), ThreadPoolExecutor(2) as clocks:
        taken = sum(future.result() for future in [clocks.submit(clock) for _ in range(2)])
    assert taken == 5
    assert WeekStep.objects.count() == 5
    assert Edition.objects.count() == Digest.objects.count() == 1


def test_idle_schedule_takes_the_same_queries_for_any_number_of_teams(team: Team) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert tick(at(2, 9)) == 0
        return len(captured)

    tick(at(2, 9))
    few = queries()
    for number in range(20):
        make_team(f"team-{number}")
    Team.objects.update(runs_from=MONDAY, idle_week=IdleWeek.MERGE)
    tick(at(2, 9))
    assert queries() == few <= 6
