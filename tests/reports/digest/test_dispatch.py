from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from okrtracker.mail import outbox
from projects.models import Membership, Role, Team
from reports import channels
from reports.digest import dispatch, edition_mail
from reports.models import Channel, Delivery, Digest, Edition, SendState, Subscriber
from tests.factories import NOW, make_edition, make_subscriber, make_team, make_user
from tests.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def edition(team: Team) -> Edition:
    """An edition whose digest is due, and two who get it: a member and a subscriber."""
    edition = make_edition(team)
    Digest.objects.create(team=team, edition=edition, due_at=NOW)
    add_member(team, "lead")
    make_subscriber(team, "wai@example.com")
    return edition


@pytest.fixture(autouse=True)
def plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the mail says is tried elsewhere (tests/reports/test_letters.py)."""

    def write(row: Delivery) -> EmailMessage:
        heads = {"Message-ID": row.message_id}
        return EmailMessage("周报", "本周", "okr@example.com", [row.recipient], headers=heads)

    monkeypatch.setattr(edition_mail, "writer", lambda _edition, _rows: write)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server, override_settings(MAILERS=server.mailer):
        yield server


def add_member(team: Team, name: str) -> Membership:
    user = make_user(name, team=team, role=Role.LEAD)
    user.email = f"{name}@example.com"
    user.save()
    return Membership.objects.get(team=team, user=user)


def add_channel(team: Team, name: str = "支付群", **values: bool) -> Channel:
    return Channel.objects.create(
        team=team, kind="webhook", name=name, address_env="CHANNEL", **values
    )


def add_subscribers(team: Team, count: int) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(team=team, email=f"reader{n}@example.com", confirmed_at=NOW)
        for n in range(count)
    )


def send_all(edition: Edition) -> int:
    settled = 0
    while some := dispatch.send_batch(edition.pk, NOW):
        settled += some
    return settled


def states(edition: Edition) -> dict[str, str]:
    return dict(edition.deliveries.values_list("recipient", "state"))


def reached() -> list[str]:
    return [message.to[0] for message in mail.outbox]


# --- preparing -----------------------------------------------------------------------------------


def test_each_recipient_gets_one_delivery(team: Team, edition: Edition) -> None:
    add_channel(team)
    add_channel(team, "停用的群", is_active=False)
    add_channel(team, "只收提醒", gets_digest=False)
    assert dispatch.prepare(edition.pk, NOW) == 3
    rows = set(edition.deliveries.values_list("recipient", "is_chat", "state"))
    assert rows == {
        ("lead@example.com", False, "pending"),
        ("wai@example.com", False, "pending"),
        ("支付群", True, "pending"),
    }
    assert Digest.objects.get().prepared_at == NOW


def test_preparing_twice_is_preparing_once(team: Team, edition: Edition) -> None:
    dispatch.prepare(edition.pk, NOW)
    make_subscriber(team, "late@example.com")
    assert dispatch.prepare(edition.pk, NOW) == 0
    assert edition.deliveries.count() == 2


def test_nothing_is_prepared_before_its_time_or_without_a_digest(edition: Edition) -> None:
    assert dispatch.prepare(edition.pk, NOW - MINUTE) == 0
    Digest.objects.all().delete()
    assert dispatch.prepare(edition.pk, NOW) == 0
    assert not edition.deliveries.exists()


def test_preparing_many_takes_no_more_queries(team: Team, edition: Edition) -> None:
    def asked(of: Edition) -> int:
        with CaptureQueriesContext(connection) as queries:
            dispatch.prepare(of.pk, NOW)
        return len(queries)

    few = asked(edition)
    add_subscribers(team, 60)
    correction = make_edition(team, number=2)
    Digest.objects.create(team=team, edition=correction, due_at=NOW)
    assert asked(correction) == few
    assert correction.deliveries.count() == 62


# --- sending -------------------------------------------------------------------------------------


def test_every_recipient_gets_one_mail_with_its_own_id(edition: Edition) -> None:
    dispatch.prepare(edition.pk, NOW)
    assert send_all(edition) == 2
    assert reached() == ["lead@example.com", "wai@example.com"]
    ids = list(edition.deliveries.values_list("message_id", flat=True))
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == ids
    assert len(set(ids)) == 2
    for row in edition.deliveries.all():
        form = rf"<delivery-{row.pk}-[0-9a-f]{{12}}@okr\.example\.com>"
        assert re.fullmatch(form, row.message_id)
    assert set(states(edition).values()) == {SendState.SENT}
    assert dispatch.send_batch(edition.pk, NOW) == 0


def test_the_id_is_written_down_before_the_mail_leaves(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch.prepare(edition.pk, NOW)
    seen = []

    def write(row: Delivery) -> EmailMessage:
        seen.append(Delivery.objects.get(pk=row.pk).message_id)
        return EmailMessage("周报", "本周", "okr@example.com", [row.recipient])

    monkeypatch.setattr(edition_mail, "writer", lambda _edition, _rows: write)
    send_all(edition)
    assert seen == list(edition.deliveries.values_list("message_id", flat=True))
    assert all(seen)


def test_an_attempt_that_is_repeated_bears_the_same_id(
    edition: Edition, server: MailServer
) -> None:
    lost = {"wai@example.com"}

    def answer(word: str, recipient: str) -> str | None:
        return "451 lost" if word == "END" and recipient in lost else None

    server.answer = answer
    dispatch.prepare(edition.pk, NOW)
    send_all(edition)
    before = edition.deliveries.get(recipient="wai@example.com")
    lost.clear()
    dispatch.send_batch(edition.pk, NOW + 2 * MINUTE)
    after = edition.deliveries.get(recipient="wai@example.com")
    assert (after.state, after.attempts) == (SendState.SENT, 2)
    assert after.message_id == before.message_id == server.taken[-1].read()["Message-ID"]


def test_identifier_survives_a_change_of_the_sites_address(edition: Edition) -> None:
    dispatch.prepare(edition.pk, NOW)
    outbox.claim(edition.deliveries.all(), NOW, 9, message_id="<digest-7@okr.example.com>")
    edition.deliveries.update(claimed_until=NOW - MINUTE)  # that worker died, nobody knows when
    with override_settings(SITE_URL="https://weekly.example.com"):
        send_all(edition)
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {
        "<digest-7@okr.example.com>"
    }


@pytest.mark.parametrize("end", ["unsubscribe", "remove", "leave", "choose", "deactivate"])
def test_reader_who_no_longer_wants_the_digest_gets_none(
    team: Team, edition: Edition, end: str
) -> None:
    dispatch.prepare(edition.pk, NOW)
    subscriber = Subscriber.objects.filter(team=team)
    member = Membership.objects.get(team=team)
    reason = dispatch.UNSUBSCRIBED
    if end == "unsubscribe":
        subscriber.update(unsubscribed_at=NOW)
    elif end == "remove":
        subscriber.update(removed_at=NOW)
    elif end == "choose":
        Membership.objects.update(gets_digest=False)
    else:
        reason = dispatch.LEFT
        if end == "leave":
            member.delete()
        else:
            member.user.is_active = False
            member.user.save()
    assert send_all(edition) == 2
    (row,) = edition.deliveries.filter(state=SendState.UNWANTED)
    assert (row.error, row.attempts, row.message_id, row.sent_at) == (reason, 0, "", None)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to != [row.recipient]


def test_editions_are_sent_apart(team: Team, edition: Edition) -> None:
    dispatch.prepare(edition.pk, NOW)
    correction = make_edition(team, number=2)
    Digest.objects.create(team=team, edition=correction, due_at=NOW)
    dispatch.prepare(correction.pk, NOW)
    assert send_all(correction) == 2
    assert set(states(edition).values()) == {SendState.PENDING}
    assert send_all(edition) == 2
    assert len(mail.outbox) == 4


def test_a_mail_server_that_is_away_costs_nobody_an_attempt(
    edition: Edition, server: MailServer
) -> None:
    dispatch.prepare(edition.pk, NOW)
    server.stop()
    now = NOW
    for _minute in range(60):
        assert dispatch.send_batch(edition.pk, now) == 0
        now += MINUTE + timedelta(seconds=10)
    rows = set(edition.deliveries.values_list("state", "attempts", "claimed_by"))
    assert rows == {(SendState.PENDING, 0, "")}
    assert all("refused" in error for error in edition.deliveries.values_list("error", flat=True))


def test_one_worker_that_finds_no_server_spares_the_others_a_minute(
    edition: Edition, server: MailServer
) -> None:
    dispatch.prepare(edition.pk, NOW)
    server.answer = lambda word, _to: "421 too many connections" if word == "GREET" else None
    assert dispatch.send_batch(edition.pk, NOW) == 0
    asked = server.connections
    assert dispatch.send_batch(edition.pk, NOW + timedelta(seconds=59)) == 0
    assert server.connections == asked
    assert dispatch.sweep(NOW + timedelta(seconds=59)) == {}
    server.answer = lambda _word, _to: None
    assert dispatch.send_batch(edition.pk, NOW + timedelta(seconds=65)) == 2


def test_a_mail_that_cannot_be_made_holds_all_and_blames_nobody(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_edition: int, _rows: object) -> object:
        raise RuntimeError("no template")

    dispatch.prepare(edition.pk, NOW)
    monkeypatch.setattr(edition_mail, "writer", breaks)
    assert dispatch.send_batch(edition.pk, NOW) == 0
    rows = set(edition.deliveries.values_list("state", "attempts", "error"))
    assert rows == {(SendState.PENDING, 0, "no template")}
    assert not Delivery.objects.due(NOW + timedelta(seconds=59)).exists()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_larger_batch_takes_no_more_queries_but_for_settling(team: Team, edition: Edition) -> None:
    """Each mail costs the one update that settles it."""
    add_subscribers(team, 42)
    dispatch.prepare(edition.pk, NOW)

    def asked(limit: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert dispatch.send_batch(edition.pk, NOW, limit) == limit
        return len(queries) - limit

    assert asked(2) == asked(40)


def test_rows_of_a_killed_worker_are_sent_by_the_next(edition: Edition) -> None:
    dispatch.prepare(edition.pk, NOW)
    outbox.claim(Delivery.objects.all(), NOW, 1)  # and then nothing more is heard of it
    assert send_all(edition) == 1
    assert dispatch.sweep(NOW) == {}
    assert dispatch.sweep(NOW + outbox.lease()) == {edition.pk: 1}
    assert dispatch.send_batch(edition.pk, NOW + outbox.lease()) == 1
    assert sorted(reached()) == ["lead@example.com", "wai@example.com"]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_mail_once(
    team: Team, edition: Edition, server: MailServer
) -> None:
    add_subscribers(team, 60)
    dispatch.prepare(edition.pk, NOW)
    start, settled = threading.Barrier(3), list[int]()

    def work() -> None:
        start.wait()
        try:
            while some := dispatch.send_batch(edition.pk, NOW, 7):
                settled.append(some)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(settled) == 62
    recipients = [taken.recipient for taken in server.taken]
    assert sorted(recipients) == sorted(edition.deliveries.values_list("recipient", flat=True))


# --- cards ---------------------------------------------------------------------------------------


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Channel and key of each card that was posted."""
    posts: list[tuple[str, str]] = []

    def post(channel: Channel, _card: object, *, idempotency_key: str) -> str:
        posts.append((channel.name, idempotency_key))
        return "om_1"

    monkeypatch.setattr(channels, "post", post)
    card = channels.Card("周报", (), "https://okr.example.com/", kind="digest")
    monkeypatch.setattr(channels, "card_of_edition", lambda _edition, _language: card)
    return posts


