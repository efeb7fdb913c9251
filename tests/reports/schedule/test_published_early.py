"""A page that the manager published on Thursday, and what leads save until the mail is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail

from projects.checkin import questions, recording
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.models import Project, Team, User
from reports.digest import deliveries, dispatch
from reports.models import Delivery, Digest, Edition, Reminder, ReminderKind, Step, WeekStep
from reports.pages import catching_up, editions, live, publish
from reports.render import wording
from reports.schedule import reminder_dispatch, steps
from reports.schedule.runs import run_of
from reports.weekly.document import Entry
from reports.weekly.needs import Course
from tests.factories import WEEK
from tests.reports.schedule.clock import CUTOFF, DIGEST, MONDAY, at

pytestmark = pytest.mark.django_db

EARLY = at(3, 16)


def go_on(start: datetime, end: datetime, minutes: int = 60) -> None:
    """The ticks of that time: steps, then digests, then reminders."""
    now = start
    while now <= end:
        with time_machine.travel(now, tick=False):
            steps.run(now)
            for edition_id in dispatch.sweep(now):
                while dispatch.send_batch(edition_id, now):
                    pass
            reminder_dispatch.send_due(now=now)
        now += timedelta(minutes=minutes)


def save(project: Project, text: str, percent: int, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        recording.record(
            project,
            WEEK,
            recording.CheckIn(text=text, health="on_track", percent=Decimal(percent)),
            by=project.lead,
        )


def publish_early(team: Team, manager: User, *, is_final: bool = False) -> Edition:
    with time_machine.travel(EARLY, tick=False):
        by = publish.Publication(by=manager, expected=0, is_final=is_final)
        return publish.publish_week(team, WEEK, by)


def mails_to(subject: str) -> list[Any]:
    return [message for message in mail.outbox if subject in message.subject]


def sent_entry() -> Entry:
    """The project's entry in the edition that was sent."""
    edition = Edition.objects.get(pk=Delivery.objects.values_list("edition", flat=True)[0])
    (entry,) = editions.document_of(edition).entries
    return entry


@pytest.fixture
def published(team: Team, project: Project, manager: User) -> Edition:
    """On Thursday it says 100 %, on Friday morning the lead reports a rollback."""
    go_on(MONDAY, at(3, 15), 720)
    save(project, "已全量上线", 100, at(3, 14))
    edition = publish_early(team, manager)
    save(project, "上线后回滚，影响结算", 60, at(4, 11))
    return edition


def test_the_fridays_mail_says_what_was_saved_on_friday(published: Edition, team: Team) -> None:
    go_on(at(3, 17), at(5, 12))
    assert sent_entry().percent == 60
    first, second = Edition.objects.order_by("number")
    assert (first, second.number, second.publisher) == (published, 2, "")
    assert not second.follows_mail
    digest = Digest.objects.get()
    assert (digest.edition, digest.prepared_at) == (second, DIGEST)
    recipients = Delivery.objects.values_list("recipient", flat=True)
    assert len(recipients) == len(set(recipients)) == 2
    publishing = WeekStep.objects.get(step=Step.PUBLISH)
    assert publishing.result == {"edition": 2, "by_itself": True, "follows": 1}


def test_the_manager_is_told_at_the_cutoff_once(published: Edition, manager: User) -> None:
    go_on(at(3, 17), CUTOFF - timedelta(minutes=30), 30)
    assert not Reminder.objects.filter(kind=ReminderKind.CHANGED).exists()
    go_on(CUTOFF, at(4, 17))
    assert Reminder.objects.get(kind=ReminderKind.CHANGED).user == manager
    (message,) = mails_to("第 1 版发布后有 1 个项目变化")
    assert manager.email in message.to[0]
    assert "100% → 60%" in str(message.body)


def test_what_comes_after_the_cutoff_goes_along_marked_late(
    published: Edition, project: Project
) -> None:
    go_on(at(3, 17), CUTOFF)
    save(project, "修复完成，明早再上线", 80, CUTOFF + timedelta(minutes=40))
    go_on(CUTOFF + timedelta(hours=1), at(4, 20))
    entry = sent_entry()
    assert (entry.percent, entry.is_late) == (80, True)
    assert wording.changes(entry, year=2024)[0] == "截止后更新"


def test_before_the_cutoff_nothing_is_late(published: Edition) -> None:
    go_on(at(3, 17), at(4, 20))
    assert not sent_entry().is_late


def test_what_comes_after_the_mail_waits_for_a_correction(
    published: Edition, team: Team, project: Project
) -> None:
    go_on(at(3, 17), at(4, 19))
    save(project, "周末值守", 70, at(4, 21))
    go_on(at(4, 22), at(6, 22), 240)
    assert Edition.objects.count() == 2
    with time_machine.travel(at(6, 23), tick=False):
        state = catching_up.behind(team, WEEK)
    assert state
    assert (state.number, state.projects, state.course) == (2, 1, Course.CORRECTED)


