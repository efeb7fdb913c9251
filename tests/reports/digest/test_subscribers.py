from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import Message
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from okrtracker import broker
from okrtracker.mail import outbox
from okrtracker.mail.models import SendState
from projects.models import AuditRecord, Team, User
from projects.teams.invitations import Guest
from reports import tasks
from reports.digest import recipients, subscribers
from reports.digest.recipients import UnknownToken
from reports.digest.subscribers import Expired, Refusal, Refused, Removed, SubscriberState
from reports.models import Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_subscriber, make_team

pytestmark = pytest.mark.usefixtures("now")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
JANE = "jane@example.com"


def asked(personas: Personas, email: str = JANE, name: str = "Jane") -> Subscriber:
    (subscriber,) = subscribers.add(personas.team, [Guest(email, name)], "en", by=personas.manager)
    return subscriber


def refused(personas: Personas, *emails: str, at: timedelta = timedelta()) -> dict[str, Refusal]:
    guests = [Guest(email) for email in emails]
    with pytest.raises(Refused) as caught:
        subscribers.add(personas.team, guests, "en", by=personas.manager, now=NOW + at)
    return caught.value.reasons


def answered() -> None:
    """Their mail was sent."""
    Subscriber.objects.update(sent_at=NOW, state=SendState.SENT)


# --- adding


def test_each_is_written_down_with_a_mail_that_is_due(personas: Personas) -> None:
    guests = [Guest("Jane@Example.com", "Jane"), Guest("wang@example.com")]
    added = subscribers.add(personas.team, guests, "en", by=personas.manager)
    assert [(subscriber.email, subscriber.name, subscriber.language) for subscriber in added] == [
        (JANE, "Jane", "en"),
        ("wang@example.com", "", "en"),
    ]
    assert set(Subscriber.objects.due(NOW)) == set(added)
    noted = AuditRecord.objects.order_by("pk").values_list("action", "subject", "by")
    manager = personas.manager.pk
    assert list(noted) == [
        ("subscriber.add", JANE, manager),
        ("subscriber.add", "wang@example.com", manager),
    ]
    assert recipients.recipients_of(personas.team) == []


def test_all_addresses_are_added_or_none(personas: Personas) -> None:
    asked(personas)
    assert refused(personas, "wang@example.com", JANE) == {JANE: Refusal.IS_ON_LIST}
    assert Subscriber.objects.count() == 1


def test_members_are_not_asked(personas: Personas) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="Lead@Example.com")
    assert refused(personas, "lead@example.com") == {"lead@example.com": Refusal.IS_MEMBER}


def test_team_remembers_who_unsubscribed(personas: Personas) -> None:
    subscriber = asked(personas)
    recipients.unsubscribe(recipients.token_of(recipients.reader_of(subscriber)))
    assert refused(personas, JANE, at=DAY) == {JANE: Refusal.UNSUBSCRIBED}
    # Removing does not make them be forgotten.
    assert not subscribers.remove(subscriber, by=personas.manager)
    assert refused(personas, JANE, at=DAY) == {JANE: Refusal.UNSUBSCRIBED}
    # Another team never asked them.
    other = Team.objects.get(slug="risk")
    assert subscribers.add(other, [Guest(JANE)], "en", by=personas.outsider)


def test_removed_person_may_be_asked_again_within_the_limits(personas: Personas) -> None:
    for time in range(3):
        asked(personas) if not time else subscribers.add(
            personas.team, [Guest(JANE)], "en", by=personas.manager, now=NOW + time * HOUR
        )
        (subscriber,) = Subscriber.objects.all()
        assert subscribers.remove(subscriber, by=personas.manager)
        soon = time * HOUR + 59 * MINUTE
        expected = Refusal.TOO_OFTEN if time == 2 else Refusal.TOO_SOON
        assert refused(personas, JANE, at=soon) == {JANE: expected}
    assert refused(personas, JANE, at=300 * DAY) == {JANE: Refusal.TOO_OFTEN}
    assert subscriber.name == "Jane"  # kept when it is not given again


