from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Stage, Team
from tests.conftest import Personas
from tests.factories import make_entry, make_stage
from tests.html import elements, form_data, text, texts
from tests.plain import PlainBrowser

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/settings/stages/"
ADD = f"{ADDRESS}add/"


def test_stage_is_added_at_the_end(personas: Personas) -> None:
    client = personas.client("manager")
    for name in ("研发", " 联调\n<b> "):
        assert client.post(ADD, {"name": name})["Location"] == ADDRESS
    assert list(Stage.objects.values_list("name", flat=True)) == ["研发", "联调 <b>"]
    shown = [str(field["value"]) for field in elements(client.get(ADDRESS), ".rows input")]
    assert shown == ["研发", "联调 <b>"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "required"), ("研" * 41, "at most 40"), ("研发", "a stage of this name already")],
)
def test_wrong_new_stage_is_marked(personas: Personas, name: str, message: str) -> None:
    make_stage(personas.team)
    response = personas.client("manager").post(ADD, {"name": name})
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
    assert page.count('name="replacement-') == 1


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


def test_names_of_the_list_are_saved_at_once(personas: Personas) -> None:
    first, second = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    client = personas.client("manager")
    form = form_data(client.get(ADDRESS), f'form[action="{ADDRESS}"]')
    names = {f"stage-{first.pk}": "开发", f"stage-{second.pk}": " 验收 "}
    assert client.post(ADDRESS, form | names)["Location"] == ADDRESS
    assert order() == ["开发", "验收"]
    assert text(client.get(ADDRESS), "[role=status]") == "The stages are saved."


@pytest.mark.parametrize(("name", "message"), [("", "required"), ("测试", "of this name already")])
def test_wrong_name_is_marked_in_its_row(personas: Personas, name: str, message: str) -> None:
    stage, other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    sent = {f"stage-{stage.pk}": name}
    response = personas.client("manager").post(ADDRESS, sent)
    assert response.status_code == 422
    (marked,) = elements(response, "li:has(.errorlist)")
    assert message in text(marked, ".errorlist")
    assert marked.select(f'[name="stage-{stage.pk}"]')
    assert order() == ["研发", other.name]


def test_name_that_two_managers_change_is_shown_with_all_that_was_typed(
    personas: Personas,
) -> None:
    first, second = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    client = personas.client("manager")
    form = form_data(client.get(ADDRESS), f'form[action="{ADDRESS}"]')
    client.post(ADDRESS, {f"stage-{first.pk}": "编码"})
    typed = {f"stage-{first.pk}": "开发", f"stage-{second.pk}": "验收"}
    response = client.post(ADDRESS, form | typed)
    assert response.status_code == 422
    assert texts(response, "td.mine, td.theirs") == ["开发", "编码"]
    assert order() == ["编码", "测试"]
    again = form_data(response, f'form[action="{ADDRESS}"]')
    assert client.post(ADDRESS, again).status_code == 302
    assert order() == ["开发", "验收"]


def test_name_typed_for_a_stage_that_is_gone_is_told(personas: Personas) -> None:
    first, second = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    client = personas.client("manager")
    form = form_data(client.get(ADDRESS), f'form[action="{ADDRESS}"]')
    typed = {f"stage-{first.pk}": "开发", f"stage-{second.pk}": "验收"}
    first.delete()
    page = client.post(ADDRESS, form | typed, follow=True)
    assert text(page, "p.notice.warning").endswith("what it was typed for: 开发")
    assert order() == ["验收"]


def test_button_of_a_row_saves_the_names_first(personas: Personas) -> None:
    first, second = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    page = PlainBrowser(personas.client("manager"), ADDRESS)
    page.fill(f"stage-{first.pk}", "开发")
    page.press("Move 测试 up")
    assert order() == ["测试", "开发"]
    page.fill(f"stage-{second.pk}", "验收")
    page.press("Remove 开发")
    assert order() == ["验收"]


def test_another_teams_stage_is_not_renamed(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    personas.client("manager").post(ADDRESS, {f"stage-{stage.pk}": "开发"})
    stage.refresh_from_db()
    assert stage.name == "研发"


def order() -> list[str]:
    return list(Stage.objects.order_by("position").values_list("name", flat=True))


def test_stage_is_moved(personas: Personas) -> None:
    stage, _other = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    client, address = personas.client("manager"), f"/t/pay/settings/stages/{stage.pk}/move/"
    assert client.post(address, {"down": ""})["Location"] == "/t/pay/settings/stages/"
    assert order() == ["测试", "研发"]
    client.post(address, {"up": ""})
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
    response = personas.client("manager").post(address(used), {f"replacement-{used.pk}": chosen})
    assert response.status_code == 422
    assert "choose a stage that takes its place" in response.text
    assert Stage.objects.filter(pk=used.pk).exists()
    other = make_stage(personas.team, "测试", 1)
    personas.client("manager").post(address(used), {f"replacement-{used.pk}": other.pk})
    entry.refresh_from_db()
    assert entry.stage == other


def test_another_teams_stage_is_not_removed(personas: Personas) -> None:
    stage = make_stage(Team.objects.get(slug="risk"))
    assert personas.client("manager").post(address(stage)).status_code == 404
