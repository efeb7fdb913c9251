"""What became of last week's plan is said in place, and what is carried on is planned again."""

from __future__ import annotations

import pytest

from projects.models import PlannedItem
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "/t/pay/weeks/2024-W25/draft/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def item(personas: Personas) -> PlannedItem:
    return PlannedItem.objects.create(team=personas.team, week=WEEK - ONE_WEEK, text="路由灰度")


def address(item: PlannedItem) -> str:
    return f"/t/pay/weeks/2024-W25/outcomes/{item.pk}/"


def test_an_outcome_with_its_note(personas: Personas, item: PlannedItem) -> None:
    client = personas.client("manager")
    assert "1 planned line without an outcome" in client.get(PAGE).content.decode()
    answer = client.post(address(item), {"outcome": "partly", "note": " 还差 两城 "})
    assert answer["Location"] == f"{PAGE}#outcome_{item.pk}"
    item.refresh_from_db()
    assert (item.outcome, item.outcome_note) == ("partly", "还差 两城")
    page = client.get(PAGE).content.decode()
    assert "without an outcome" not in page
    assert 'value="还差 两城"' in page


def test_carried_on_brings_the_plan_along(personas: Personas, item: PlannedItem) -> None:
    client = personas.client("manager")
    sent = {"outcome": "carried_on", "note": ""}
    answer = client.post(address(item), sent, headers=HTMX).content.decode()
    assert '<section id="plan" hx-swap-oob="true">' in answer
    assert answer.count("路由灰度") >= 2
    taken_back = client.post(address(item), {"outcome": "done", "note": ""}, headers=HTMX)
    assert not PlannedItem.objects.filter(week=WEEK).exists()
    assert '<section id="plan" hx-swap-oob="true">' in taken_back.content.decode()


def test_refusals(personas: Personas, item: PlannedItem) -> None:
    client = personas.client("manager")
    assert client.post(address(item), {"outcome": "perhaps"}).status_code == 400
    PlannedItem.objects.filter(pk=item.pk).update(week=WEEK)
    assert client.post(address(item), {"outcome": "done"}).status_code == 404
    assert personas.client("lead").post(address(item), {"outcome": "done"}).status_code == 403
