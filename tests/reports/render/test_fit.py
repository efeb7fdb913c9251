from __future__ import annotations

from reports.render.fit import Part, Role, chosen, worth_making

HEADING, ENTRY, BLOCK, REST = Role.HEADING, Role.ENTRY, Role.BLOCK, Role.REST


def a_section(anchor: str, *entries: Part) -> list[Part]:
    return [Part(HEADING, anchor), *entries, Part(REST, anchor)]


def entries(anchor: str, *weights: int) -> list[Part]:
    return [Part(ENTRY, anchor, f"项目{n}", weight) for n, weight in enumerate(weights)]


def test_what_fits_is_kept_without_last_rows() -> None:
    parts = a_section("o1", *entries("o1", 1, 1))
    found = chosen(parts, [100] * 4, 300)
    assert found.kept == (True, True, True, False)
    assert not found.left_out


def test_what_weighs_less_is_left_out_first_and_counted() -> None:
    parts = a_section("o1", *entries("o1", 0, 2, 1, 3))
    found = chosen(parts, [100, 1000, 1000, 1000, 1000, 100], 2700)
    assert found.kept == (True, False, True, False, True, True)
    assert [part.name for part in found.left_out["o1"]] == ["项目0", "项目2"]


def test_of_equal_weight_the_earlier_stays() -> None:
    parts = a_section("o1", *entries("o1", 1, 1, 1))
    assert chosen(parts, [100, 1000, 1000, 1000, 100], 2700).kept[1:4] == (True, True, False)


def test_a_section_that_leaves_nothing_out_has_no_last_row() -> None:
    parts = a_section("o1", *entries("o1", 3)) + a_section("o2", *entries("o2", 0))
    found = chosen(parts, [100, 1000, 100, 100, 3000, 100], 2500)
    assert found.kept == (True, True, False, True, False, True)


def test_one_last_row_speaks_for_the_sections_that_have_no_room() -> None:
    parts = [part for n in range(9) for part in a_section(f"s{n}", Part(BLOCK, f"s{n}"))]
    found = chosen(parts, [400, 400, 100] * 9, 2500)
    rests = [part.section for part, keep in zip(parts, found.kept, strict=True) if keep]
    shown = [part.section for part, keep in zip(parts, found.kept, strict=True) if keep]
    assert shown == rests
    (last,) = [name for name in found.left_out if len(found.left_out[name]) > 1]
    assert {part.section for part in found.left_out[last]} == {
        f"s{n}" for n in range(int(last[1:]), 9)
    }


# --- what is worth making -----------------------------------------------------------------------


def test_all_is_made_that_might_fit() -> None:
    parts = a_section("o1", *entries("o1", 0, 1, 2))
    assert worth_making(parts, [0, 300, 300, 300, 0], 1000) == [True] * 5


def test_what_weighs_least_is_not_made_when_the_rest_fills_the_mail() -> None:
    parts = a_section("o1", *entries("o1", 0, 2, 1, 3))
    assert worth_making(parts, [0, 500, 500, 500, 500, 0], 1000) == [
        True,
        False,
        True,
        False,
        True,
        True,
    ]


def test_what_is_too_long_in_any_case_leaves_its_place_to_the_next() -> None:
    parts = a_section("o1", *entries("o1", 1, 1, 1))
    assert worth_making(parts, [0, 90_000, 400, 90_000, 0], 1000)[1:4] == [False, True, False]
