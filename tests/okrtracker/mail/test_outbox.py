from __future__ import annotations

import smtplib
import socket
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from okrtracker.mail import outbox, smtp_errors
from okrtracker.mail.models import SendState
from projects.models import Team
from reports.models import Delivery, Edition
from tests.factories import NOW, make_delivery, make_edition, make_subscriber, make_team

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def edition() -> Edition:
    return make_edition(make_team())


def deliveries(edition: Edition, count: int) -> list[Delivery]:
    team: Team = edition.team
    readers = (make_subscriber(team, f"reader{n}@example.com") for n in range(count))
    return [make_delivery(edition, reader) for reader in readers]


def claimed(edition: Edition) -> Delivery:
    deliveries(edition, 1)
    (row,) = outbox.claim(Delivery.objects.all(), NOW)
    return row


# --- claiming ------------------------------------------------------------------------------------


def test_each_claim_gets_other_rows_the_oldest_first(edition: Edition) -> None:
    made = deliveries(edition, 5)
    first = outbox.claim(Delivery.objects.all(), NOW, 3)
    second = outbox.claim(Delivery.objects.all(), NOW, 3)
    assert [first, second] == [made[:3], made[3:]]
    assert outbox.claim(Delivery.objects.all(), NOW, 3) == []
    assert {row.claimed_by for row in first} != {row.claimed_by for row in second}


def test_a_claim_sets_what_it_is_given(edition: Edition) -> None:
    deliveries(edition, 1)
    (row,) = outbox.claim(Delivery.objects.all(), NOW, message_id="<1@okr>")
    assert (row.state, row.message_id, row.attempts) == (SendState.CLAIMED, "<1@okr>", 0)


@override_settings(SENDING_LEASE=60)
def test_rows_of_a_dead_worker_are_due_when_the_lease_is_over(edition: Edition) -> None:
    row = claimed(edition)
    assert outbox.claim(Delivery.objects.all(), NOW + timedelta(seconds=59)) == []
    assert outbox.claim(Delivery.objects.all(), NOW + timedelta(seconds=60)) == [row]


def test_worker_that_lost_its_claim_settles_nothing(edition: Edition) -> None:
    slow = claimed(edition)
    later = NOW + outbox.lease()
    (other,) = outbox.claim(Delivery.objects.all(), later)
    assert outbox.settle_sent(other, later)
    assert not outbox.settle_failed(slow, smtplib.SMTPDataError(554, b"no"), later)
    assert not outbox.release([slow])
    row = Delivery.objects.get()
    assert (row.state, row.sent_at, row.error) == (SendState.SENT, later, "")


def test_slow_worker_cannot_settle_a_row_claimed_by_another(edition: Edition) -> None:
    slow = claimed(edition)
    outbox.claim(Delivery.objects.all(), NOW + outbox.lease())
    assert not outbox.settle_sent(slow, NOW + outbox.lease())
    assert Delivery.objects.get().state == SendState.CLAIMED


def test_released_rows_are_due_at_once(edition: Edition) -> None:
    row = claimed(edition)
    assert outbox.release([row]) == 1
    assert outbox.release([]) == 0
    (again,) = outbox.claim(Delivery.objects.all(), NOW)
    assert again.attempts == 0


