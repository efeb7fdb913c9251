from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.render.mail.fit import Part, PartRole, choose, weight_of, worth_making
from reports.weekly.compile import compile_week
from tests.reports.weekly.builders import project, week_rows
from tests.tables import each_row

HEADING, ENTRY, BLOCK, REST = PartRole.HEADING, PartRole.ENTRY, PartRole.BLOCK, PartRole.REST


def section(anchor: str, *entries: Part) -> list[Part]:
    return [Part(HEADING, anchor, 100), *entries, Part(REST, anchor, 100)]


def entries(anchor: str, *weights: int, size: int = 1000) -> list[Part]:
    return [Part(ENTRY, anchor, size, f"项目{n}", weight) for n, weight in enumerate(weights)]


def test_rows_that_fit_are_kept_without_last_rows() -> None:
    chosen = choose(section("o1", *entries("o1", 1, 1, size=100)), 300)
    assert chosen.printed == (0, 1, 2)
    assert not chosen.left_out


def test_lighter_rows_are_left_out_first_and_named() -> None:
    chosen = choose(section("o1", *entries("o1", 0, 2, 1, 3)), 2700)
    assert chosen.printed == (0, 2, 4, 5)
    assert [part.name for part in chosen.left_out["o1"]] == ["项目0", "项目2"]


def test_earlier_row_stays_of_two_of_equal_weight() -> None:
    assert choose(section("o1", *entries("o1", 1, 1, 1)), 2700).printed == (0, 1, 2, 4)


def test_a_section_that_leaves_nothing_out_has_no_last_row() -> None:
    parts = section("o1", *entries("o1", 3)) + section("o2", *entries("o2", 0, size=3000))
    assert choose(parts, 2500).printed == (0, 1, 3, 5)


def test_one_last_row_speaks_for_the_sections_that_have_no_room() -> None:
    parts = [
        part
        for n in range(9)
        for part in (
            Part(HEADING, f"s{n}", 400),
            Part(BLOCK, f"s{n}", 400),
            Part(REST, f"s{n}", 100),
        )
    ]
    chosen = choose(parts, 2500)
    printed_parts = [parts[place] for place in chosen.printed]
    with_rest = {part.section for part in printed_parts if part.role is REST}
    assert with_rest == set(chosen.left_out) <= {part.section for part in printed_parts}
    (last,) = [name for name in chosen.left_out if len(chosen.left_out[name]) > 1]
    assert {part.section for part in chosen.left_out[last]} == {
        f"s{n}" for n in range(int(last[1:]), 9)
    }


def test_rows_that_might_fit_are_made() -> None:
    parts = section("o1", *entries("o1", 0, 1, 2, size=300))
    assert worth_making(parts, 1000) == {0, 1, 2, 3, 4}


def test_lightest_row_is_not_made_when_the_rest_fills_the_mail() -> None:
    parts = section("o1", *entries("o1", 0, 2, 1, 3, size=500))
    assert worth_making(parts, 1000) == {0, 2, 4, 5}


def test_row_that_is_too_long_leaves_its_place_to_the_next() -> None:
    parts = section("o1", *entries("o1", 1, 1, 1, size=90_000))
    parts[2].size = 400
    assert worth_making(parts, 1000) == {0, 2, 4}


@each_row(
    ("shown", "weight"),
    [
        ({"is_focus": True, "health": "on_track"}, 3),
        ({"health": "off_track"}, 2),
        ({"health": "at_risk"}, 2),
        ({"health": "on_track", "risks": "专线未到"}, 2),
        ({"health": "on_track", "is_updated": True}, 1),
        ({"health": "on_track"}, 0),
    ],
)
def test_focus_and_trouble_weigh_most(shown: dict[str, Any], weight: int) -> None:
    (entry,) = compile_week(week_rows([project("POS")])).entries
    shown = {"is_focus": False, "is_updated": False, "risks": "", **shown}
    assert weight_of(replace(entry, moves=(), findings=(), questions=(), **shown)) == weight
