from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml.html import HtmlElement, document_fromstring

from projects.models import Health
from tests.conftest import Personas
from tests.factories import make_cycle, make_entry, make_objective, make_project

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/t/pay/projects/"


def html(personas: Personas, query: str = "") -> HtmlElement:
    response = personas.client("viewer").get(ADDRESS + query)
    return document_fromstring(response.content.decode())


def names(personas: Personas, query: str = "") -> list[str]:
    links = html(personas, query).xpath("//td[@class='name']/a")
    return [link.text_content() for link in links]


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_read(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_every_project_open_and_closed_under_its_objective_and_cycle(personas: Personas) -> None:
    team = personas.team
    old = make_cycle(team, "2023H2", date(2023, 7, 1), date(2023, 12, 31))
    now = make_cycle(team)
    first, second = make_objective(now, "O1"), make_objective(now, "O2", "系统升级")
    make_project(team, "交易路由", second)
    make_project(team, "农行存管", first, closed_on=date(2024, 6, 1))
    make_project(team, "二手收银台", first)
    make_project(team, "网关迁移", make_objective(old, "O1"), closed_on=date(2023, 11, 3))
    page = html(personas)
    words = " ".join(page.get_element_by_id("main").text_content().split())
    order = ["2024H1", "O1 业务服务", "二手收银台", "农行存管", "O2 系统升级", "交易路由"]
    order += ["2023H2", "网关迁移", "Under no objective", "贝易转"]
    assert [words.index(word) for word in order] == sorted(words.index(word) for word in order)
    assert "closed Jun 1" in words
    assert [
        chapter.get("open") is not None
        for chapter in page.xpath("//details[contains(@class, 'chapter')]")
    ] == [*(True, False, True)]


def test_what_was_last_told(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), percent=40, health=Health.ON_TRACK)
    make_entry(personas.project, date(2024, 6, 10), health=Health.AT_RISK)
    words = html(personas).get_element_by_id("main").text_content()
    for told in ("许澄", "at risk", "40%", "2024-W24"):
        assert told in words


@pytest.mark.parametrize("search", ["影像", "docai", "ＤｏｃＡＩ", " DocAI项目 "])
def test_a_name_or_an_alias_is_found(personas: Personas, search: str) -> None:
    make_project(personas.team, "AI影像数字化", aliases=("DocAI",))
    assert names(personas, f"?q={search}") == ["AI影像数字化"]


def test_what_is_not_found_is_said_and_the_words_stay(personas: Personas) -> None:
    page = html(personas, "?q=<b>")
    assert "No project is called “<b>”." in page.text_content()
    assert page.xpath("string(//input[@name='q']/@value)") == "<b>"


def test_another_teams_projects_are_not_there(personas: Personas) -> None:
    other = personas.outsider.memberships.get().team
    make_project(other, "反诈平台")
    assert names(personas) == ["贝易转"]
    assert names(personas, "?q=反诈") == []


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("viewer")
    objective = make_objective(make_cycle(personas.team))

    def queries(search: str = "") -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS + search).status_code == 200
        return len(captured)

    few = queries()
    assert queries("?q=贝") == few
    for number in range(20):
        project = make_project(personas.team, f"项目{number}", objective, lead=personas.lead)
        make_entry(project, percent=number)
    assert queries() == few
