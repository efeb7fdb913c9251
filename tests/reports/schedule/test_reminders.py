"""Who is reminded, by what mail, and what becomes of a mail that cannot be sent."""

from __future__ import annotations

import re
import smtplib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from okrtracker.mail import outbox, smtp_errors
from projects.models import Health, Project, Role, Team, User
from projects.weeks import WEEK as ONE_WEEK
from reports.models import Reminder, SendState
from reports.render.mail import reminders as words
from reports.schedule import reminder_dispatch, reminders
from tests.factories import NOW, WEEK, make_entry, make_project, make_team, make_user
from tests.reports.render.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def with_address(user: User) -> User:
    user.email = f"{user.username}@example.com"
    user.save()
    return user


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def manager(team: Team) -> User:
    return with_address(make_user("manager", "林岚", team))


@pytest.fixture
def lead(team: Team) -> User:
    return with_address(make_user("lead", "许澄", team))


@pytest.fixture
def project(team: Team, lead: User) -> Project:
    return make_project(team, "贝易转", lead=lead)


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Callable[[], None]:
    """Let no mail out; returns what lets them out again."""

    def send(_self: EmailBackend, _messages: Sequence[EmailMessage]) -> int:
        raise error

    with_mail = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    return lambda: monkeypatch.setattr(EmailBackend, "send_messages", with_mail)


# --- who waits -------------------------------------------------------------------------------


def test_only_open_projects_without_an_entry_wait(team: Team, project: Project) -> None:
    make_entry(make_project(team, "已更新"))
    make_entry(make_project(team, "暂停"), WEEK - ONE_WEEK, health=Health.PAUSED)
    make_entry(make_project(team, "完成"), WEEK - ONE_WEEK, health=Health.DONE)
    make_project(team, "已关闭", closed_on=WEEK - timedelta(days=3))
    make_project(team, "未开始", started_on=WEEK + ONE_WEEK)
    make_project(make_team("risk"), "别队的")
    late = make_project(team, "POS")
    make_entry(late, WEEK - 2 * ONE_WEEK)
    assert [(waiting.name, waiting.last_week) for waiting in reminders.waiting(team, WEEK)] == [  # type: ignore[attr-defined]
        ("贝易转", None),
        ("POS", WEEK - 2 * ONE_WEEK),
    ]


# --- asking ------------------------------------------------------------------------------------


def test_each_lead_gets_one_reminder(
    team: Team, project: Project, manager: User, lead: User
) -> None:
    make_project(team, "POS", lead=lead)
    asked = reminders.remind(team, WEEK, by=manager)
    (reminder,) = asked.reminders
    assert Reminder.objects.get() == reminder
    assert (reminder.user, reminder.week, reminder.requested_by) == (lead, WEEK, manager)
    assert (reminder.state, reminder.requested_at) == (SendState.PENDING, NOW)


def test_one_project_reminds_its_lead_alone(team: Team, project: Project, manager: User) -> None:
    other = with_address(make_user("other", team=team))
    make_project(team, "POS", lead=other)
    asked = reminders.remind(team, WEEK, by=manager, projects=[project.pk])
    assert [reminder.user for reminder in asked.reminders] == [project.lead]


def test_lead_who_has_reported_is_not_reminded(team: Team, project: Project, manager: User) -> None:
    make_entry(project)
    assert reminders.remind(team, WEEK, by=manager) == reminders.Request()
    assert reminders.remind(team, WEEK, by=manager, projects=[project.pk]) == reminders.Request()


def test_nobody_is_reminded_twice_within_an_hour(
    team: Team, project: Project, manager: User
) -> None:
    first = reminders.remind(team, WEEK, by=manager)
    soon = reminders.remind(team, WEEK, by=manager, at=NOW + timedelta(minutes=59))
    assert (soon.reminders, soon.lately) == ((), first.reminders)
    later = reminders.remind(team, WEEK, by=manager, at=NOW + timedelta(minutes=60))
    assert (len(later.reminders), later.lately) == (1, ())


def test_a_reminder_that_failed_has_reminded_nobody(
    team: Team, project: Project, manager: User
) -> None:
    reminders.remind(team, WEEK, by=manager)
    Reminder.objects.update(state=SendState.FAILED)
    assert len(reminders.remind(team, WEEK, by=manager).reminders) == 1


def test_lead_without_address_is_named(team: Team, project: Project, lead: User) -> None:
    User.objects.filter(pk=lead.pk).update(email="")
    leaderless = make_project(team, "POS")
    asked = reminders.remind(team, WEEK, by=None)
    assert asked == reminders.Request(unreachable=(lead,), leaderless=(leaderless,))
    assert not Reminder.objects.exists()


