from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Stage
from tests.conftest import Personas
from tests.factories import make_entry, make_stage

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/settings/stages/"


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_managers_come_in(personas: Personas, name: str, status: int) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, {"name": "研发"}).status_code == status
    assert not Stage.objects.exists()


def test_stages_are_added_at_the_end(personas: Personas) -> None:
    client = personas.client("manager")
    for name in ("研发", " 联调\n<b> "):
        assert client.post(ADDRESS, {"name": name})["Location"] == ADDRESS
    assert list(Stage.objects.values_list("name", flat=True)) == ["研发", "联调 <b>"]
    assert "联调 &lt;b&gt;" in client.get(ADDRESS).text


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "required"), ("研" * 41, "at most 40"), ("研发", "a stage of this name already")],
)
def test_what_is_wrong_is_marked(personas: Personas, name: str, message: str) -> None:
    make_stage(personas.team)
    response = personas.client("manager").post(ADDRESS, {"name": name})
    assert response.status_code == 422
    assert message in response.text
    assert Stage.objects.count() == 1


def test_one_in_use_asks_for_another(personas: Personas) -> None:
    used, _free = make_stage(personas.team), make_stage(personas.team, "测试", 1)
    entry = make_entry(personas.project)
    entry.stage = used
    entry.save()
    page = personas.client("manager").get(ADDRESS).text
    assert "1 update or milestone is in 研发" in page
    assert page.count('name="replacement"') == 1


def test_a_fixed_number_of_queries(personas: Personas) -> None:
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
