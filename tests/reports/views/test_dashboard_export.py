from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from projects.checkin import ledger
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_entry,
    make_milestone,
    make_objective,
    make_project,
)
from tests.reports.render.test_xlsx import sheet_of

ADDRESS = "/t/pay/weeks/2024-W25/dashboard/projects."
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_take_it_along(
    personas: Personas, name: str, status: int, ending: str
) -> None:
    assert personas.client(name).get(ADDRESS + ending).status_code == status


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_can_only_be_read(personas: Personas, method: str) -> None:
    assert getattr(personas.client("manager"), method)(f"{ADDRESS}csv").status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        f"{ADDRESS}pdf",
        "/t/pay/weeks/2019-W10/dashboard/projects.csv",
        "/t/pay/weeks/2024-W99/dashboard/projects.csv",
    ],
)
def test_what_is_not_there_is_not_there(personas: Personas, address: str) -> None:
    assert personas.client("viewer").get(address).status_code == 404


def rows_of(personas: Personas, query: str = "") -> list[dict[str, str]]:
    response = personas.client("viewer").get(f"{ADDRESS}csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def fill(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 10))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到")
    make_entry(personas.project, date(2024, 6, 10), percent=Decimal("55.5"))
    make_entry(personas.project, percent=60)
    make_entry(make_project(personas.team, "=cmd|' /C calc'!A0"), health="off_track", percent=20)
    make_entry(make_project(personas.team, "POS"), date(2024, 6, 3), percent=80)


def test_each_figure_of_a_row_has_a_column(personas: Personas) -> None:
    fill(personas)
    first, *_others = rows_of(personas)
    assert first["Group"] == "O1 业务服务"
    assert (first["Project"], first["Lead"], first["Health"]) == ("贝易转", "许澄", "on track")
    assert (first["Complete %"], first["Since last week"]) == ("60", "4.5")
    assert (first["2024-W24 %"], first["2024-W25 %"]) == ("55.5", "60")
    assert (first["Due"], first["First due"]) == ("2024-07-31", "2024-07-01")
    assert (first["Days late"], first["Moves"]) == ("30", "1")
    assert first["Due date moved by days"] == "30"
    assert (first["Updated"], first["Weeks without an update"]) == ("2024-06-19", "")


def test_who_was_silent_has_the_day_of_the_last_update(personas: Personas) -> None:
    fill(personas)
    (silent,) = rows_of(personas, "?stale=1")
    assert (silent["Project"], silent["Weeks without an update"]) == ("POS", "2")
    assert silent["Updated"] == "2024-06-09"


def test_it_is_what_the_table_shows(personas: Personas) -> None:
    fill(personas)
    rows = rows_of(personas, "?sort=-percent&columns=percent&page=2&size=25")
    assert list(rows[0]) == ["Group", "Project", "Complete %", "Since last week"]
    assert [row["Complete %"] for row in rows] == ["80", "60", "20"]
    (row,) = rows_of(personas, "?health=off_track")
    assert row["Project"] == "'=cmd|' /C calc'!A0"
    assert rows_of(personas, "?text=nowhere") == []


def test_it_compares_as_the_table_does(personas: Personas) -> None:
    fill(personas)
    facts.announce(personas.team, [date(2024, 6, 10)])
    first, *_others = rows_of(personas, "?against=2024-W24")
    assert first["Since 2024-W24"] == "4.5"


def test_a_workbook_holds_numbers_and_dates(personas: Personas) -> None:
    fill(personas)
    response = personas.client("viewer").get(f"{ADDRESS}xlsx?columns=percent&columns=due_on")
    assert response["Content-Disposition"] == 'attachment; filename="pay-2024-W25-projects.xlsx"'
    (headings, first, *_others), _sheet = sheet_of(response.content)
    named = dict(zip(headings, first, strict=False))
    assert named["Complete %"] == Decimal(60)
    assert named["Due"] == Decimal((date(2024, 7, 31) - date(1899, 12, 30)).days)


def test_all_pages_are_in_it_for_the_same_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        facts.announce(personas.team, [WEEK])
        client.get(f"{ADDRESS}csv")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{ADDRESS}csv")
        return len(captured)

    few = queries()
    for number in range(60):
        make_project(personas.team, f"项目{number}")
    assert queries() == few <= 12
    assert len(rows_of(personas)) == 61
