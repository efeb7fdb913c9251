"""Amounts beside names that the caller knows, and in the cells of a row."""

from __future__ import annotations

from typing import Final

from projects.prose import lazy
from projects.prose.cells import cells, is_status
from projects.prose.clauses import Page
from projects.prose.percents.words import MEASURED, READ, WORK

_BESIDE: Final = " :-~(（[【,、"
_LETTERS: Final = lazy.compile(r"[A-Za-z\u4e00-\u9fff]{2}")


def ends_with_known_name(page: Page, words: str) -> bool:
    """Whether the words before an amount end in a name that the caller knows: 短信网关（60%）."""
    words = words.rstrip(_BESIDE).casefold()
    return any(words.endswith(name) for name in page.names)


def is_cell(page: Page, start: int, end: int) -> bool:
    """Whether the amount fills a cell of a row of work: a name, a status, a date beside it."""
    row = cells(page, start)
    texts = [page.folded[slice(*cell)].strip() for cell in row]
    place = next((i for i, cell in enumerate(row) if cell[0] <= start <= cell[1]), None)
    if place is None or texts[place].strip(" ~≈约左右") != page.folded[start:end]:
        return False
    names = [text for text in texts[:place] if _LETTERS.search(text) and not is_status(text)]
    if any(READ.search(name) for name in names):
        return False
    if any(is_status(text) for text in texts):
        return True
    return bool(names) and not any(
        MEASURED.search(name) and not WORK.search(name) for name in names
    )
