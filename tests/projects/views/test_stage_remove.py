from __future__ import annotations

import pytest

from projects.models import Stage, Team
from tests.conftest import Personas
from tests.factories import make_entry, make_stage

pytestmark = pytest.mark.usefixtures("now")


def address(stage: Stage) -> str:
    return f"/t/pay/settings/stages/{stage.pk}/remove/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_remove(personas: Personas, name: str, status: int) -> None:
    stage = make_stage(personas.team)
    assert personas.client(name).post(address(stage)).status_code == status
    assert Stage.objects.exists()


def test_an_unused_one_goes(personas: Personas) -> None:
    stage = make_stage(personas.team)
    response = personas.client("manager").post(address(stage))
    assert response["Location"] == "/t/pay/settings/stages/"
    assert not Stage.objects.exists()


@pytest.mark.parametrize("wrong", ["", "itself", "foreign", "<script>", "9" * 30])
def test_one_in_use_goes_only_for_another_of_the_team(personas: Personas, wrong: str) -> None:
    used, foreign = make_stage(personas.team), make_stage(Team.objects.get(slug="risk"))
    entry = make_entry(personas.project)
    entry.stage = used
    entry.save()
    chosen = {"itself": str(used.pk), "foreign": str(foreign.pk)}.get(wrong, wrong)
    response = personas.client("manager").post(address(used), {"replacement": chosen})
    assert response.status_code == 422
    assert "choose a stage that takes its place" in response.text
    assert Stage.objects.filter(pk=used.pk).exists()
    other = make_stage(personas.team, "测试", 1)
    personas.client("manager").post(address(used), {"replacement": other.pk})
    entry.refresh_from_db()
    assert entry.stage == other


def test_another_teams_stage_is_not_there(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(stage)).status_code == 404