def test_a_final_edition_goes_out_as_it_is(team: Team, project: Project, manager: User) -> None:
    go_on(MONDAY, at(3, 15), 720)
    save(project, "已全量上线", 100, at(3, 14))
    publish_early(team, manager, is_final=True)
    save(project, "上线后回滚", 60, at(4, 11))
    with time_machine.travel(at(4, 12), tick=False):
        state = catching_up.behind(team, WEEK)
    assert state
    assert state.is_final
    go_on(at(3, 17), at(5, 12))
    assert sent_entry().percent == 100
    assert Edition.objects.count() == 1
    assert not Reminder.objects.filter(kind=ReminderKind.CHANGED).exists()


def test_final_is_taken_back_until_the_mail(team: Team, project: Project, manager: User) -> None:
    go_on(MONDAY, at(3, 15), 720)
    save(project, "已全量上线", 100, at(3, 14))
    edition = publish_early(team, manager, is_final=True)
    save(project, "上线后回滚", 60, at(4, 11))
    assert catching_up.set_final(edition, is_final=False, by=manager)
    go_on(at(3, 17), at(4, 20))
    assert sent_entry().percent == 60
    latest = editions.latest(team, WEEK)
    assert latest
    assert not catching_up.set_final(latest, is_final=True, by=manager)


# --- in a team that waits for its manager ---------------------------------------------------------


@pytest.fixture
def waits(team: Team) -> Team:
    Team.objects.update(publishes_itself=False)
    team.refresh_from_db()
    return team


def test_a_team_that_waits_sends_nothing_outdated(waits: Team, published: Edition) -> None:
    go_on(at(3, 17), at(5, 12))
    assert Edition.objects.get() == published
    assert not Delivery.objects.exists()
    assert Reminder.objects.filter(kind=ReminderKind.CHANGED).count() == 1
    assert WeekStep.objects.get(step=Step.PUBLISH).result["held"]
    with time_machine.travel(at(5, 13), tick=False):
        assert run_of(waits, WEEK, at(5, 13)).stations[-1].state == "waits"
        (figures,) = deliveries.figures_of(waits, WEEK)
    assert (figures.is_held, figures.is_under_way) == (True, False)


def test_its_manager_publishes_again_and_the_mail_goes_out(
    waits: Team, published: Edition, manager: User
) -> None:
    go_on(at(3, 17), at(4, 20))
    with time_machine.travel(at(4, 20, 30), tick=False):
        publish.publish_week(waits, WEEK, publish.Publication(by=manager, expected=1))
    go_on(at(4, 21), at(5, 12))
    assert sent_entry().percent == 60
    assert Delivery.objects.count() == 2


def test_or_declares_it_final(waits: Team, published: Edition, manager: User) -> None:
    go_on(at(3, 17), at(4, 20))
    with time_machine.travel(at(4, 20, 30), tick=False):
        assert catching_up.set_final(published, is_final=True, by=manager)
    go_on(at(4, 21), at(5, 12))
    assert sent_entry().percent == 100


def test_without_changes_its_mail_goes_out_in_time(
    waits: Team, project: Project, manager: User
) -> None:
    go_on(MONDAY, at(3, 15), 720)
    save(project, "联调", 80, at(3, 14))
    edition = publish_early(waits, manager)
    go_on(at(3, 17), at(5, 12))
    assert Digest.objects.get().prepared_at == DIGEST
    assert Edition.objects.get() == edition
    assert not Reminder.objects.filter(kind=ReminderKind.CHANGED).exists()


# --- what is no change --------------------------------------------------------------------------


def test_questions_and_answers_change_no_page(team: Team, project: Project, manager: User) -> None:
    go_on(MONDAY, at(3, 15), 720)
    save(project, "联调", 80, at(3, 14))
    with time_machine.travel(at(3, 15), tick=False):
        asked = questions.ask(project, WEEK, "几号上线？", by=manager)
        closed = questions.ask(project, WEEK, "谁值守？", by=manager)
    edition = publish_early(team, manager)
    with time_machine.travel(at(4, 9), tick=False):
        questions.answer(asked, "下周三", by=manager)
        questions.withdraw(closed, by=manager)
        live.compile_page(team, WEEK)
        assert catching_up.behind(team, WEEK) is None
        with pytest.raises(publish.NothingChanged):
            publish.publish_week(team, WEEK, publish.Publication(by=manager))
    go_on(at(3, 17), at(5, 12))
    assert Edition.objects.get() == edition


def test_a_day_that_goes_by_changes_no_page(team: Team, project: Project, manager: User) -> None:
    go_on(MONDAY, at(3, 15), 720)
    Project.objects.update(started_on=WEEK - timedelta(days=30))
    save(project, "联调", 80, at(3, 14))
    with time_machine.travel(at(3, 14), tick=False):
        update = MilestoneUpdate("联调", due_on=WEEK + timedelta(days=20))
        check_in = recording.CheckIn(
            text="联调", health="on_track", percent=Decimal(80), milestones=(update,)
        )
        recording.record(project, WEEK, check_in, by=project.lead)
    publish_early(team, manager)
    with time_machine.travel(at(5, 9), tick=False):
        assert catching_up.behind(team, WEEK) is None
