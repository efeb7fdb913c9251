from __future__ import annotations

import pytest

from projects.models import Stage, Team
from tests.conftest import Personas
from tests.factories import make_stage

pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_rename(personas: Personas, name: str, status: int) -> None:
    stage = make_stage(personas.team)
    address = f"/t/pay/settings/stages/{stage.pk}/"
    assert personas.client(name).post(address, {"name": "开发"}).status_code == status
    stage.refresh_from_db()
    assert stage.name == "研发"


def test_a_stage_gets_another_name(personas: Personas) -> None:
    stage = make_stage(personas.team)
    client = personas.client("manager")
    response = client.post(f"/t/pay/settings/stages/{stage.pk}/", {"name": "开发"})
    assert response["Location"] == "/t/pay/settings/stages/"
    stage.refresh_from_db()
    assert stage.name == "开发"


@pytest.mark.parametrize(("name", "message"), [("", "required"), ("测试", "of this name already")])
def test_what_is_wrong_is_marked_where_it_is(personas: Personas, name: str, message: str) -> None:
    stage, _other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    response = personas.client("manager").post(
        f"/t/pay/settings/stages/{stage.pk}/", {"name": name}
    )
    assert response.status_code == 422
    assert message in response.text
    assert Stage.objects.get(pk=stage.pk).name == "研发"


def test_another_teams_stage_is_not_there(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    client = personas.client("manager")
    response = client.post(f"/t/pay/settings/stages/{stage.pk}/", {"name": "开发"})
    assert response.status_code == 404
