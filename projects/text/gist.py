"""The beginning of a text in one line, where there is no room for more."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import pgettext

# Neither the sign of a number nor its whole part is a mark: -5%, 3.5 万笔.
_MARK: Final = re.compile(r"^\s*(?:[-*+•·#>]+(?!\d)|\d{1,2}(?:[)、]|\.(?!\d)))\s*(?=\S)")
_ENDS: Final = tuple(".!?,;:。！？，；：、…")


def gist(text: str, longest: int) -> str:
    """The lines one after the other, without the marks of lists and headings."""
    lines = [line for line in (_MARK.sub("", line).strip() for line in text.splitlines()) if line]
    between = pgettext("between clauses", "; ")
    pieces = [line + (" " if line.endswith(_ENDS) else between) for line in lines[:-1]]
    line = "".join((*pieces, *lines[-1:]))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
