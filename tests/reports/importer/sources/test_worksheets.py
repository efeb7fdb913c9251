"""Whatever stands in a worksheet: it is read without a fault, and no cell is lost."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reports.importer.column_mapping import NO_MAPPINGS
from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.formats.grids import CellGrid, Merged, trimmed
from reports.importer.page import ParsedPage
from reports.importer.reading.parse import parse
from reports.importer.sources.logs import split_log
from reports.importer.sources.workbooks import pages_of

TODAY = date(2024, 7, 1)
WORDS = """
项目 负责人 进度 状态 计划完成 本周进展 下周计划 风险 目标 KR 得分 周次 日期 序号 备注 合计 本周
指标数据 短信网关 电子回单 张伟 65% 0.65 1 45464 2024-06-21 2024-W25 第24周 6.17-6.21 一、本周进展
二、下周计划 O1 KR1：转化率到30% 正常 无 2024-W25周报 预计6月28日上线 Project Owner Progress
"""
ITEMS = "1. 短信网关：进度65%\n2. 电子回单：联调"
cells = st.one_of(
    st.just(""),
    st.sampled_from(WORDS.split()),
    st.sampled_from([ITEMS, "a|b", "- x", "# y", "\n", "|---|"]),
    st.text(max_size=6),
)
grids = st.builds(
    lambda name, rows, merged: CellGrid(name, trimmed(rows), tuple(merged)),
    st.sampled_from(["Sheet1", "2024-W25", "第24周", "说明"]),
    st.lists(st.lists(cells, max_size=6), min_size=1, max_size=8),
    st.lists(st.builds(Merged, *[st.integers(0, 9)] * 4), max_size=2),
)


def read(sheets: list[CellGrid]) -> list[ParsedPage]:
    sources = pages_of(
        "2024-W25.xlsx",
        sheets,
        NO_MAPPINGS,
        modified=None,
        numbering="iso",
        today=TODAY,
    )
    read_pages = []
    for source in sources:
        for page in split_log(source, numbering="iso", today=TODAY):
            try:
                week = week_of_page(page, numbering="iso", today=TODAY)
            except NoWeek:
                continue
            read_pages.append(parse(page, week))
    return read_pages


@given(st.lists(grids, min_size=1, max_size=3))
def test_any_cells_are_read_without_a_fault(sheets: list[CellGrid]) -> None:
    read([grid for grid in sheets if grid.rows])


@given(st.integers(1, 6), st.permutations(["项目", "进度", "备注", "下周计划"]))
def test_every_cell_of_a_table_comes_back(count: int, headings: list[str]) -> None:
    rows = [[f"{heading[:1]}{number}号" for heading in headings] for number in range(count)]
    (page,) = read([CellGrid("Sheet1", trimmed([headings, *rows]))])
    all_text = "\n".join(
        [*(f"{m.written}\n{m.text}" for m in page.projects), *(g.written for g in page.goals)]
    )
    assert [cell for row in rows for cell in row if cell not in all_text] == []