def test_a_channel_gets_one_card(
    team: Team, edition: Edition, posted: list[tuple[str, str]]
) -> None:
    add_channel(team)
    dispatch.prepare(edition.pk, NOW)
    send_all(edition)
    row = edition.deliveries.get(is_chat=True)
    assert posted == [("支付群", f"digest-{row.pk}")]
    assert (row.state, row.message_id, row.attempts) == (SendState.SENT, "om_1", 1)


def test_a_channel_that_was_switched_off_or_deleted_gets_none(
    team: Team, edition: Edition, posted: list[tuple[str, str]]
) -> None:
    add_channel(team)
    add_channel(team, "旧群")
    dispatch.prepare(edition.pk, NOW)
    Channel.objects.filter(name="支付群").update(is_active=False)
    Channel.objects.filter(name="旧群").delete()
    send_all(edition)
    assert posted == []
    rows = set(edition.deliveries.filter(is_chat=True).values_list("state", "error"))
    assert rows == {(SendState.UNWANTED, dispatch.SWITCHED_OFF)}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (channels.Rejected(channels.Why.BAD_TOKEN), SendState.FAILED),
        (channels.Unreachable(channels.Why.TIMEOUT), SendState.PENDING),
        (RuntimeError("a fault of ours"), SendState.PENDING),
    ],
    ids=["rejected", "unreachable", "broken"],
)
@pytest.mark.usefixtures("posted")
def test_a_card_that_is_not_taken_keeps_no_mail_waiting(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, error: Exception, state: SendState
) -> None:
    def refuse(*_args: object, **_values: object) -> str:
        raise error

    monkeypatch.setattr(channels, "post", refuse)
    add_channel(edition.team)
    dispatch.prepare(edition.pk, NOW)
    assert dispatch.send_batch(edition.pk, NOW) == 3
    row = edition.deliveries.get(is_chat=True)
    assert (row.state, row.attempts, bool(row.error)) == (state, 1, True)
    assert len(mail.outbox) == 2