def test_settling_is_one_query_and_claiming_does_not_grow(edition: Edition) -> None:
    def asked(limit: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            rows = outbox.claim(Delivery.objects.all(), NOW, limit)
        with CaptureQueriesContext(connection) as settling:
            outbox.settle_sent(rows[0], NOW)
        assert (len(rows), len(settling)) == (limit, 1)
        return len(queries)

    deliveries(edition, 42)
    assert asked(2) == asked(40)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_claim_each_row_once(edition: Edition) -> None:
    deliveries(edition, 40)
    start, got = threading.Barrier(4), list[int]()

    def work() -> None:
        start.wait()
        try:
            while rows := outbox.claim(Delivery.objects.all(), NOW, 3):
                got.extend(row.pk for row in rows)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == sorted(Delivery.objects.values_list("pk", flat=True))


# --- failures ------------------------------------------------------------------------------------


def refused(*codes: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({f"{n}@x.cn": (c, b"no") for n, c in enumerate(codes)})


PERMANENT = [
    refused(550),
    refused(553),
    smtplib.SMTPDataError(554, b"looks like spam"),
    smtplib.SMTPSenderRefused(552, b"too large", "okr@x.cn"),
    ValueError("Invalid address"),
]
PASSING = [
    refused(450),
    refused(452),
    refused(550, 450),
    smtplib.SMTPDataError(451, b"try again"),
    smtplib.SMTPServerDisconnected("lost"),
    RuntimeError("a fault of ours"),
]
OF_THE_SERVER = [
    ConnectionRefusedError(111, "Connection refused"),
    TimeoutError("timed out"),
    socket.gaierror(-2, "Name or service not known"),
    smtplib.SMTPConnectError(554, b"no service"),
    smtplib.SMTPHeloError(550, b"who are you"),
    smtplib.SMTPAuthenticationError(535, b"wrong password"),
    smtplib.SMTPNotSupportedError("STARTTLS extension not supported"),
    smtplib.SMTPSenderRefused(451, b"later", "okr@x.cn"),
    smtplib.SMTPSenderRefused(550, b"you may not", "okr@x.cn"),
    smtplib.SMTPDataError(421, b"closing"),
    refused(421),
    refused(530),
]


def kept_error(error: Exception) -> str:
    return f"{type(error).__name__} {smtp_errors.words_of(error)[:3]}"


@pytest.mark.parametrize("error", PERMANENT, ids=kept_error)
def test_permanent_error_fails_at_once(edition: Edition, error: Exception) -> None:
    row = claimed(edition)
    assert smtp_errors.is_permanent(error)
    assert outbox.settle_failed(row, error, NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.claimed_until) == (SendState.FAILED, 1, None)
    assert row.error == smtp_errors.words_of(error)


@pytest.mark.parametrize("error", PASSING, ids=kept_error)
def test_passing_error_waits_for_another_attempt(edition: Edition, error: Exception) -> None:
    row = claimed(edition)
    assert not smtp_errors.is_permanent(error)
    outbox.settle_failed(row, error, NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (SendState.PENDING, 1)
    assert row.claimed_until == NOW + MINUTE


@pytest.mark.parametrize("error", OF_THE_SERVER, ids=kept_error)
def test_error_of_the_server_counts_as_no_attempt(edition: Edition, error: Exception) -> None:
    row = claimed(edition)
    assert not smtp_errors.is_permanent(error)
    outbox.settle_failed(row, error, NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (SendState.PENDING, 0)
    assert row.claimed_until == NOW + MINUTE


def test_pauses_double_until_it_gives_up_four_hours_later(edition: Edition) -> None:
    deliveries(edition, 1)
    now, pauses = NOW, []
    while rows := outbox.claim(Delivery.objects.all(), now):
        outbox.settle_failed(rows[0], smtplib.SMTPDataError(451, b"later"), now)
        until = Delivery.objects.get().claimed_until
        if until is not None:
            pauses.append((until - now) // MINUTE)
            now = until
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128]
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.error) == (
        SendState.FAILED,
        Delivery.attempts_limit,
        "451 later",
    )


def test_hold_puts_off_due_rows_only(edition: Edition) -> None:
    due, held, done = deliveries(edition, 3)
    done.state = SendState.SENT
    done.save()
    (mine,) = outbox.claim(Delivery.objects.filter(pk=held.pk), NOW)
    error = ConnectionRefusedError("refused")
    assert outbox.hold(Delivery.objects.all(), error, NOW) == 1
    due.refresh_from_db()
    assert (due.state, due.attempts, due.error) == (SendState.PENDING, 0, "refused")
    assert due.claimed_until == NOW + MINUTE
    assert outbox.settle_sent(mine, NOW)


def test_error_is_kept_as_one_line() -> None:
    error = smtplib.SMTPDataError(550, b"5.1.1 no such user\r\n5.1.1 at all \xff")
    assert smtp_errors.words_of(error) == "550 5.1.1 no such user 5.1.1 at all \ufffd"
    assert smtp_errors.words_of(TimeoutError()) == "TimeoutError"
    assert smtp_errors.words_of(refused()) == "{}"