def test_a_team_has_its_limit_a_day(personas: Personas) -> None:
    emails = [f"reader{n}@example.com" for n in range(51)]
    assert refused(personas, *emails) == {"reader50@example.com": Refusal.TOO_MANY}
    guests = [Guest(email) for email in emails[:50]]
    subscribers.add(personas.team, guests, "en", by=personas.manager)
    assert refused(personas, emails[50], at=23 * HOUR) == {emails[50]: Refusal.TOO_MANY}
    assert subscribers.left_today(personas.team, personas.manager, NOW + DAY) == 50


def test_limit_holds_over_all_teams_of_a_manager(personas: Personas) -> None:
    guests = [Guest(f"reader{n}@example.com") for n in range(50)]
    subscribers.add(personas.team, guests, "en", by=personas.manager)
    mine = make_team("mine")
    with pytest.raises(Refused):
        subscribers.add(mine, [Guest(JANE)], "en", by=personas.manager)
    assert subscribers.add(mine, [Guest(JANE)], "en", by=personas.outsider)


# --- asking again


def test_person_is_asked_hourly_at_most_and_three_times(personas: Personas) -> None:
    subscriber, by = asked(personas), personas.manager

    def again(at: timedelta) -> Refusal | None:
        try:
            subscribers.resend(subscriber, by=by, now=NOW + at)
        except Refused as refused:
            return refused.reasons[JANE]
        return None

    tries = [again(at) for at in (59 * MINUTE, HOUR, HOUR, 2 * HOUR, 9 * DAY)]
    assert tries == [Refusal.TOO_SOON, None, Refusal.TOO_SOON, None, Refusal.TOO_OFTEN]
    subscriber.refresh_from_db()
    assert (subscriber.times_wanted, subscriber.state, subscriber.sent_at) == (
        3,
        SendState.PENDING,
        None,
    )


def test_person_who_answered_is_not_asked_again(personas: Personas) -> None:
    subscriber = asked(personas)
    subscribers.confirm(subscribers.token_of(subscriber))
    with pytest.raises(Refused):
        subscribers.resend(subscriber, by=personas.manager, now=NOW + DAY)
    recipients.unsubscribe(recipients.token_of(recipients.reader_of(subscriber)))
    with pytest.raises(Refused):
        subscribers.resend(subscriber, by=personas.manager, now=NOW + DAY)


def test_asking_again_counts_for_the_day(personas: Personas) -> None:
    subscriber = asked(personas)
    guests = [Guest(f"reader{n}@example.com") for n in range(50)]
    later = NOW + 2 * DAY
    subscribers.add(personas.team, guests, "en", by=personas.manager, now=later)
    with pytest.raises(Refused) as caught:
        subscribers.resend(subscriber, by=personas.manager, now=later)
    assert caught.value.reasons == {JANE: Refusal.TOO_MANY}


# --- the yes


def test_only_confirming_makes_a_reader(personas: Personas) -> None:
    subscriber = asked(personas)
    token = subscribers.token_of(subscriber)
    assert JANE not in token
    for _ in range(2):
        subscribers.confirm(token, NOW + HOUR)
    subscriber.refresh_from_db()
    assert subscriber.confirmed_at == NOW + HOUR
    assert subscribers.send_due(now=NOW + HOUR) == 0
    assert [subscriber.address for subscriber in recipients.recipients_of(personas.team)] == [JANE]
    assert AuditRecord.objects.filter(action="subscriber.confirm").count() == 1


def test_the_link_holds_for_two_weeks(personas: Personas) -> None:
    token = subscribers.token_of(asked(personas))
    with time_machine.travel(NOW + 14 * DAY, tick=False):
        assert subscribers.find(token).email == JANE
    with time_machine.travel(NOW + 14 * DAY + MINUTE, tick=False):
        for call in (subscribers.find, subscribers.confirm):
            with pytest.raises(Expired):
                call(token)


def test_token_signed_for_something_else_confirms_nothing(personas: Personas) -> None:
    subscriber = asked(personas)
    token = subscribers.token_of(subscriber)
    of_digest = recipients.token_of(recipients.reader_of(subscriber))
    for wrong in ("", "x", token[:-1], f"9{token}", of_digest, str(subscriber.pk)):
        with pytest.raises(UnknownToken):
            subscribers.confirm(wrong)


