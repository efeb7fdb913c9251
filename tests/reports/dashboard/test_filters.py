"""The state of the dashboard's table: read from any address, written back, applied. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from reports.dashboard.filters import COLUMNS, SIZES, TableState, choices_of, shown, state_of
from reports.dashboard.overview import BoardRow
from reports.weekly.comparison import ProjectChange
from reports.weekly.document import PageSection
from reports.weekly.sections import Kind
from tests.reports.dashboard.test_overview import entry
from tests.tables import each_row

SECTION = PageSection(Kind.OBJECTIVE, "o1", "", code="O1", name="业务服务")


def row(project: str, change: Decimal | None = None, **fields: Any) -> BoardRow:
    return BoardRow(entry(project, **fields), SECTION, ProjectChange(percent=change))


ROWS = (
    row("POS", objective_code="O2", health="off_track", stage="测试", lead="何川", project_id=1),
    row("装修存管", objective_code="O1", health="on_track", stage="联调", project_id=2),
    row("杂事", objective_code="", health="", stage="", lead="", project_id=3, is_updated=False),
)
CHOICES = choices_of(ROWS, [("O1", "业务服务"), ("O2", "能力升级"), ("O3", "平台治理")])


def read(query: str) -> TableState:
    return state_of(QueryDict(query), CHOICES)


def names_shown(query: str, *rows: BoardRow) -> list[str]:
    return [row.entry.project for row in shown(rows or ROWS, read(query), {1: ["自建收银台"]})]


def test_only_what_some_row_has_can_be_chosen() -> None:
    assert CHOICES.objectives == (("O1", "业务服务"), ("O2", "能力升级"))
    assert CHOICES.healths == ("off_track", "on_track")
    assert CHOICES.leads == ("何川", "许澄")
    assert CHOICES.lacking == {"objective", "health", "stage", "lead"}


@each_row(
    "query",
    [
        *("page=0", "page=-1", "page=x", "page=９９９９９９９", "page=1e3", "size=7", "size="),
        *("sort=<script>", "sort=", "sort=history", "sort=--percent", "sort=__class__"),
        *("health=x", "objective=O9", "stage=%00", "lead=nobody", "stale=yes", "columns=nothing"),
        *("text=%20%20", "nonsense=1", "%FF=%FE", "objective=O3"),
    ],
)
def test_what_makes_no_sense_is_as_if_not_said(query: str) -> None:
    assert read(query) == TableState()


@given(
    st.builds(
        TableState,
        objective=st.sampled_from(["", "O1", "O2", "-"]),
        health=st.sampled_from(["", "off_track", "-"]),
        stage=st.sampled_from(["", "联调", "-"]),
        lead=st.sampled_from(["", "何川", "-"]),
        stale=st.booleans(),
        text=st.sampled_from(["", "a&b=c", "二手 收银台", "%+#", "<b>"]),
        sort=st.sampled_from(["", "percent", "-due_on", "change"]),
        columns=st.sets(st.sampled_from(COLUMNS)).map(
            lambda chosen: tuple(column for column in COLUMNS if column in chosen)
        ),
        size=st.sampled_from(SIZES),
        page=st.integers(1, 999_999),
    )
)
def test_an_address_gives_back_the_state_that_it_was_made_of(state: TableState) -> None:
    assert read(state.query()[1:]) == state


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=8))
def test_any_address_can_be_read(parameters: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(parameters)
    state = state_of(query, CHOICES)
    assert state_of(QueryDict(state.query()[1:]), CHOICES) == state
    shown(ROWS, state, {})


def test_the_default_leaves_the_address_alone() -> None:
    assert TableState().query() == "?"
    assert read("").query(sort="-percent") == "?sort=-percent"
    assert read("page=3&health=off_track").query(sort="") == "?health=off_track"
    assert read("sort=lead&health=off_track&page=2").unfiltered() == TableState(sort="lead")


def test_columns_are_chosen_and_the_name_always_stands() -> None:
    assert read("columns=project").columns == ()
    assert read("columns=due_on&columns=lead&columns=x").columns == ("lead", "due_on")


@each_row(
    ("query", "projects"),
    [
        ("", ["POS", "装修存管", "杂事"]),
        ("objective=O2", ["POS"]),
        ("objective=-", ["杂事"]),
        ("health=on_track", ["装修存管"]),
        ("health=-", ["杂事"]),
        ("stage=联调&lead=许澄", ["装修存管"]),
        ("stale=1", ["杂事"]),
        ("objective=O1&stale=1", []),
    ],
)
def test_every_filter_narrows(query: str, projects: list[str]) -> None:
    assert names_shown(query) == projects


@each_row(
    ("text", "projects"),
    [
        ("pos", ["POS"]),
        ("自建", ["POS"]),  # an alias
        ("何", ["POS"]),  # its lead
        ("装修 存管", ["装修存管"]),  # as names are compared
        ("银联", ["装修存管"]),  # what it says this week
        ("旧话", ["杂事"]),  # what it said last
        ("没有的", []),
        ("…", []),
    ],
)
def test_a_text_is_looked_for_in_names_and_words(text: str, projects: list[str]) -> None:
    rows = (
        ROWS[0],
        row("装修存管", project_id=2, text="银联联调完成"),
        row("杂事", lead="", is_updated=False, last_text="旧话", project_id=3),
    )
    assert names_shown(f"text={text}", *rows) == projects


@each_row(
    ("sort", "projects"),
    [
        ("percent", ["B", "A", "C"]),
        ("-percent", ["A", "B", "C"]),  # of which nothing is known comes last, either way
        ("change", ["A", "B", "C"]),
        ("health", ["B", "A", "C"]),  # the worst first
        ("-health", ["A", "B", "C"]),
        ("due_on", ["B", "A", "C"]),
        ("reported_at", ["B", "A", "C"]),
        ("project", ["A", "B", "C"]),
        ("lead", ["B", "A", "C"]),
    ],
)
def test_it_sorts_by_any_column(sort: str, projects: list[str]) -> None:
    at = datetime(2024, 6, 18, tzinfo=UTC)
    rows = (
        row("C", lead="", health=""),
        row(
            "A", Decimal(-5), percent=Decimal(60), due_on=date(2024, 8, 1), reported_at=at, lead="b"
        ),
        row(
            "B",
            Decimal(1),
            percent=Decimal(20),
            health="off_track",
            due_on=date(2024, 7, 1),
            last_week=date(2024, 6, 3),
            reported_at=at,
            lead="a",
        ),
    )
    assert names_shown(f"sort={sort}", *rows) == projects
