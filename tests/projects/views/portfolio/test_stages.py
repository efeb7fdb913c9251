from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Stage, Team
from tests.conftest import Personas
from tests.factories import make_entry, make_stage
from tests.html import elements

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/settings/stages/"


def test_stage_is_added_at_the_end(personas: Personas) -> None:
    client = personas.client("manager")
    for name in ("研发", " 联调\n<b> "):
        assert client.post(ADDRESS, {"name": name})["Location"] == ADDRESS
    assert list(Stage.objects.values_list("name", flat=True)) == ["研发", "联调 <b>"]
    shown = [str(field["value"]) for field in elements(client.get(ADDRESS), ".rows [name=name]")]
    assert shown == ["研发", "联调 <b>"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "required"), ("研" * 41, "at most 40"), ("研发", "a stage of this name already")],
)
def test_wrong_new_stage_is_marked(personas: Personas, name: str, message: str) -> None:
    make_stage(personas.team)
    response = personas.client("manager").post(ADDRESS, {"name": name})
    assert response.status_code == 422
    assert message in response.text
    assert Stage.objects.count() == 1


def test_stage_in_use_asks_for_its_replacement(personas: Personas) -> None:
    used, _free = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    entry = make_entry(personas.project)
    entry.stage = used
    entry.save()
    page = personas.client("manager").get(ADDRESS).text
    assert "1 update or milestone is in 研发" in page
    assert page.count('name="replacement"') == 1


def test_stages_add_no_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    make_stage(personas.team)
    few = queries()
    for number in range(8):
        make_stage(personas.team, f"阶段{number}", number)
    assert queries() == few


def test_stage_is_renamed(personas: Personas) -> None:
    stage = make_stage(personas.team)
    client = personas.client("manager")
    response = client.post(f"/t/pay/settings/stages/{stage.pk}/", {"name": "开发"})
    assert response["Location"] == "/t/pay/settings/stages/"
    stage.refresh_from_db()
    assert stage.name == "开发"


@pytest.mark.parametrize(("name", "message"), [("", "required"), ("测试", "of this name already")])
def test_wrong_name_is_marked_in_its_row(personas: Personas, name: str, message: str) -> None:
    stage, _other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    response = personas.client("manager").post(
        f"/t/pay/settings/stages/{stage.pk}/", {"name": name}
    )
    assert response.status_code == 422
    assert message in response.text
    assert Stage.objects.get(pk=stage.pk).name == "研发"


def test_another_teams_stage_is_not_renamed(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    client = personas.client("manager")
    response = client.post(f"/t/pay/settings/stages/{stage.pk}/", {"name": "开发"})
    assert response.status_code == 404


def order() -> list[str]:
    return list(Stage.objects.order_by("position").values_list("name", flat=True))


def test_stage_is_moved(personas: Personas) -> None:
    stage, _other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    client, address = personas.client("manager"), f"/t/pay/settings/stages/{stage.pk}/move/"
    assert client.post(address, {"direction": "down"})["Location"] == "/t/pay/settings/stages/"
    assert order() == ["测试", "研发"]
    client.post(address, {"direction": "up"})
    assert order() == ["研发", "测试"]


def test_another_teams_stage_is_not_moved(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    client = personas.client("manager")
    assert client.post(f"/t/pay/settings/stages/{stage.pk}/move/").status_code == 404


def address(stage: Stage) -> str:
    return f"/t/pay/settings/stages/{stage.pk}/remove/"


def test_unused_stage_is_removed(personas: Personas) -> None:
    stage = make_stage(personas.team)
    response = personas.client("manager").post(address(stage))
    assert response["Location"] == "/t/pay/settings/stages/"
    assert not Stage.objects.exists()


@pytest.mark.parametrize("wrong", ["", "itself", "foreign", "<script>", "9" * 30])
def test_stage_in_use_is_replaced_by_one_of_the_team(personas: Personas, wrong: str) -> None:
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


def test_another_teams_stage_is_not_removed(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(stage)).status_code == 404
