"""The ledger: what a manager sees of an edition's deliveries, and what goes on by itself there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.models import Delivery, Digest, Edition, SendState, Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_edition, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
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


@pytest.mark.parametrize(("name", "status"), [("lead", 403), ("viewer", 403), ("outsider", 404)])
def test_it_is_for_managers(personas: Personas, edition: Edition, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_a_week_that_is_not_published(manager: Client) -> None:
    assert "Nothing is published yet" in text_of(manager)


def test_what_is_the_matter_is_said_in_words(manager: Client, edition: Edition) -> None:
    page = text_of(manager)
    assert "There is no such mailbox" in page
    assert "<code>550 5.1.1 unknown</code>" in page
    assert "The recipient&#x27;s server takes no mail at the moment" in page
    assert "again on 06-19 10:04" in page
    assert "Unsubscribed before it was sent" in page
    assert "06-19 10:00" in page


@pytest.mark.parametrize("state", ["sent", "failed", "waiting", "unwanted"])
def test_by_state(manager: Client, edition: Edition, state: str) -> None:
    page = text_of(manager, f"?state={state}")
    found = {name for name in ("sent", "failed", "waiting", "unwanted") if f"{name}@" in page}
    assert found == {state}


def test_only_what_failed_can_be_chosen(manager: Client, edition: Edition) -> None:
    page = text_of(manager)
    (failed,) = edition.deliveries.filter(state=SendState.FAILED)
    assert page.count('name="delivery"') == 1
    assert f'name="delivery" value="{failed.pk}"' in page
    edition.deliveries.update(state=SendState.SENT)
    assert 'name="delivery"' not in text_of(manager)


def test_it_asks_again_while_some_wait_and_then_no_more(manager: Client, edition: Edition) -> None:
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


def test_the_published_page_asks_for_a_line(manager: Client, edition: Edition) -> None:
    part = text_of(manager, f"?line&edition={edition.number}", **HTMX)
    assert "<dl" not in part
    assert "Sent 1 · Waiting 1" in part
    assert "Failed 1" in part


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


def test_who_has_joined_since_is_offered(manager: Client, edition: Edition) -> None:
    make_subscriber(edition.team, "new@example.com")
    assert "Send to 1 new recipient" in text_of(manager)


def test_many_rows_come_in_pages_what_failed_first(manager: Client, edition: Edition) -> None:
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
