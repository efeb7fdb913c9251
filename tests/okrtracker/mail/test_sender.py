"""A batch over a real connection to a mail server that answers as each test says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django.test import override_settings

from okrtracker.mail import outbox, sender
from okrtracker.mail.outbox import Clock
from reports.models import Delivery, SendState
from tests.factories import NOW, make_delivery, make_edition, make_subscriber, make_team
from tests.mail_server import HANG_UP, MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server, override_settings(MAILERS=server.mailer):
        yield server


@pytest.fixture
def rows() -> list[Delivery]:
    """Five deliveries, claimed."""
    edition = make_edition(make_team())
    for n in range(5):
        make_delivery(edition, make_subscriber(edition.team, f"reader{n}@example.com"))
    return outbox.claim(Delivery.objects.all(), NOW, 5)


def write(row: Delivery) -> EmailMessage:
    return EmailMessage("周报", "本周", from_email="okr@example.com", to=[row.recipient])


def connected() -> BaseEmailBackend:
    connection = mailers.default
    connection.open()
    return connection


def send(rows: list[Delivery]) -> int:
    connection = connected()
    try:
        return sender.send_claimed(rows, write, connection, Clock(NOW), Delivery.objects.all())
    finally:
        sender.close(connection)


def reached(server: MailServer) -> list[int]:
    """The numbers of the readers, in the order in which their mails were taken."""
    return [int(taken.recipient[6]) for taken in server.taken]


def states() -> str:
    """A letter for each delivery: pending, claimed, sent, failed."""
    return "".join(state[0] for state in Delivery.objects.values_list("state", flat=True))


def test_one_connection_carries_them_all(server: MailServer, rows: list[Delivery]) -> None:
    assert send(rows) == 5
    assert (reached(server), server.connections) == ([0, 1, 2, 3, 4], 1)
    assert states() == "sssss"
    row = Delivery.objects.first()
    assert row is not None
    assert (row.attempts, row.error, row.claimed_by) == (1, "", "")
    assert row.sent_at is not None


def test_error_of_one_recipient_does_not_stop_the_others(
    server: MailServer, rows: list[Delivery]
) -> None:
    answers = {
        ("RCPT", "reader0@example.com"): "550 no such user",
        ("RCPT", "reader1@example.com"): "450 greylisted",
        ("END", "reader2@example.com"): "554 looks like spam",
        ("DATA", "reader3@example.com"): "451 try again",
    }
    server.answer = lambda word, recipient: answers.get((word, recipient))
    assert send(rows) == 5
    assert states() == "fpfps"
    errors = list(Delivery.objects.values_list("error", flat=True))
    assert errors == [
        "550 no such user",
        "450 greylisted",
        "554 looks like spam",
        "451 try again",
        "",
    ]
    assert list(Delivery.objects.values_list("attempts", flat=True)) == [1] * 5


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("reply", [HANG_UP, "421 closing"])
def test_lost_connection_is_opened_again_for_the_others(
    server: MailServer, rows: list[Delivery], word: str, reply: str
) -> None:
    troubles = [reply]

    def answer(asked: str, _recipient: str) -> str | None:
        is_now = asked == word and len(server.taken) == 2 and troubles
        return troubles.pop() if is_now else None

    server.answer = answer
    assert send(rows) == 5
    assert (states(), server.connections) == ("sspss", 2)
    row = Delivery.objects.get(state=SendState.PENDING)
    # Lost on the way it may be this mail that is to blame; a server that says it closes is.
    assert row.attempts == (1 if reply == HANG_UP else 0)
    assert row.claimed_until is not None
    assert row.claimed_until - NOW >= outbox.FIRST_PAUSE


def test_all_wait_without_an_attempt_when_the_server_goes_away(
    server: MailServer, rows: list[Delivery]
) -> None:
    def answer(word: str, _recipient: str) -> str | None:
        if len(server.taken) < 2 or word != "MAIL":
            return None
        server.stop()
        return HANG_UP

    server.answer = answer
    assert send(rows) == 3
    assert states() == "ssppp"
    left = Delivery.objects.filter(state=SendState.PENDING)
    assert set(left.values_list("attempts", "claimed_by")) == {(0, "")}
    assert all("refused" in row.error for row in left)
    assert not left.due(NOW + timedelta(seconds=59)).exists()
    assert left.due(NOW + timedelta(seconds=70)).count() == 3


def test_sending_stops_after_three_errors_of_the_server(
    server: MailServer, rows: list[Delivery]
) -> None:
    server.answer = lambda word, _recipient: "451 out of order" if word == "MAIL" else None
    assert send(rows) == 3
    assert states() == "ppppp"
    assert set(Delivery.objects.values_list("attempts", "error")) == {(0, "451 out of order")}
    assert not Delivery.objects.due(NOW + timedelta(seconds=59)).exists()


def test_errors_of_the_server_count_only_in_a_row(server: MailServer, rows: list[Delivery]) -> None:
    refused = {"reader0", "reader1", "reader3", "reader4"}
    server.answer = lambda word, recipient: (
        "421 closing" if word == "RCPT" and recipient.split("@")[0] in refused else None
    )
    assert send(rows) == 5
    assert (states(), reached(server)) == ("ppspp", [2])


@override_settings(SENDING_LEASE=0)
def test_rows_are_given_back_after_half_of_the_lease(
    server: MailServer, rows: list[Delivery]
) -> None:
    assert send(rows) == 0
    assert (states(), reached(server)) == ("ppppp", [])
    assert Delivery.objects.due(NOW).count() == 5


def test_mail_that_cannot_be_written_does_not_stop_the_others(
    server: MailServer, rows: list[Delivery]
) -> None:
    def breaks(row: Delivery) -> EmailMessage:
        if row == rows[1]:
            raise RuntimeError("no words")
        return write(row)

    connection = connected()
    sender.send_claimed(rows, breaks, connection, Clock(NOW), Delivery.objects.all())
    sender.close(connection)
    assert states() == "spsss"
    assert Delivery.objects.get(pk=rows[1].pk).error == "no words"


def test_a_result_that_comes_too_late_is_not_written(
    server: MailServer, rows: list[Delivery]
) -> None:
    (other,) = outbox.claim(
        Delivery.objects.filter(pk=rows[0].pk), NOW + outbox.lease(), message_id="<other>"
    )
    assert send(rows[:1]) == 1
    other.refresh_from_db()
    assert (other.state, other.message_id) == (SendState.CLAIMED, "<other>")


def test_a_database_that_is_away_for_a_moment_costs_no_second_mail(
    server: MailServer, rows: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, faults, pauses = outbox.settle_sent, [True, True], list[float]()

    def sent(row: Delivery, now: datetime) -> bool:
        if faults and faults.pop():
            raise OperationalError("the server closed the connection")
        return usual(row, now)

    monkeypatch.setattr(outbox, "settle_sent", sent)
    monkeypatch.setattr("okrtracker.mail.sender.time.sleep", pauses.append)
    assert send(rows) == 5
    assert (states(), reached(server)) == ("sssss", [0, 1, 2, 3, 4])
    assert pauses == [0.5, 1]
