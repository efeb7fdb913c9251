from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Incident
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import NOW, WEEK, make_incident, make_team

ADDRESS = "/t/pay/incidents/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_look(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_the_latest_week_comes_first_with_what_is_known(personas: Personas) -> None:
    make_incident(personas.team, WEEK - ONE_WEEK, NOW - ONE_WEEK, "对账任务超时")
    late = make_incident(personas.team, description="回调超时")
    Incident.objects.filter(pk=late.pk).update(cause="证书过期", reviewed_at=NOW)
    make_incident(make_team("ai"), description="别队的")
    page = personas.client("viewer").get(ADDRESS).content.decode()
    assert page.index("2024-W25") < page.index("回调超时") < page.index("2024-W24")
    assert "06-19 10:00" in page  # the team's time, not UTC
    assert "证书过期" in page
    assert page.count("no review yet") == 1
    assert "别队的" not in page


def test_an_old_page_is_quoted(personas: Personas) -> None:
    Incident.objects.create(team=personas.team, week=WEEK, occurred_at=NOW, text="原文：**对账**")
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "原文：<strong>对账</strong>" in page
    assert "no review yet" not in page
    assert "/review/" not in page


@pytest.mark.parametrize(("name", "may"), [("viewer", False), ("lead", True), ("manager", True)])
def test_only_who_may_report_finds_a_button(personas: Personas, name: str, may: bool) -> None:
    incident = make_incident(personas.team)
    page = personas.client(name).get(ADDRESS).content.decode()
    for address in ("new/", f"{incident.pk}/", f"{incident.pk}/review/"):
        assert (f'href="{ADDRESS}{address}"' in page) is may


def test_a_page_of_many(personas: Personas) -> None:
    for number in range(31):
        make_incident(personas.team, description=f"第 {number:02} 件")
    client = personas.client("viewer")
    assert "第 00 件" not in client.get(ADDRESS).content.decode()
    second = client.get(ADDRESS, {"page": "2"}).content.decode()
    assert "第 00 件" in second
    assert client.get(ADDRESS, {"page": "99"}).content.decode().count("第 00 件") == 1


def test_a_team_without_incidents_is_told(personas: Personas) -> None:
    page = personas.client("viewer").get(ADDRESS).content.decode()
    assert "No incident has been recorded" in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    for _ in range(2):
        make_incident(personas.team, project=personas.project)
    few = queries()
    for _ in range(20):
        make_incident(personas.team, project=personas.project)
    assert queries() == few
