"""Dates in the cells of a row: 退款\\t80%\\t6月28日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from projects.prose.cells import cells
from projects.prose.clauses import Page
from projects.prose.dates.days import Shape, Written

#: What a row of work has beside its name: a percentage, a count, a state.
_HOW_FAR: Final = re.compile(
    r"%|[0-9] ?/ ?[0-9]+ ?[\u4e00-\u9fff]? ?\Z|进行中|推进中|开发中|联调中|测试中|施工中|"
    r"待[\u4e00-\u9fff]|"
    r"(?:未|已)(?:开始|启动|完成)|正常|延期|滞后|in progress|on track|delayed|at risk|not started",
    re.IGNORECASE,
)
_DONE: Final = re.compile(
    r"(?<![0-9.])100 ?%|已(?:完成|上线|验收|交付|到货|发布|结项|关闭|投产|切换)|"
    r"(?:done|live|delivered|shipped|completed?|closed)",
    re.IGNORECASE,
)
_LONGEST_DATE: Final = 12


def is_date_cell(page: Page, written: Written) -> bool:
    """Whether a date stands alone in a cell of a row that tells how far something is."""
    clause = page.clause_at(written.start)
    cell = page.folded[clause.start : clause.end].strip()
    if len(cell) > _LONGEST_DATE or cell != page.folded[written.start : written.end]:
        return False
    if written.shape is Shape.COMPACT and "-" not in cell:
        return False
    return any(map(_HOW_FAR.search, _others(page, written)))


def is_of_done_work(page: Page, written: Written) -> bool:
    """Whether another cell of its row says that the work is done."""
    return any(map(_DONE.fullmatch, _others(page, written)))


def _others(page: Page, written: Written) -> Iterator[str]:
    for start, end in cells(page, written.start):
        if not start <= written.start < end:
            yield page.folded[start:end].strip()
