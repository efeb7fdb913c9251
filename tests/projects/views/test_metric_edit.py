from __future__ import annotations

from decimal import Decimal

import pytest

from projects.models import AuditRecord, Metric
from tests.conftest import Personas
from tests.factories import make_metric, make_team
from tests.html import opened_json, row

TOLD = {"name": "日均笔数", "unit": "笔", "target": "100", "direction": "up"}
pytestmark = pytest.mark.usefixtures("now")


def address_of(personas: Personas) -> str:
    metric = Metric.objects.filter(team=personas.team).first() or make_metric(personas.team)
    return f"/t/pay/metrics/{metric.pk}/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 200)],
)
def test_only_a_manager_does(personas: Personas, name: str, status: int) -> None:
    client, address = personas.client(name), address_of(personas)
    assert client.get(address).status_code == status
    assert client.post(address, TOLD).status_code == (302 if status == 200 else status)
    assert Metric.objects.filter(name="日均笔数").exists() == (status == 200)


def test_it_is_saved_and_noted(personas: Personas) -> None:
    response = personas.client("manager").post(address_of(personas), TOLD, follow=True)
    assert "Saved: 日均笔数" in response.content.decode()
    metric = Metric.objects.get(name="日均笔数")
    assert (metric.unit, metric.target, metric.team) == ("笔", 100, personas.team)
    assert AuditRecord.objects.get().by == personas.manager


def test_two_of_one_name_are_refused(personas: Personas) -> None:
    address = address_of(personas)
    make_metric(personas.team, "日均 笔数")
    response = personas.client("manager").post(address, TOLD)
    assert response.status_code == 422
    assert "The team has a metric of that name." in response.content.decode()


def test_neither_another_teams_nor_a_projects_is_there(personas: Personas) -> None:
    for metric in (
        make_metric(make_team("ai")),
        make_metric(personas.team, "项目自己的", project=personas.project),
    ):
        address = f"/t/pay/metrics/{metric.pk}/"
        assert personas.client("manager").post(address, TOLD).status_code == 404


def test_a_target_is_shown_as_it_was_typed(personas: Personas) -> None:
    make_metric(personas.team, target=Decimal("99.9900"))
    assert 'value="99.99"' in personas.client("manager").get(address_of(personas)).text


def test_a_name_that_was_changed_meanwhile_is_shown(personas: Personas) -> None:
    address = address_of(personas)
    typed = TOLD | {"opened": opened_json(name="旧的名字")}
    response = personas.client("manager").post(address, typed)
    assert response.status_code == 422
    assert row(response, "Name", "table.differences")["Theirs"] == "入金有效成功率"
    assert not Metric.objects.filter(name="日均笔数").exists()
