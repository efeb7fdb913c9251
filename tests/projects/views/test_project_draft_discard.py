from __future__ import annotations

import pytest

from projects import drafts
from projects.models import Draft, User
from tests.conftest import Personas
from tests.factories import WEEK, make_entry

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/draft/discard/"


def keep(personas: Personas, user: User) -> None:
    typed = {"text": "打了一半"}
    drafts.save(user, personas.project, WEEK, typed, standing={}, seen=0)


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not(personas: Personas, name: str, status: int) -> None:
    keep(personas, personas.lead)
    assert personas.client(name).post(address(personas)).status_code == status
    assert Draft.objects.exists()


def test_it_throws_away_ones_own_draft_only(personas: Personas) -> None:
    keep(personas, personas.lead)
    keep(personas, personas.manager)
    response = personas.client("lead").post(address(personas))
    assert response["Location"] == f"/t/pay/checkin/#checkin_card_{personas.project.pk}"
    assert Draft.objects.get().user == personas.manager


def test_for_htmx_the_card_comes_back_as_it_stands(personas: Personas) -> None:
    make_entry(personas.project, text="已存的话")
    keep(personas, personas.lead)
    page = personas.client("lead").post(address(personas), headers=HTMX).content.decode()
    assert "已存的话" in page
    assert "打了一半" not in page


def test_no_other_method(personas: Personas) -> None:
    assert personas.client("lead").get(address(personas)).status_code == 405
