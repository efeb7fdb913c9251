"""The table of the dashboard: filtered, sorted, compared, paged, and taken along as a file."""

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
from tests.html import elements, text
from tests.reports.render.test_spreadsheets import sheet_of
from tests.tables import each_row

ADDRESS = "/t/pay/"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, address: str = ADDRESS) -> str:
    return personas.client("viewer").get(address).content.decode()


def test_a_column_that_no_project_fills_is_left_out(personas: Personas) -> None:
    make_entry(personas.project, health="")
    page = page_of(personas)
    assert "sort=project" in page
    for column in ("stage", "health", "percent", "due_on"):
        assert f"sort={column}" not in page
    make_entry(make_project(personas.team, "POS"), percent=20)
    facts.announce(personas.team, [WEEK])
    page = page_of(personas)
    assert "sort=percent" in page
    assert "since last week" in page
    assert '<span class="unknown">–</span>' in page  # of the project that has none


def test_it_sorts_by_any_column(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    make_entry(make_project(personas.team, "POS"), percent=20)
    page = page_of(personas, f"{ADDRESS}?sort=percent")
    table = page[page.index("<tbody>") :]
    assert table.index("POS") < table.index("贝易转")
    assert 'aria-sort="ascending"' in page
    assert "Back to the order of the page" in page
    table = page_of(personas, f"{ADDRESS}?sort=-percent").split("<tbody>")[1]
    assert table.index("贝易转") < table.index("POS")


@each_row("sort", ["health", "due_on", "reported_at", "lead", "-stage", "nothing"])
def test_no_sorting_breaks_it(personas: Personas, sort: str) -> None:
    make_entry(personas.project, percent=60)
    make_project(personas.team, "POS")
    response = personas.client("viewer").get(ADDRESS, {"sort": sort})
    assert response.status_code == 200


def test_it_is_filtered_sorted_and_shown_in_part_by_the_address(personas: Personas) -> None:
    make_entry(personas.project, percent=60, health="off_track")
    make_entry(make_project(personas.team, "POS"), percent=20)
    page = page_of(personas, f"{ADDRESS}?health=off_track&columns=percent")
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "贝易转" in table
    assert "POS" not in table
    assert "col-percent" in table
    assert "col-health" not in table
    assert "1 of 2 projects" in page
    assert '<option value="off_track" selected>' in page


def test_groups_stay_when_the_table_is_filtered(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    for code, name in (("O1", "业务服务"), ("O2", "能力升级")):
        objective = make_objective(cycle, code, name)
        make_entry(make_project(personas.team, f"{code}项目", objective), text="联调")
    page = page_of(personas, f"{ADDRESS}?objective=O2")
    assert page.count('<tr class="group">') == 1
    assert text(page, "tr.group th") == "O2 能力升级 1 project"


def test_when_nothing_fits_the_filter_can_be_cleared(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    page = page_of(personas, f"{ADDRESS}?text=nowhere&sort=-percent")
    assert "No matching projects." in page
    assert '<a class="button" href="?sort=-percent#projects">Clear the filter</a>' in page


@each_row(
    "query",
    [
        *("page=999", "page=-1", "page=x", "sort=<script>", "health=x", "size=1", "columns=x"),
        *("against=2024-W99", "against=x", "against=0001-W01", "against=2030-W01"),
        *("against=2024-W25", "text=%00", "objective=%27%22%3E%3Cb%3E", "lead=-&stage=-"),
    ],
)
def test_nonsense_in_the_address_breaks_nothing(personas: Personas, query: str) -> None:
    make_entry(personas.project, percent=60)
    response = personas.client("manager").get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    assert "贝易转" in response.content.decode()


def test_an_alias_finds_its_project(personas: Personas) -> None:
    make_entry(make_project(personas.team, "AI影像数字化", aliases=("DocAI",)))
    make_entry(personas.project)
    table = page_of(personas, f"{ADDRESS}?text=docai").split("<tbody>")[1]
    assert "AI影像数字化" in table
    assert "贝易转" not in table


def test_htmx_gets_the_table_alone_and_the_address_of_what_it_shows(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    response = personas.client("viewer").get(
        f"{ADDRESS}?objective=&health=on_track&sort=-percent&stage=&text=&size=50",
        headers={"HX-Request": "true"},
    )
    content = response.content.decode()
    assert content.lstrip().startswith('<div id="projects_table"')
    assert "贝易转" in content
    assert response["HX-Push-Url"] == "/t/pay/?health=on_track&sort=-percent"
    assert "HX-Request" in response["Vary"]


@each_row(
    ("before", "after", "header"),
    [
        ("", "?text=k", "HX-Push-Url"),
        ("?text=k", "?text=ke", "HX-Replace-Url"),
        ("?text=ke", "", "HX-Replace-Url"),
        ("?text=ke", "?text=ke", "HX-Replace-Url"),
        ("?text=ke&sort=-percent", "?sort=-percent&text=ke", "HX-Replace-Url"),
        ("?text=ke", "?health=on_track&text=ke", "HX-Push-Url"),
        ("?text=ke&sort=-percent", "?text=ker&sort=-percent", "HX-Replace-Url"),
    ],
)
def test_typing_a_word_makes_one_entry_of_the_history(
    personas: Personas, before: str, after: str, header: str
) -> None:
    make_entry(personas.project, percent=60)
    came_from = {"HX-Current-URL": f"http://testserver{ADDRESS}{before}"}
    response = personas.client("viewer").get(
        f"{ADDRESS}{after}", headers={"HX-Request": "true", **came_from}
    )
    assert {"HX-Push-Url", "HX-Replace-Url"} & response.headers.keys() == {header}


def test_a_restored_page_of_the_history_is_the_whole_page(personas: Personas) -> None:
    make_entry(personas.project, percent=60)
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    response = personas.client("viewer").get(f"{ADDRESS}?health=on_track", headers=headers)
    assert '<option value="on_track" selected>' in response.content.decode()
    assert "HX-Push-Url" not in response


def test_up_to_fifty_rows_stand_on_one_page(personas: Personas) -> None:
    for number in range(49):
        make_project(personas.team, f"项目{number:02}")
    assert "Pages of the table" not in page_of(personas)
    make_project(personas.team, "第五十一个")
    facts.announce(personas.team, [WEEK])
    page = page_of(personas)
    assert "第五十一个" not in page.split("<tbody>")[1]
    assert 'href="?page=2#projects"' in page
    assert "第五十一个" in page_of(personas, f"{ADDRESS}?page=2")
    assert "第五十一个" in page_of(personas, f"{ADDRESS}?page=999")
    assert "第五十一个" in page_of(personas, f"{ADDRESS}?size=100")


def test_what_somebody_wrote_is_escaped_in_the_table(personas: Personas) -> None:
    evil = "<img src=x onerror=alert(1)>"
    project = make_project(personas.team, evil, lead=personas.lead, is_focus=True)
    personas.lead.name = '"><b>'
    personas.lead.save()
    make_entry(project, percent=10)
    make_entry(project, date(2024, 6, 10), percent=5)
    page = page_of(personas, f"{ADDRESS}?text=onerror")
    assert evil not in page
    assert '"><b>' not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def report(personas: Personas, week: date, percent: int, due_on: date) -> None:
    make_entry(personas.project, week, percent=percent)
    milestone = personas.project.milestones.first() or make_milestone(personas.project, week=week)
    ledger.move_due_date(milestone, due_on, "day", week=week, reason="联网晚到")
    facts.announce(personas.team, [week])


def test_it_compares_with_last_week_or_with_any_other(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    report(personas, date(2024, 5, 13), 20, date(2024, 7, 1))
    report(personas, date(2024, 6, 10), 55, date(2024, 7, 1))
    report(personas, WEEK, 60, date(2024, 7, 11))
    page = page_of(personas)
    assert page.count('<span class="change up">↑5</span>') == 2  # the objective's and its project's
    assert text(page, "td.col-due_on .slip.moved") == "since last week +10 days · 10 in all"
    assert "<option>2024-W20</option>" in page
    page = page_of(personas, f"{ADDRESS}?against=2024-W20")
    assert page.count('<span class="change up">↑40</span>') == 2
    assert "since 2024-W20" in page
    assert "<option selected>2024-W20</option>" in page
    # As it was then, with what was known then.
    page = page_of(personas, "/t/pay/weeks/2024-W24/dashboard/?against=2024-W20")
    assert page.count('<span class="change up">↑35</span>') == 2
    assert not elements(page, "td.col-due_on .moved")


def test_a_change_over_a_gap_says_since_when(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 5, 20), percent=50)
    make_entry(personas.project, WEEK, percent=60)
    assert '<small class="since">since 2024-W21</small>' in page_of(personas)
    make_entry(personas.project, date(2024, 6, 10), percent=55)
    facts.announce(personas.team, [WEEK])
    assert 'class="since"' not in page_of(personas)


# --- as a file --------------------------------------------------------------------------------


EXPORT = "/t/pay/weeks/2024-W25/dashboard/projects."


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_can_only_be_read(personas: Personas, method: str) -> None:
    assert getattr(personas.client("manager"), method)(f"{EXPORT}csv").status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        f"{EXPORT}pdf",
        "/t/pay/weeks/2019-W10/dashboard/projects.csv",
        "/t/pay/weeks/2024-W99/dashboard/projects.csv",
    ],
)
def test_what_is_not_there_is_not_there(personas: Personas, address: str) -> None:
    assert personas.client("viewer").get(address).status_code == 404


def rows_of(personas: Personas, query: str = "") -> list[dict[str, str]]:
    response = personas.client("viewer").get(f"{EXPORT}csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def fill(personas: Personas) -> None:
    personas.project.objective = make_objective(make_cycle(personas.team))
    personas.project.save()
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 10))
    ledger.move_due_date(milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到")
    make_entry(personas.project, date(2024, 6, 10), percent=Decimal("55.5"))
    entry = make_entry(personas.project, percent=60, author=personas.manager)
    entry.on_behalf_of = personas.lead
    entry.save()
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
    assert first["Reported by"] == f"{personas.manager} (for 许澄)"


def test_who_was_silent_has_the_day_of_the_last_update(personas: Personas) -> None:
    fill(personas)
    (silent,) = rows_of(personas, "?stale=1")
    assert (silent["Project"], silent["Weeks without an update"]) == ("POS", "2")
    assert silent["Updated"] == "2024-06-09"


def test_percent_that_the_week_did_not_tell_has_the_week_that_did(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 3), percent=40)
    make_entry(personas.project, date(2024, 6, 10))
    make_entry(make_project(personas.team, "POS"), percent=80)
    shown = {row["Project"]: (row["Complete %"], row["Last known"]) for row in rows_of(personas)}
    assert shown == {"贝易转": ("40", "2024-W23"), "POS": ("80", "")}


def test_it_is_what_the_table_shows(personas: Personas) -> None:
    fill(personas)
    rows = rows_of(personas, "?sort=-percent&columns=percent&page=2&size=25")
    assert list(rows[0]) == ["Group", "Project", "Complete %", "Last known", "Since last week"]
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
    response = personas.client("viewer").get(f"{EXPORT}xlsx?columns=percent&columns=due_on")
    assert response["Content-Disposition"] == 'attachment; filename="pay-2024-W25-projects.xlsx"'
    (headings, first, *_others), _sheet = sheet_of(response.content)
    named = dict(zip(headings, first, strict=False))
    assert named["Complete %"] == Decimal(60)
    assert named["Due"] == Decimal((date(2024, 7, 31) - date(1899, 12, 30)).days)


def test_all_pages_are_in_it_for_the_same_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        facts.announce(personas.team, [WEEK])
        client.get(f"{EXPORT}csv")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{EXPORT}csv")
        return len(captured)

    few = queries()
    for number in range(60):
        make_project(personas.team, f"项目{number}")
    assert queries() == few <= 12
    assert len(rows_of(personas)) == 61