def test_removed_person_confirms_nothing(personas: Personas) -> None:
    subscriber = asked(personas)
    token = subscribers.token_of(subscriber)
    for _ in range(2):
        assert subscribers.remove(subscriber, by=personas.manager)
    with pytest.raises(Removed):
        subscribers.confirm(token)
    assert AuditRecord.objects.filter(action="subscriber.remove").count() == 1
    assert list(subscribers.on_list(personas.team)) == []


def test_unsubscribed_person_comes_back_by_confirming(personas: Personas) -> None:
    subscriber = asked(personas)
    token = subscribers.token_of(subscriber)
    recipients.unsubscribe(recipients.token_of(recipients.reader_of(subscriber)))
    subscribers.confirm(token)
    assert [subscriber.address for subscriber in recipients.recipients_of(personas.team)] == [JANE]


# --- the list


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, SubscriberState.DUE),
        ({"state": SendState.CLAIMED}, SubscriberState.DUE),
        ({"state": SendState.SENT, "sent_at": NOW}, SubscriberState.ASKED),
        ({"state": SendState.SENT, "sent_at": NOW - 14 * DAY}, SubscriberState.UNANSWERED),
        ({"state": SendState.FAILED}, SubscriberState.UNDELIVERED),
        ({"wanted_at": NOW - 14 * DAY}, SubscriberState.UNDELIVERED),
        ({"confirmed_at": NOW}, SubscriberState.CONFIRMED),
        ({"confirmed_at": NOW, "unsubscribed_at": NOW}, SubscriberState.UNSUBSCRIBED),
        ({"unsubscribed_at": NOW, "removed_at": NOW}, SubscriberState.REMOVED),
    ],
)
def test_state_of_a_subscriber(
    personas: Personas, values: dict[str, object], state: SubscriberState
) -> None:
    asked(personas)
    Subscriber.objects.update(**values)
    assert subscribers.state_of(Subscriber.objects.get(), NOW) is state


def test_old_question_counts_as_unanswered(personas: Personas) -> None:
    subscriber = asked(personas)
    answered()
    subscriber.refresh_from_db()
    listed = subscribers.listed(subscriber, NOW + 14 * DAY)
    assert (listed.state, listed.may_be_asked, listed.is_waiting) == (
        SubscriberState.UNANSWERED,
        True,
        True,
    )
    assert not subscribers.listed(subscriber, NOW + MINUTE).may_be_asked
    assert not subscribers.listed(make_subscriber(personas.team), NOW).may_be_asked


# --- the mails


def test_each_is_asked_once(personas: Personas) -> None:
    subscriber = asked(personas)
    assert subscribers.send_due(personas.team.pk + 1000) == 0
    assert subscribers.send_due() == 1
    assert subscribers.send_due(now=NOW + DAY) == 0
    subscriber.refresh_from_db()
    assert subscriber.state == SendState.SENT
    assert subscriber.sent_at is not None
    assert subscriber.sent_at - NOW < MINUTE
    assert [message.to for message in mail.outbox] == [[JANE]]


@pytest.mark.parametrize(("language", "words"), [("en", "two weeks"), ("zh-hans", "两周")])
def test_the_mail_asks_in_the_readers_language(
    personas: Personas, language: str, words: str
) -> None:
    Team.objects.filter(pk=personas.team.pk).update(name="Pay\n<b>&Co</b>")
    personas.team.refresh_from_db()
    guest = Guest(JANE, "<i>Jane</i>")
    (subscriber,) = subscribers.add(personas.team, [guest], language, by=personas.manager)
    subscribers.send_due()
    message = mail.outbox[0]
    assert isinstance(message, mail.EmailMultiAlternatives)
    text, html = str(message.body), str(message.alternatives[0][0])
    link = f"https://okr.example.com/subscription/confirm/{subscribers.token_of(subscriber)}/"
    never = recipients.unsubscribe_url(recipients.reader_of(subscriber))
    for part in (text, html):
        for wanted in (link, never, words, "林岚"):
            assert wanted in part
    assert "<i>" in text
    assert "<i>" not in html
    assert "<b>" not in html
    assert "\n" not in message.subject
    assert f'lang="{language}"' in html


