"""Amounts beside names that the caller knows, and in the cells of a row."""

from __future__ import annotations

import re
from typing import Final

from projects.prose.clauses import Page
from projects.prose.percents.words import MEASURED, READ, WORK

_CELLS: Final = re.compile(r"[\t|]| {2,}| / | [•·] ")
_BESIDE: Final = " :-~(（[【,、"
_STATUS: Final = re.compile(
    r"(?:未|待|已|正在)?(?:开始|启动|进行中?|开发中?|测试中?|联调中?|设计中?|完成|上线|延期|暂停|"
    r"正常|滞后|有?风险|"
    r"处理中|推进中|施工中|验收中?|评审中?)|P[0-9]|[高中低绿黄红]|(?:in progress|doing|done|"
    r"delayed|on track|at risk|"
    r"blocked|todo|not started|paused|wip|amber|green|red|yellow)",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[A-Za-z\u4e00-\u9fff]{2}")


def ends_with_known_name(page: Page, words: str) -> bool:
    """Whether the words before an amount end in a name that the caller knows: 短信网关（60%）."""
    words = words.rstrip(_BESIDE).casefold()
    return any(words.endswith(name) for name in page.names)


def cells(page: Page, position: int) -> list[tuple[int, int]]:
    """The cells of the row that ``position`` stands in; none where the line is no row."""
    start, end = page.line(position)
    borders = [match.span() for match in _CELLS.finditer(page.folded, start, end)]
    if not borders:
        return []
    firsts, lasts = zip(*borders, strict=True)
    return list(zip([start, *lasts], [*firsts, end], strict=True))


def is_cell(page: Page, start: int, end: int) -> bool:
    """Whether the amount fills a cell of a row of work: a name, a status, a date beside it."""
    row = cells(page, start)
    texts = [page.folded[slice(*cell)].strip() for cell in row]
    place = next((i for i, cell in enumerate(row) if cell[0] <= start <= cell[1]), None)
    if place is None or texts[place].strip(" ~≈约左右") != page.folded[start:end]:
        return False
    if any(_STATUS.fullmatch(text) for text in texts):
        return True
    names = [text for text in texts[:place] if _LETTERS.search(text)]
    return bool(names) and not any(
        READ.search(name) or (MEASURED.search(name) and not WORK.search(name)) for name in names
    )


def row_name(page: Page, position: int) -> tuple[int, int]:
    """The cell of the row of ``position`` that names something: the first; (0, 0) for none."""
    for start, end in cells(page, position):
        text = page.folded[start:end].strip()
        is_own = start <= position < end
        if not is_own and _LETTERS.search(text) and not _STATUS.fullmatch(text):
            return start, end
    return 0, 0
