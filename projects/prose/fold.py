"""One spelling for what people type in many: full-width to half-width, Traditional to Simplified.

Folding never changes the length of a text, so an offset into the folded text is an offset into
the text itself. It works character by character: that is too coarse to convert a text for
reading (乾隆 becomes 干隆), and just right to compare and to search.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

_CJK: Final = range(0x3400, 0xA000)
_FULL_WIDTH_ASCII: Final = range(0xFF01, 0xFF5F)
_FULL_WIDTH_OFFSET: Final = 0xFEE0
_LONGEST_LINE: Final = 300

# Marks that full-width ASCII does not cover, each with the character it stands for.
_MARKS: Final = {
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000", " "),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    **dict.fromkeys("‐‑‒–—―−﹣", "-"),
    **dict.fromkeys("〜∼", "~"),
    **dict.fromkeys("➔➜➙➝➞➡⇒⟶⟹⇨⇾➤▶↗⤴", "→"),
    **dict.fromkeys("“”„‟", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("┃│❘∣︱ǀ", "|"),
    "∶": ":",
    "﹕": ":",
    "﹪": "%",
    "⁄": "/",
    "∕": "/",
    "｡": "。",
    "､": "、",
}


@cache
def _table() -> dict[int, str]:
    """Every character that folds into another; built once, on first use (25 ms)."""
    from opencc import OpenCC  # slow to load, and a page in ASCII needs none

    letters = [chr(point) for point in _CJK]
    # One a line, so that the converter sees single characters and never a phrase.
    simplified = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    pairs = zip(letters, simplified, strict=True)
    table = {old: new for old, new in pairs if old != new and len(new) == 1}
    table.update((chr(point), chr(point - _FULL_WIDTH_OFFSET)) for point in _FULL_WIDTH_ASCII)
    table.update(_MARKS)
    return str.maketrans(table)


def fold(text: str) -> str:
    """``text`` in half-width letters, digits and punctuation and in Simplified characters.

    The result has the length of ``text``; ６月２５日 is 6月25日, 進度：８５％ is 进度:85%.
    Case, ``。``, ``、`` and the brackets ``【】「」《》`` stay as they are.
    """
    if text.isascii():
        return text
    return _folded_again(text) if len(text) <= _LONGEST_LINE else text.translate(_table())


@lru_cache(maxsize=2048)
def _folded_again(text: str) -> str:
    """Remembered: the importer folds one line for many questions."""
    return text.translate(_table())
