from __future__ import annotations

import pytest
from django.http import HttpResponse

from projects.models import AuditRecord
from reports.models import Channel, Delivery, Digest, Edition, SendState
from tests.conftest import Personas
from tests.factories import NOW, make_channel, make_delivery, make_edition, make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LEDGER = "/t/pay/weeks/2024-W25/deliveries/"


@pytest.fixture
def edition(personas: Personas) -> Edition:
    """Sent to one reader; another has joined since."""
    edition = make_edition(personas.team)
    Digest.objects.create(team=edition.team, edition=edition, due_at=NOW, prepared_at=NOW)
    make_delivery(edition, make_subscriber(edition.team, "old@example.com"))
    edition.deliveries.update(state=SendState.SENT)
    make_subscriber(edition.team, "new@example.com")
    return edition


def post(personas: Personas, name: str = "manager") -> HttpResponse:
    response = personas.client(name).post(f"{LEDGER}add/", follow=True)
    assert isinstance(response, HttpResponse)
    return response


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("recipient", "state"))


@pytest.mark.parametrize(("name", "status"), [("lead", 403), ("viewer", 403), ("outsider", 404)])
def test_it_is_for_managers(personas: Personas, edition: Edition, name: str, status: int) -> None:
    assert post(personas, name).status_code == status
    assert states() == {"old@example.com": "sent"}


def test_who_has_joined_gets_it_and_nobody_twice(personas: Personas, edition: Edition) -> None:
    assert "Sending to 1 recipient." in post(personas).text
    assert states() == {"old@example.com": "sent", "new@example.com": "pending"}
    record = AuditRecord.objects.get(action="delivery.add")
    assert record.after == {"count": 1, "to": ["new@example.com"]}
    assert "Nothing was sent" in post(personas).text


def test_another_address_or_name_makes_nobody_a_newcomer(
    personas: Personas, edition: Edition
) -> None:
    """Whoever has it under the old one has it; whom it did not reach there gets it at the new."""
    chat = make_channel(personas.team, name="旧名")
    for member, state in ((personas.manager, SendState.SENT), (personas.lead, SendState.FAILED)):
        Delivery.objects.create(
            team=personas.team,
            edition=edition,
            recipient=f"{member.username}-old@example.com",
            membership=personas.team.memberships.get(user=member),
            state=state,
        )
        member.email = f"{member.username}-new@example.com"
        member.save()
    Delivery.objects.create(
        team=personas.team,
        edition=edition,
        recipient=chat.name,
        is_chat=True,
        channel=chat,
        state=SendState.SENT,
    )
    Channel.objects.update(name="新名")
    post(personas)
    added = set(edition.deliveries.filter(state=SendState.PENDING).values_list("recipient"))
    assert added == {("lead-new@example.com",), ("new@example.com",)}


def test_a_correction_that_was_not_mailed_is_sent_to_all(
    personas: Personas, edition: Edition
) -> None:
    correction = make_edition(personas.team, number=2)
    assert "Sending to 2 recipients." in post(personas).text
    assert correction.deliveries.count() == 2
    assert correction.digest.prepared_at == NOW
    assert edition.deliveries.count() == 1


def test_what_is_still_to_come_is_left_to_its_time(personas: Personas, edition: Edition) -> None:
    Digest.objects.update(prepared_at=None)
    assert "Nothing was sent" in post(personas).text
    assert "new@example.com" not in states()
