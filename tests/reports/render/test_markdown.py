from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reports.render.markdown import markdown
from reports.weekly.compile import compile_week
from tests.reports.render.golden import assert_golden
from tests.reports.render.sample import SOURCE, imported_week, kept_week
from tests.reports.weekly.builders import entry, project, section, week_rows
from tests.tables import each_row


def test_native_page_matches_its_golden_file() -> None:
    assert_golden("kept.md", markdown(kept_week(), language="en"))


def test_imported_page_matches_its_golden_file() -> None:
    assert_golden("imported.md", markdown(imported_week(), language="en"))


def test_programs_own_words_are_in_the_readers_language() -> None:
    text = markdown(kept_week(), language="zh-hans")
    assert text.startswith("# 周报 2024-W25\n\n6月17日 – 6月23日\n")
    assert "## 【O2 能力升级】" in text
    assert "■ 落后 · 测试 · 60% ↓5 · " in text
    assert "85% 已 3 周未变，距计划完成 7 天" in text
    assert "本周未更新。最近一次 6月7日：刷历史数据" in text


def folded(line: str) -> str:
    """The line's text as two spellings of it would agree: no list mark, marks, brackets, spaces."""
    bare = re.sub(r"^\s*(?:[-*+]|\d+[.、)]|#+|>)*\s*(?:\[[ x]\])?\s*", "", line)
    return re.sub(r"[\s*_`【】\[\]:：，,。.|]", "", bare).lower()


@each_row("language", ["en", "zh-hans"])
def test_every_line_of_an_imported_page_comes_back_in_order(language: str) -> None:
    back = "".join(map(folded, markdown(imported_week(), language=language).splitlines()))
    at = 0
    for line in filter(None, map(folded, SOURCE.splitlines())):
        at = back.find(line, at)
        assert at >= 0, line


# What people write on a line; the first character is no list mark of its own.
_LINE = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Z")), min_size=1, max_size=12
).map(lambda text: f"字{text}")


@given(st.lists(_LINE, min_size=1, max_size=5), st.lists(_LINE, min_size=1, max_size=3))
def test_words_of_an_imported_page_are_unchanged(text: list[str], body: list[str]) -> None:
    rows = week_rows(
        [project("农行存管", entry("\n".join(text), position=2, name="农行存管"))],
        title="2024-W25",
        sections=(section("other", "其他", "\n".join(body), position=9),),
    )
    printed = markdown(compile_week(rows), language="en").splitlines()
    assert f"1. 农行存管：{text[0]}" in printed
    assert all(f"   {line}" in printed for line in text[1:])
    assert all(line in printed for line in body)


def test_nothing_stands_between_a_name_and_its_text() -> None:
    lines = markdown(kept_week(), language="en").splitlines()
    at = lines.index("1. POS：银联材料退回一次，已重新提交")
    assert lines[at + 1] == "   - 入网复审 <b>排队中</b>"
    assert lines[at + 2].startswith("   > - ■ off track")


def test_headings_keep_the_level_of_their_source() -> None:
    text = markdown(imported_week(), language="en")
    assert "\n# 下周工作\n" in text
    assert "\n## 【生产事件】\n" in text


def test_a_project_is_named_even_where_its_section_has_the_same_word() -> None:
    rows = week_rows(
        [project("贝易转", entry("联调", position=3, name="贝易转"))],
        title="2024-W25",
        sections=(section("objective", "【O1 贝易转】", position=2),),
    )
    assert "1. 贝易转：联调" in markdown(compile_week(rows), language="en")


def test_an_old_finding_that_is_no_longer_known_is_printed_by_its_code() -> None:
    page = kept_week()
    unknown = replace(page.findings[0], code="from_long_ago", project_id=None)
    assert "> ▲ from_long_ago" in markdown(replace(page, findings=(unknown,)), language="en")
