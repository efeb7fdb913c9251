"""What looks like progress and was not taken is said, with its line."""

from __future__ import annotations

from tests.reports.importer.pages import parsed
from tests.tables import each_row


def unread(text: str) -> list[tuple[int, int, int]]:
    return [(line.line, line.numbers, line.dates) for line in parsed(text).unread]


@each_row(
    ("line", "numbers", "dates"),
    [
        ("- 采购比价，完成80%", 1, 0),
        ("- 采购比价，预计7月3日完成", 0, 1),
        ("- 采购比价 完成 6/18", 1, 0),
        ("- 采购比价，由四成到六成", 1, 0),
    ],
)
def test_progress_in_a_section_of_other_things_is_unread(
    line: str, numbers: int, dates: int
) -> None:
    page = f"# 周报\n\n## 本周工作\n\n- 门户换肤：进度40%\n\n## 其他\n\n{line}\n"
    assert unread(page) == [(9, numbers, dates)]


@each_row(
    "line",
    [
        "- 门户换肤：进度由20%到40%，预计7月3日上线",
        "- 门户换肤：进度40%，点击率99.2%，灰度10%",
        "- 召回率提升3.2%，SLA 99.9%",
        "- 6/18 12:03 监控发现失败率 30%，12:40 恢复",
        "- 全员会 6/18",
        "- 详见 https://example.org/a%20b/3/4",
        "【2024年第25周】6/17~6/21",
        "### 2.3 监管报送改造",
    ],
)
def test_what_was_taken_or_is_no_progress_is_not_unread(line: str) -> None:
    assert unread(f"# 周报\n\n## 本周工作\n\n{line}\n") == []


def test_plans_and_reflections_are_not_looked_at() -> None:
    page = "# 周报\n\n## 下周计划\n\n1. 门户换肤到80%\n\n## 收获与反思\n\n只做到了60%。\n"
    assert unread(page) == []
