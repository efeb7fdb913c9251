from __future__ import annotations

import pytest

from projects.models import Membership, Team
from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/teams/new/"
ABOUT = {
    "name": "清算产研",
    "slug": "qs",
    "language": "zh-hans",
    "time_zone": "Asia/Shanghai",
    "week_numbering": "calendar",
}


@pytest.mark.parametrize("name", ["outsider", "viewer", "manager"])
def test_whoever_is_signed_in_may_found_a_team(personas: Personas, name: str) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == 200
    response = client.post(ADDRESS, ABOUT)
    assert response["Location"] == "/t/qs/setup/"
    assert Membership.objects.get(team__slug="qs").user == getattr(personas, name)
    assert "清算产研 is there; you are its manager." in client.get("/t/qs/setup/").text


def test_the_anonymous_sign_in_first(personas: Personas) -> None:
    assert personas.client("anonymous").post(ADDRESS, ABOUT)["Location"].startswith("/accounts/")
    assert Team.objects.count() == 2


def test_it_explains_the_numberings_by_this_week_and_the_turn_of_the_year(
    personas: Personas,
) -> None:
    page = personas.client("viewer").get(ADDRESS).text
    assert "this week is 2024-W25, the one of 2025-01-01 is 2025-W01" in page
    assert 'value="Asia/Shanghai" selected' in page
    assert 'value="en" selected' in page  # the reader's own


def test_without_an_address_one_is_made_up(personas: Personas) -> None:
    client = personas.client("viewer")
    for _twice in range(2):
        response = client.post(ADDRESS, ABOUT | {"slug": ""})
        assert response["Location"] == "/t/team/setup/"
    assert Team.objects.count() == 3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "required"),
        ({"name": "长" * 81}, "at most 80"),
        ({"slug": "pay"}, "Another team has this address."),
        ({"slug": "支付"}, "Small letters, digits and hyphens"),
        ({"slug": "../admin"}, "Small letters, digits and hyphens"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"week_numbering": "lunar"}, "Select a valid choice"),
        ({"language": "<script>"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_lost(
    personas: Personas, wrong: dict[str, str], message: str
) -> None:
    response = personas.client("viewer").post(ADDRESS, ABOUT | wrong)
    assert response.status_code == 422
    assert message in response.text
    assert 'aria-invalid="true"' in response.text
    assert "<script>" not in response.text
    if "name" not in wrong:
        assert 'value="清算产研"' in response.text
    assert Team.objects.count() == 2


def test_a_name_is_one_line(personas: Personas) -> None:
    personas.client("viewer").post(ADDRESS, ABOUT | {"name": " 清算\r\n产研\t<b> "})
    assert Team.objects.get(slug="qs").name == "清算 产研 <b>"