def test_lead_who_cannot_report_is_not_asked(team: Team, project: Project, lead: User) -> None:
    """A lead who was made a viewer since, and one who is no member: a link would lead nowhere."""
    stranger = with_address(make_user("stranger"))
    theirs = make_project(team, "POS", lead=stranger)
    team.memberships.filter(user=lead).update(role=Role.VIEWER)
    asked = reminders.remind(team, WEEK, by=None, round=1)
    assert set(asked.leaderless) == {project, theirs}
    assert not Reminder.objects.exists()


def test_lead_who_can_no_longer_report_gets_no_mail(
    team: Team, project: Project, lead: User
) -> None:
    reminders.remind(team, WEEK, by=None, round=1)
    team.memberships.filter(user=lead).update(role=Role.VIEWER)
    reminder_dispatch.send_due()
    assert not mail.outbox
    assert Reminder.objects.get().state == SendState.UNWANTED


def test_unwanted_reminder_does_not_hide_the_one_before(
    team: Team, project: Project, lead: User
) -> None:
    minute = timedelta(minutes=1)
    for ago, state in ((20, SendState.SENT), (10, SendState.UNWANTED)):
        at = NOW - ago * minute
        Reminder.objects.create(team=team, week=WEEK, user=lead, requested_at=at, state=state)
    asked = reminders.remind(team, WEEK, by=None)
    assert [reminder.state for reminder in asked.lately] == [SendState.SENT]
    assert not asked.reminders


def test_an_administrator_may_lead_without_being_a_member(team: Team) -> None:
    chief = with_address(make_user("chief"))
    User.objects.filter(pk=chief.pk).update(is_superuser=True)
    make_project(team, "POS", lead=chief)
    assert len(reminders.remind(team, WEEK, by=None, round=1).reminders) == 1
    reminder_dispatch.send_due()
    assert [sent.to for sent in mail.outbox] == [[chief.email]]


# --- the mail ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_one_mail_tells_of_all_that_waits(
    team: Team, project: Project, manager: User, lead: User, language: str
) -> None:
    Team.objects.filter(pk=team.pk).update(language=language)
    pos = make_project(team, "POS <收银>", lead=lead)
    make_entry(pos, WEEK - 3 * ONE_WEEK)
    Reminder.objects.create(pk=7, team=team, week=WEEK, user=lead, requested_by=manager)
    reminder_dispatch.send_due(team.pk)
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.to, sent.reply_to) == (["lead@example.com"], ["manager@example.com"])
    reminder = Reminder.objects.get()
    assert re.fullmatch(r"<reminder-7-[0-9a-f]{12}@okr\.example\.com>", reminder.message_id)
    head = sent.message()
    assert head["Message-ID"] == reminder.message_id
    assert head["To"] == "许澄 <lead@example.com>"
    assert head["Auto-Submitted"] == "auto-generated"
    address = "https://okr.example.com/t/pay/checkin/#checkin_card_"
    html = str(sent.alternatives[0][0])
    for waiting in (project, pos):
        assert f"{address}{waiting.pk}\n" in str(sent.body)
        assert f'href="{address}{waiting.pk}"' in html
    text = f"Subject: {sent.subject}\n\n{sent.body}"
    for number, waiting in enumerate((project, pos), 1):
        text = text.replace(f"card_{waiting.pk}\n", f"card_<{number}>\n")
        html = html.replace(f'card_{waiting.pk}"', f'card_({number})"')
    assert_golden(f"reminder.{language}.txt", text)
    assert_golden(f"reminder.{language}.html", html)


def test_it_is_sent_once_and_marked(team: Team, project: Project, manager: User) -> None:
    (reminder,) = reminders.remind(team, WEEK, by=manager).reminders
    for _ in range(2):
        reminder_dispatch.send_due(team.pk)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.attempts) == (SendState.SENT, 1)
    assert reminder.sent_at is not None
    assert reminder.sent_at - NOW < timedelta(seconds=5)
    assert len(mail.outbox) == 1


def test_reminder_held_by_another_worker_is_left_to_it(team: Team, project: Project) -> None:
    reminders.remind(team, WEEK, by=None)
    held = {"state": SendState.CLAIMED, "claimed_until": NOW + outbox.lease()}
    Reminder.objects.update(**held)
    reminder_dispatch.send_due(team.pk)
    assert not mail.outbox
    reminder_dispatch.send_due(now=NOW + outbox.lease())  # that worker is dead
    assert len(mail.outbox) == 1


def test_lead_who_reported_meanwhile_gets_no_mail(team: Team, project: Project) -> None:
    reminders.remind(team, WEEK, by=None)
    make_entry(project)
    reminder_dispatch.send_due(team.pk)
    assert not mail.outbox
    assert Reminder.objects.get().state == SendState.UNWANTED


