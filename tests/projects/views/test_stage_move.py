from __future__ import annotations

import pytest

from projects.models import Stage, Team
from tests.conftest import Personas
from tests.factories import make_stage

pytestmark = pytest.mark.usefixtures("now")


def order() -> list[str]:
    return list(Stage.objects.order_by("position").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_move(personas: Personas, name: str, status: int) -> None:
    stage, _other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    address = f"/t/pay/settings/stages/{stage.pk}/move/"
    assert personas.client(name).post(address, {"direction": "down"}).status_code == status
    assert order() == ["研发", "测试"]


def test_a_stage_moves(personas: Personas) -> None:
    stage, _other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    client, address = personas.client("manager"), f"/t/pay/settings/stages/{stage.pk}/move/"
    assert client.post(address, {"direction": "down"})["Location"] == "/t/pay/settings/stages/"
    assert order() == ["测试", "研发"]
    client.post(address, {"direction": "up"})
    assert order() == ["研发", "测试"]


def test_another_teams_stage_is_not_there(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    client = personas.client("manager")
    assert client.post(f"/t/pay/settings/stages/{stage.pk}/move/").status_code == 404
