from __future__ import annotations

import pytest

from projects.models import AuditRecord, Membership, User
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")
CHOICE = "/t/pay/subscription/"


def wants(user: User) -> bool:
    return Membership.objects.get(user=user, team__slug="pay").gets_digest


@pytest.mark.parametrize("persona", ["manager", "lead", "viewer"])
def test_each_member_chooses_for_themselves(personas: Personas, persona: str) -> None:
    user = getattr(personas, persona)
    User.objects.filter(pk=user.pk).update(email="me@example.com")
    client = personas.client(persona)
    page = client.get(CHOICE).text
    assert "It goes to me@example.com." in page
    assert 'name="gets_digest" checked' in page
    told = client.post(CHOICE, follow=True).text
    assert "You get no weekly digest." in told
    assert 'name="gets_digest" checked' not in told
    assert not wants(user)
    client.post(CHOICE, {"gets_digest": "on"})
    assert wants(user)
    assert set(AuditRecord.objects.values_list("by", flat=True)) == {user.pk}
    assert Membership.objects.filter(team__slug="pay", gets_digest=False).count() == 0


def test_who_has_no_address_is_told(personas: Personas) -> None:
    page = personas.client("lead").get(CHOICE).text
    assert "There is no mail address of yours" in page


def test_the_menu_leads_there(personas: Personas) -> None:
    assert f'href="{CHOICE}"' in personas.client("viewer").get("/t/pay/").text


def test_an_administrator_who_is_no_member_has_no_choice(personas: Personas) -> None:
    User.objects.filter(pk=personas.outsider.pk).update(is_superuser=True)
    client = personas.client("outsider")
    for response in (client.get(CHOICE), client.post(CHOICE)):
        assert "You are no member of this team" in response.text
    assert not AuditRecord.objects.exists()


def test_outsiders_learn_nothing(personas: Personas) -> None:
    for response in (
        personas.client("outsider").get(CHOICE),
        personas.client("outsider").post(CHOICE),
    ):
        assert response.status_code == 404