def test_a_week_that_is_over_is_not_asked_for(team: Team, project: Project, lead: User) -> None:
    Reminder.objects.create(team=team, week=WEEK - ONE_WEEK, user=lead)
    reminder_dispatch.send_due()
    assert not mail.outbox
    assert Reminder.objects.get().state == SendState.UNWANTED


# --- failures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("refused"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPDataError(451, b"try again"),
        smtplib.SMTPRecipientsRefused({"lead@example.com": (450, b"greylisted")}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_passing_error_is_tried_again_by_the_tick(
    team: Team, project: Project, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    (reminder,) = reminders.remind(team, WEEK, by=None).reminders
    let_out = refuse(monkeypatch, error)
    reminder_dispatch.send_due(team.pk)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.error) == (SendState.PENDING, smtp_errors.words_of(error))
    let_out()
    assert reminder_dispatch.send_due(now=NOW + timedelta(seconds=59)) == 0
    assert reminder_dispatch.send_due(now=NOW + timedelta(seconds=65)) == 1
    reminder.refresh_from_db()
    assert (reminder.state, reminder.error, len(mail.outbox)) == (SendState.SENT, "", 1)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"lead@example.com": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"rejected"),
        ValueError("Invalid address"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_permanent_error_is_kept_as_failed(
    team: Team, project: Project, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    (reminder,) = reminders.remind(team, WEEK, by=None).reminders
    refuse(monkeypatch, error)
    reminder_dispatch.send_due(team.pk)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.error) == (SendState.FAILED, smtp_errors.words_of(error))
    assert reminder_dispatch.send_due(now=NOW + timedelta(days=1)) == 0


def test_it_gives_up_after_hours(
    team: Team, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reminder,) = reminders.remind(team, WEEK, by=None).reminders
    refuse(monkeypatch, smtplib.SMTPDataError(451, b"try again"))
    now, attempts = NOW, 0
    while reminder_dispatch.send_due(now=now):
        attempts += 1
        reminder.refresh_from_db()
        now = reminder.claimed_until or now
    assert attempts == Reminder.attempts_limit
    assert reminder.state == SendState.FAILED
    assert (now - NOW) // timedelta(minutes=1) == 255


def test_the_sweep_goes_on_after_one_that_cannot_be_made(
    team: Team, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = with_address(make_user("other", team=team))
    make_project(team, "POS", lead=other)
    first, _second = reminders.remind(team, WEEK, by=None).reminders
    made = words.to_lead

    def break_first(reminder: Reminder, projects: list[Project], cutoff: datetime) -> object:
        if reminder.pk == first.pk:
            raise RuntimeError
        return made(reminder, projects, cutoff)

    monkeypatch.setattr(words, "to_lead", break_first)
    assert reminder_dispatch.send_due() == 2
    assert [message.to for message in mail.outbox] == [["other@example.com"]]


def test_a_fixed_number_of_queries(team: Team, project: Project, manager: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            reminders.remind(team, WEEK, by=manager)
        return len(captured)

    few = queries()
    Reminder.objects.all().delete()
    for number in range(20):
        lead = with_address(make_user(f"lead{number}", team=team))
        make_project(team, f"项目{number}", lead=lead)
    assert queries() == few


def test_sending_more_takes_no_more_queries_but_for_settling(team: Team, project: Project) -> None:
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reminder_dispatch.send_due(team.pk) == count
        return len(captured) - count

    reminders.remind(team, WEEK, by=None)
    few = queries(1)
    Reminder.objects.all().delete()
    for number in range(20):
        lead = with_address(make_user(f"lead{number}", team=team))
        make_project(team, f"项目{number}", lead=lead)
    reminders.remind(team, WEEK, by=None)
    assert queries(21) == few


# --- at the same moment ----------------------------------------------------------------------


def test_a_worker_that_comes_while_another_sends_leaves_it_alone(
    team: Team, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    reminders.remind(team, WEEK, by=None)
    send = EmailBackend.send_messages

    def meanwhile(self: EmailBackend, messages: list[EmailMessage]) -> int:
        assert reminder_dispatch.send_due(team.pk) == 0
        assert reminder_dispatch.send_due() == 0
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", meanwhile)
    reminder_dispatch.send_due(team.pk)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_remind_each_lead_once(team: Team, lead: User) -> None:
    for number in range(5):
        make_project(
            team, f"项目{number}", lead=with_address(make_user(f"lead{number}", team=team))
        )
    together = threading.Barrier(2)

    def ask() -> int:
        try:
            together.wait(timeout=10)
            return len(reminders.remind(team, WEEK, by=None).reminders)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as managers:
        asked = [managers.submit(ask) for _ in range(2)]
    assert sorted(future.result() for future in asked) == [0, 5]
    assert Reminder.objects.count() == 5
