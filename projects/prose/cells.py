"""The cells of a row: those of a table, and those of a line out of a sheet (退款,80%,6月28日)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page

_BORDERS: Final = lazy.compile(r"[\t|]| {2,}| / | [•·] ")
_COMMAS: Final = lazy.compile(r" ?[,;] ?")
_LETTERS: Final = lazy.compile(r"[A-Za-z\u4e00-\u9fff]{2}")
#: Cells that no sentence has alone between its commas: how far, until when, how it stands.
_HOW_FAR: Final = lazy.compile(r"[~≈约]?[0-9]{1,3}(?:\.[0-9]{1,2})? ?%")
_WHEN: Final = lazy.compile(
    r"(?:20[0-9]{2} ?[-/.年] ?)?[0-9]{1,2} ?[-/.月] ?[0-9]{1,2} ?[日号]?|[A-Z][a-z]{2} [0-9]{1,2}"
)
_STATUS: Final = lazy.compile(
    r"(?:未|待|已|正在)?(?:开始|启动|进行中?|开发中?|测试中?|联调中?|设计中?|完成|上线|延期|暂停|"
    r"正常|滞后|有?风险|"
    r"处理中|推进中|施工中|验收中?|评审中?)|P[0-9]|[高中低绿黄红]|(?:in progress|doing|done|"
    r"delayed|on track|at risk|"
    r"blocked|todo|not started|paused|wip|amber|green|red|yellow)",
    re.IGNORECASE,
)
_LONGEST_CELL: Final = 24
_LEAST_CELLS: Final = 3
#: How far above a row its headings are looked for.
_LONGEST_TABLE: Final = 2000
_DIGIT: Final = lazy.compile("[0-9]")

type Cell = tuple[int, int]


def cells(page: Page, position: int) -> list[Cell]:
    """The cells of the row that ``position`` stands in; none where the line is no row."""
    start, end = page.line(position)
    parted = _parted(page, _BORDERS, start, end)
    if parted:
        return parted
    parted = _parted(page, _COMMAS, start, end)
    return parted if _is_out_of_a_sheet(page, parted) else []


def row_name(page: Page, position: int) -> Cell:
    """The cell of the row of ``position`` that names something: the first; (0, 0) for none."""
    for start, end in cells(page, position):
        text = page.folded[start:end].strip()
        is_own = start <= position < end
        if not is_own and _LETTERS.search(text) and not is_status(text):
            return start, end
    return 0, 0


def heading(page: Page, position: int) -> str:
    """What the first line of the table says of the column of ``position``; empty for no table."""
    line = page.line_start(position)
    if not line:
        return ""
    blank = page.folded.rfind("\n\n", max(0, line - _LONGEST_TABLE), line)
    if blank < 0 and line > _LONGEST_TABLE:
        return ""
    start = blank + 2 if blank >= 0 else 0
    end = page.folded.find("\n", start, line)
    if end < 0 or _DIGIT.search(page.folded, start, end):
        return ""
    row = cells(page, position)
    titles = next(
        filter(None, (_parted(page, border, start, end) for border in (_BORDERS, _COMMAS))), []
    )
    place = next((at for at, cell in enumerate(row) if cell[0] <= position <= cell[1]), None)
    if place is None or len(titles) != len(row):
        return ""
    return page.folded[slice(*titles[place])].strip()


def is_status(text: str) -> bool:
    """Whether the words of a cell are nothing but a state: 进行中, on track, P1."""
    return _STATUS.fullmatch(text) is not None


def _parted(page: Page, border: re.Pattern[str], start: int, end: int) -> list[Cell]:
    borders = [match.span() for match in border.finditer(page.folded, start, end)]
    if not borders:
        return []
    firsts, lasts = zip(*borders, strict=True)
    return list(zip([start, *lasts], [*firsts, end], strict=True))


def _is_out_of_a_sheet(page: Page, parted: list[Cell]) -> bool:
    """Whether the parts of a line are cells: short, a percentage among them, and no sentence.

    A sheet writes its commas without a blank; between others a day or a state must stand alone.
    """
    texts = [page.folded[start:end].strip() for start, end in parted]
    if len(texts) < _LEAST_CELLS or max(map(len, texts)) > _LONGEST_CELL:
        return False
    if not (_LETTERS.search(texts[0] + texts[1]) and any(map(_HOW_FAR.fullmatch, texts))):
        return False
    is_written = all(page.text[last:first] == "," for (_, last), (first, _) in pairwise(parted))
    return is_written or any(_WHEN.fullmatch(text) or is_status(text) for text in texts)
