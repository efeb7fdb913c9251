"""A plan as lines of text: what the lines mean, and which row each of them is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projects.checkin import plan_lines
from projects.checkin.plan_lines import ADDED_FROM
from tests.tables import each_row

WORDS = st.sampled_from(["甲", "乙", "丙", "丁", "戊"])


def test_each_line_is_an_item_and_indented_lines_belong_to_it() -> None:
    assert plan_lines.read("装修存管提测\n  联调两家\n\n路由灰度\r\n") == [
        "装修存管提测\n联调两家",
        "路由灰度",
    ]


@each_row(
    "line",
    ["1. 装修存管提测", "2、装修存管提测", "- 装修存管提测", "• 装修存管提测", "③装修存管提测"],
)
def test_list_marks_are_removed(line: str) -> None:
    assert plan_lines.read(line) == ["装修存管提测"]


def test_number_that_is_part_of_the_text_stays() -> None:
    assert plan_lines.read("1.3版本提测\n29 城灰度") == ["1.3版本提测", "29 城灰度"]
    assert plan_lines.read("① 装修存管", known_items=["① 装修存管"]) == ["① 装修存管"]


def test_written_lines_read_back_the_same() -> None:
    items = ["装修存管提测\n联调两家", "路由灰度"]
    assert plan_lines.read(plan_lines.as_text(items), items) == items


def test_same_text_matches_its_item_and_a_changed_line_the_one_in_its_place() -> None:
    assert plan_lines.matched(["甲", "乙", "丙"], ["丙", "甲", "乙"]) == [2, 0, 1]
    assert plan_lines.matched(["甲", "乙", "丙"], ["甲", "乙改", "丙"]) == [0, 1, 2]
    assert plan_lines.matched(["甲", "乙"], ["甲", "新", "乙"]) == [0, None, 1]
    assert plan_lines.matched(["甲", "乙"], ["乙"]) == [1]


@given(st.lists(WORDS), st.lists(WORDS))
def test_no_item_is_matched_twice(old: list[str], new: list[str]) -> None:
    matches = [at for at in plan_lines.matched(old, new) if at is not None]
    assert len(matches) == len(set(matches))
    for at, words in zip(plan_lines.matched(old, new), new, strict=True):
        if words in old and old.count(words) >= new.count(words):
            assert at is not None
            assert old[at] == words


def test_unchanged_plan_keeps_its_positions() -> None:
    assert plan_lines.placed([(31, 1), (32, 2)]) == [31, 32]
    assert plan_lines.placed([(31, 1), (32, 2), None]) == [31, 32, 32]
    assert plan_lines.placed([(32, 2), (31, 1)]) == [31, 32]
    assert plan_lines.placed([None, (31, 1)]) == [30, 31]
    assert plan_lines.placed([None, (31, 1)], taken=[30]) == [ADDED_FROM, ADDED_FROM + 1]
    assert plan_lines.placed([None, None]) == [ADDED_FROM, ADDED_FROM]


@given(st.lists(st.one_of(st.none(), st.integers(0, 5), st.just(ADDED_FROM)), max_size=8))
def test_positions_keep_the_order(positions: list[int | None]) -> None:
    order = [None if place is None else (place, key) for key, place in enumerate(positions)]
    order = [*order[1::2], *order[::2]]
    slots = plan_lines.placed(order)
    keys = [place[1] if place else 10**6 + at for at, place in enumerate(order)]
    rows = list(zip(slots, keys, strict=True))
    assert rows == sorted(rows)
    assert all(position >= 0 for position in slots)


@each_row("line", ["贝易转 - 切换", "评审(1)完成", "验收①和②", "升级到 2. 版本 * 灰度"])
def test_only_marks_before_the_text_are_removed(line: str) -> None:
    assert plan_lines.read(line) == [line]
    assert plan_lines.read(f"3. {line}") == [line]
