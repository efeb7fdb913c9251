"""Who got an edition and who did not; sending it again, and to those who joined since."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from projects.models import AuditRecord
from reports import tasks
from reports.models import Channel, Delivery, Digest, Edition, SendState, Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_channel, make_delivery, make_edition, make_subscriber
from tests.html import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# --- deliveries


ADDRESS = "/t/pay/weeks/2024-W25/deliveries/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def edition(personas: Personas) -> Edition:
    """Sent to one, failed for one, waiting for one; a fourth had unsubscribed."""
    edition = make_edition(personas.team)
    Digest.objects.create(team=personas.team, edition=edition, due_at=NOW, prepared_at=NOW)
    add(edition, "sent", SendState.SENT, sent_at=NOW, attempts=1)
    add(edition, "failed", SendState.FAILED, error="550 5.1.1 unknown", attempts=1)
    later = NOW + timedelta(minutes=4)
    add(edition, "waiting", SendState.PENDING, error="451 busy", attempts=3, claimed_until=later)
    add(edition, "unwanted", SendState.UNWANTED, error="unsubscribed")
    return edition


def add(edition: Edition, name: str, state: SendState, **values: object) -> Delivery:
    reader = make_subscriber(edition.team, f"{name}@example.com", name.title())
    return Delivery.objects.create(
        team=edition.team,
        edition=edition,
        recipient=reader.email,
        subscriber=reader,
        state=state,
        **values,
    )


@pytest.fixture
def manager(personas: Personas) -> Client:
    return personas.client("manager")


def text_of(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(ADDRESS + query, headers=headers)
    assert response.status_code == 200
    return response.text


def test_a_week_that_is_not_published(manager: Client) -> None:
    assert "Nothing is published yet" in text_of(manager)


def test_failed_delivery_is_explained(manager: Client, edition: Edition) -> None:
    page = text_of(manager)
    assert "There is no such mailbox" in page
    assert "<code>550 5.1.1 unknown</code>" in page
    assert "The recipient&#x27;s server takes no mail at the moment" in page
    assert "again on 06-19 10:04" in page
    assert "Unsubscribed before it was sent" in page
    assert "06-19 10:00" in page


@pytest.mark.parametrize("state", ["sent", "failed", "waiting", "unwanted"])
def test_list_is_filtered_by_state(manager: Client, edition: Edition, state: str) -> None:
    page = text_of(manager, f"?state={state}")
    states = {name for name in ("sent", "failed", "waiting", "unwanted") if f"{name}@" in page}
    assert states == {state}


def test_only_failed_deliveries_can_be_chosen(manager: Client, edition: Edition) -> None:
    page = text_of(manager)
    (failed,) = edition.deliveries.filter(state=SendState.FAILED)
    assert page.count('name="delivery"') == 1
    assert f'name="delivery" value="{failed.pk}"' in page
    edition.deliveries.update(state=SendState.SENT)
    assert 'name="delivery"' not in text_of(manager)


def test_progress_is_polled_while_deliveries_wait(manager: Client, edition: Edition) -> None:
    assert 'hx-trigger="every 30s"' in text_of(manager)
    edition.deliveries.filter(state=SendState.PENDING).update(claimed_until=None)
    assert 'hx-trigger="every 3s"' in text_of(manager)
    edition.deliveries.filter(state=SendState.PENDING).update(state=SendState.SENT, sent_at=NOW)
    assert "hx-get" not in text_of(manager)


def test_htmx_gets_the_figures_alone(manager: Client, edition: Edition) -> None:
    part = text_of(manager, "", **HTMX)
    assert part.strip().startswith('<div id="deliveries_progress"')
    assert "<table" not in part
    assert "Load the list again" in part


def test_published_page_loads_a_line_of_figures(manager: Client, edition: Edition) -> None:
    part = text_of(manager, f"?line&edition={edition.number}", **HTMX)
    assert "<dl" not in part
    assert text(part) == "Deliveries · Sent 1 · Waiting 1 · Failed 1"


def test_another_edition_of_the_week(manager: Client, edition: Edition) -> None:
    correction = make_edition(edition.team, number=2)
    assert "This edition was not sent." in text_of(manager)
    page = text_of(manager, "?edition=1")
    assert "sent@example.com" in page
    assert "new recipient" not in page  # they would get the latest
    assert manager.get(f"{ADDRESS}?edition=3").status_code == 404
    Digest.objects.create(
        team=edition.team, edition=correction, due_at=NOW + timedelta(hours=2, days=2)
    )
    page = text_of(manager)
    assert "Goes out on 06-21 12:00" in page
    assert "was not sent" not in page  # its time is still to come


def test_sending_to_newcomers_is_offered(manager: Client, edition: Edition) -> None:
    make_subscriber(edition.team, "new@example.com")
    assert "Send to 1 new recipient" in text_of(manager)


def test_many_rows_come_in_pages_failed_ones_first(manager: Client, edition: Edition) -> None:
    for n in range(60):
        add(edition, f"a-reader{n:02}", SendState.SENT, sent_at=NOW + timedelta(seconds=n))
    page = text_of(manager)
    assert "Page 1 of 2" in page
    assert page.index("failed@") < page.index("waiting@") < page.index("a-reader00@")
    assert "unwanted@example.com" in text_of(manager, "?page=2")
    assert "unwanted@example.com" in text_of(manager, "?page=99")
    first = text_of(manager, "?sort=-sent_at")
    assert first.index("a-reader59@") < first.index("a-reader58@")
    assert "waiting@example.com" not in first


def test_a_fixed_number_of_queries(manager: Client, edition: Edition) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(manager)
        return len(queries)

    few = asked()
    for n in range(40):
        add(edition, f"reader{n}", SendState.FAILED, error="554 spam")
    for n in range(5):
        Subscriber.objects.create(team=edition.team, email=f"new{n}@example.com", confirmed_at=NOW)
    assert asked() == few
    with CaptureQueriesContext(connection) as polling:
        text_of(manager, "", **HTMX)
    assert len(polling) <= 5


# --- deliveries_resend


LEDGER = "/t/pay/weeks/2024-W25/deliveries/"


@pytest.fixture
def edition_to_resend(personas: Personas) -> Edition:
    """Failed for three, sent to one."""
    edition_to_resend = make_edition(personas.team)
    for n in range(4):
        make_delivery(
            edition_to_resend, make_subscriber(edition_to_resend.team, f"reader{n}@example.com")
        )
    edition_to_resend.deliveries.update(state=SendState.FAILED, attempts=9, error="550 unknown")
    edition_to_resend.deliveries.filter(recipient="reader3@example.com").update(
        state=SendState.SENT
    )
    return edition_to_resend


def post(personas: Personas, **fields: object) -> HttpResponse:
    client = personas.client("manager")
    sent = {"edition": "1", "confirmed": "yes", **fields}
    response = client.post(f"{LEDGER}resend/", sent, follow=True)
    assert isinstance(response, HttpResponse)
    return response


def pending() -> list[str]:
    rows = Delivery.objects.filter(state=SendState.PENDING, attempts=0, error="")
    return list(rows.values_list("recipient", flat=True))


@pytest.mark.parametrize(("name", "status"), [("lead", 403), ("viewer", 403), ("outsider", 404)])
def test_it_is_for_managers_resend(
    personas: Personas, edition_to_resend: Edition, name: str, status: int
) -> None:
    response = personas.client(name).post(f"{LEDGER}resend/", {"edition": "1", "all": "1"})
    assert response.status_code == status
    assert pending() == []


def test_all_failed_deliveries_are_sent_again(
    personas: Personas,
    edition_to_resend: Edition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async") as enqueued,
        django_capture_on_commit_callbacks(execute=True),
    ):
        response = post(personas, all="1")
    assert "Sending again to 3." in response.text
    assert pending() == [f"reader{n}@example.com" for n in range(3)]
    enqueued.assert_called_once_with((edition_to_resend.pk,), expires=54, retry=False)
    record = AuditRecord.objects.get(action="delivery.resend")
    assert (record.by, record.after) == (personas.manager, {"count": 3})


def test_chosen_deliveries_are_sent_again(personas: Personas, edition_to_resend: Edition) -> None:
    rows = list(edition_to_resend.deliveries.order_by("pk"))
    post(personas, delivery=[rows[1].pk, rows[3].pk, "x", ""])
    assert pending() == ["reader1@example.com"]  # the other one has it


def test_nothing_is_sent_when_nobody_was_chosen(
    personas: Personas, edition_to_resend: Edition
) -> None:
    assert "choose who is to get it again" in post(personas).text
    assert pending() == []


def test_deliveries_of_another_edition_or_team_stay(
    personas: Personas, edition_to_resend: Edition
) -> None:
    other = make_edition(personas.team, number=2)
    rows = list(edition_to_resend.deliveries.values_list("pk", flat=True))
    post(personas, edition=other.number, delivery=rows)
    assert "is not there" in post(personas, edition="7", all="1").text
    assert "is not there" in post(personas, edition="", all="1").text
    assert pending() == []


def test_sending_again_twice_sends_once(personas: Personas, edition_to_resend: Edition) -> None:
    post(personas, all="1")
    assert "nobody is left" in post(personas, all="1").text
    assert AuditRecord.objects.filter(action="delivery.resend").count() == 1


def test_sending_again_works_without_a_broker(
    personas: Personas,
    edition_to_resend: Edition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert post(personas, all="1").status_code == 200
    assert len(pending()) == 3


# --- deliveries_add


@pytest.fixture
def edition_to_add(personas: Personas) -> Edition:
    """Sent to one reader; another has joined since."""
    edition_to_add = make_edition(personas.team)
    Digest.objects.create(
        team=edition_to_add.team, edition=edition_to_add, due_at=NOW, prepared_at=NOW
    )
    make_delivery(edition_to_add, make_subscriber(edition_to_add.team, "old@example.com"))
    edition_to_add.deliveries.update(state=SendState.SENT)
    make_subscriber(edition_to_add.team, "new@example.com")
    return edition_to_add


def post_to_add(personas: Personas, name: str = "manager") -> HttpResponse:
    response = personas.client(name).post(f"{LEDGER}add/", {"confirmed": "yes"}, follow=True)
    assert isinstance(response, HttpResponse)
    return response


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("recipient", "state"))


@pytest.mark.parametrize(("name", "status"), [("lead", 403), ("viewer", 403), ("outsider", 404)])
def test_it_is_for_managers_add(
    personas: Personas, edition_to_add: Edition, name: str, status: int
) -> None:
    assert post_to_add(personas, name).status_code == status
    assert states() == {"old@example.com": "sent"}


def test_newcomer_gets_the_edition_and_nobody_gets_it_twice(
    personas: Personas, edition_to_add: Edition
) -> None:
    assert "Sending to 1 recipient." in post_to_add(personas).text
    assert states() == {"old@example.com": "sent", "new@example.com": "pending"}
    record = AuditRecord.objects.get(action="delivery.add")
    assert record.after == {"count": 1, "to": ["new@example.com"]}
    assert "Nothing was sent" in post_to_add(personas).text


def test_another_address_or_name_makes_nobody_a_newcomer(
    personas: Personas, edition_to_add: Edition
) -> None:
    """Whoever has it under the old one has it; whom it did not reach there gets it at the new."""
    chat = make_channel(personas.team, name="旧名")
    for member, state in ((personas.manager, SendState.SENT), (personas.lead, SendState.FAILED)):
        Delivery.objects.create(
            team=personas.team,
            edition=edition_to_add,
            recipient=f"{member.username}-old@example.com",
            membership=personas.team.memberships.get(user=member),
            state=state,
        )
        member.email = f"{member.username}-new@example.com"
        member.save()
    Delivery.objects.create(
        team=personas.team,
        edition=edition_to_add,
        recipient=chat.name,
        is_chat=True,
        channel=chat,
        state=SendState.SENT,
    )
    Channel.objects.update(name="新名")
    post_to_add(personas)
    added = set(edition_to_add.deliveries.filter(state=SendState.PENDING).values_list("recipient"))
    assert added == {("lead-new@example.com",), ("new@example.com",)}


def test_a_correction_that_was_not_mailed_is_sent_to_all(
    personas: Personas, edition_to_add: Edition
) -> None:
    correction = make_edition(personas.team, number=2)
    assert "Sending to 2 recipients." in post_to_add(personas).text
    assert correction.deliveries.count() == 2
    assert correction.digest.prepared_at == NOW
    assert edition_to_add.deliveries.count() == 1


def test_digest_still_to_come_is_left_to_its_time(
    personas: Personas, edition_to_add: Edition
) -> None:
    Digest.objects.update(prepared_at=None)
    assert "Nothing was sent" in post_to_add(personas).text
    assert "new@example.com" not in states()


# --- what goes to many is asked once -------------------------------------------------------------


def test_resending_to_several_asks_with_how_many(
    personas: Personas, edition_to_resend: Edition
) -> None:
    client = personas.client("manager")
    page = client.post(f"{LEDGER}resend/", {"edition": "1", "all": "1"})
    failed = edition_to_resend.deliveries.filter(state=SendState.FAILED).count()
    assert f"Send to {failed} people" in page.text
    assert not edition_to_resend.deliveries.filter(state=SendState.PENDING).exists()


def test_an_old_page_says_so_and_names_who_is_from_outside(
    personas: Personas, edition_to_add: Edition
) -> None:
    with time_machine.travel(NOW + timedelta(weeks=9), tick=False):
        page = personas.client("manager").post(f"{LEDGER}add/")
    assert "2024-W25 is an old page: 9 weeks ago." in page.text
    assert "new@example.com" in page.text
    assert set(states()) == {"old@example.com"}
