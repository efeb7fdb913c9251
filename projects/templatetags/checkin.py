"""What only the check-in shows."""

from __future__ import annotations

import re
from typing import Final

from django import template

register = template.Library()

_MARK: Final = re.compile(r"^\s*(?:[-*+•·#>]+|\d{1,2}[.)、])\s*(?=\S)")
_LONGEST: Final = 120


@register.filter
def gist(text: str) -> str:
    """The beginning of a text in one line, without the marks of lists and headings."""
    lines = (_MARK.sub("", line).strip() for line in text.splitlines())
    line = " ".join(filter(None, lines))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
