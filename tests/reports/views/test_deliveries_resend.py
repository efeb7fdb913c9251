from __future__ import annotations

from unittest.mock import patch

import pytest
from django.http import HttpResponse
from kombu.exceptions import OperationalError
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from projects.models import AuditRecord
from reports import tasks
from reports.models import Delivery, Edition, SendState
from tests.conftest import Personas
from tests.factories import make_delivery, make_edition, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LEDGER = "/t/pay/weeks/2024-W25/deliveries/"


@pytest.fixture
def edition(personas: Personas) -> Edition:
    """Failed for three, sent to one."""
    edition = make_edition(personas.team)
    for n in range(4):
        make_delivery(edition, make_subscriber(edition.team, f"reader{n}@example.com"))
    edition.deliveries.update(state=SendState.FAILED, attempts=9, error="550 unknown")
    edition.deliveries.filter(recipient="reader3@example.com").update(state=SendState.SENT)
    return edition


def post(personas: Personas, **fields: object) -> HttpResponse:
    client = personas.client("manager")
    response = client.post(f"{LEDGER}resend/", {"edition": "1", **fields}, follow=True)
    assert isinstance(response, HttpResponse)
    return response


def pending() -> list[str]:
    rows = Delivery.objects.filter(state=SendState.PENDING, attempts=0, error="")
    return list(rows.values_list("recipient", flat=True))


@pytest.mark.parametrize(("name", "status"), [("lead", 403), ("viewer", 403), ("outsider", 404)])
def test_it_is_for_managers(personas: Personas, edition: Edition, name: str, status: int) -> None:
    response = personas.client(name).post(f"{LEDGER}resend/", {"edition": "1", "all": "1"})
    assert response.status_code == status
    assert pending() == []


def test_all_that_failed_and_nothing_else(
    personas: Personas,
    edition: Edition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async") as enqueued,
        django_capture_on_commit_callbacks(execute=True),
    ):
        response = post(personas, all="1")
    assert "Sending again to 3." in response.text
    assert pending() == [f"reader{n}@example.com" for n in range(3)]
    enqueued.assert_called_once_with((edition.pk,), expires=54, retry=False)
    record = AuditRecord.objects.get(action="delivery.resend")
    assert (record.by, record.after) == (personas.manager, {"count": 3})


def test_those_that_were_chosen(personas: Personas, edition: Edition) -> None:
    rows = list(edition.deliveries.order_by("pk"))
    post(personas, delivery=[rows[1].pk, rows[3].pk, "x", ""])
    assert pending() == ["reader1@example.com"]  # the other one has it


def test_nobody_was_chosen(personas: Personas, edition: Edition) -> None:
    assert "choose who is to get it again" in post(personas).text
    assert pending() == []


def test_nothing_of_another_edition_or_team(personas: Personas, edition: Edition) -> None:
    other = make_edition(personas.team, number=2)
    rows = list(edition.deliveries.values_list("pk", flat=True))
    post(personas, edition=other.number, delivery=rows)
    assert "is not there" in post(personas, edition="7", all="1").text
    assert "is not there" in post(personas, edition="", all="1").text
    assert pending() == []


def test_twice_is_once(personas: Personas, edition: Edition) -> None:
    post(personas, all="1")
    assert "nobody is left" in post(personas, all="1").text
    assert AuditRecord.objects.filter(action="delivery.resend").count() == 1


def test_a_dead_broker_is_survived(
    personas: Personas,
    edition: Edition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        patch.object(tasks.send_deliveries, "apply_async", side_effect=OperationalError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert post(personas, all="1").status_code == 200
    assert len(pending()) == 3