def test_a_mail_program_can_say_never_at_once(personas: Personas) -> None:
    subscriber = asked(personas)
    subscribers.send_due()
    sent: Message = mail.outbox[0].message()
    never = recipients.unsubscribe_url(recipients.reader_of(subscriber))
    assert "".join(str(sent["List-Unsubscribe"]).split()) == f"<{never}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    subscriber.refresh_from_db()
    assert sent["Message-ID"] == subscriber.message_id
    assert subscriber.message_id.startswith(f"<subscriber-{subscriber.pk}-")
    assert sent["Auto-Submitted"] == "auto-generated"


def test_failed_mail_is_tried_again_after_growing_pauses(personas: Personas) -> None:
    subscriber = asked(personas)
    with patch.object(EmailBackend, "send_messages", side_effect=smtplib.SMTPServerDisconnected):
        tries = [n for n in range(70) if subscribers.send_due(now=NOW + n * MINUTE * 1.01)]
    assert tries == [0, 1, 3, 7, 15, 31, 63]
    subscriber.refresh_from_db()
    assert subscribers.state_of(subscriber, NOW + HOUR) is SubscriberState.DUE
    assert subscribers.send_due(now=NOW + 130 * MINUTE) == 1
    subscriber.refresh_from_db()
    assert subscribers.state_of(subscriber, NOW + 130 * MINUTE) is SubscriberState.ASKED


def test_another_question_is_another_mail(personas: Personas) -> None:
    subscriber = asked(personas)
    subscribers.send_due()
    subscribers.resend(subscriber, by=personas.manager, now=NOW + 2 * HOUR)
    subscribers.send_due(now=NOW + 2 * HOUR)
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first != second


def test_permanently_refused_mail_is_given_up_and_shown(personas: Personas) -> None:
    subscriber = asked(personas)
    refusal = smtplib.SMTPRecipientsRefused({JANE: (550, b"no such user")})
    with patch.object(EmailBackend, "send_messages", side_effect=refusal):
        subscribers.send_due()
    subscriber.refresh_from_db()
    assert not mail.outbox
    assert subscribers.state_of(subscriber, NOW) is SubscriberState.UNDELIVERED
    assert subscribers.send_due(now=NOW + DAY) == 0


def test_without_a_mail_server_it_waits_and_no_attempt_counts(personas: Personas) -> None:
    subscriber = asked(personas)
    with patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError):
        assert subscribers.send_due() == 0
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.attempts) == (SendState.PENDING, 0)
    assert subscribers.send_due(now=NOW + 2 * MINUTE) == 1


def test_of_two_workers_one_asks(personas: Personas) -> None:
    asked(personas)
    outbox.claim(Subscriber.objects.all(), NOW)  # by another worker
    assert subscribers.send_due() == 0
    assert not mail.outbox


@pytest.mark.parametrize("end", ["removed", "unsubscribed", "confirmed"])
def test_nobody_is_asked_after_an_answer_or_removal(personas: Personas, end: str) -> None:
    subscriber = asked(personas)
    if end == "removed":
        subscribers.remove(subscriber, by=personas.manager)
    elif end == "confirmed":
        subscribers.confirm(subscribers.token_of(subscriber))
    else:
        recipients.unsubscribe(recipients.token_of(recipients.reader_of(subscriber)))
    assert subscribers.send_due() == 0


def test_the_task_and_the_tick_ask_once(personas: Personas) -> None:
    asked(personas)
    tasks.ask_subscribers(personas.team.pk)
    tasks.tick()
    assert len(mail.outbox) == 1


def test_tick_sends_what_a_lost_message_left(personas: Personas) -> None:
    asked(personas)
    tasks.tick()
    assert [message.to for message in mail.outbox] == [[JANE]]


def test_without_a_broker_nobody_waits(
    personas: Personas, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        patch.object(tasks.ask_subscribers, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        broker.publish_on_commit(tasks.ask_subscribers, personas.team.pk)
