"""How the text of a page is put on lines, in every format. Pure.

An imported page promises that each of its lines comes back: a name and the first line of its text
stood on one line there, so they are put on one line again, and nothing comes between them.
"""

from __future__ import annotations

import re
import textwrap
from typing import Final

# What needs a line of its own to stay what it is: a list, a table, a fence, a quote, a heading.
_BLOCK: Final = re.compile(r"\s|[-*+>|]\s|\||\d+[.)]\s|#{1,6}\s|```|~~~")
_LIST_MARK: Final = re.compile(r"^\s*(?:[-*+>]\s|\d+(?:[.)]\s|、)|#{1,6}\s)+")
_JOINED_AT_END: Final = tuple(":：，,、—-（(")
_JOINED_AT_START: Final = tuple(":：，,。.、；;—-（()）")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


def name_and_text(name: str, text: str) -> list[str]:
    """A project's name and its text as lines; the name and the first line share one.

    Where the text begins with a list or a table, the name stands alone. The lines below keep their
    marks and their indent relative to each other.
    """
    first, _, rest = text.partition("\n")
    below = textwrap.dedent(rest).split("\n") if rest.strip() else []
    if not first.strip():
        return [name, *below]
    if _BLOCK.match(first):
        return [name, *textwrap.dedent(text).split("\n")]
    return [_joined(name, first), *below]


def in_one_line(text: str, longest: int = 120) -> str:
    """Several lines as one, without list marks, cut off after ``longest`` characters."""
    lines = [_LIST_MARK.sub("", line).strip() for line in text.split("\n") if line.strip()]
    between = "；" if _CHINESE.search(text) else "; "
    words = between.join([*(line.rstrip("。.；;") for line in lines[:-1]), *lines[-1:]])
    return words if len(words) <= longest else f"{words[:longest].rstrip()}…"


def _joined(name: str, words: str) -> str:
    if not name:
        return words
    if name.endswith(_JOINED_AT_END) or words.startswith(_JOINED_AT_START):
        return f"{name}{words}"
    colon = "：" if _CHINESE.search(name + words) else ": "
    return f"{name}{colon}{words}"
