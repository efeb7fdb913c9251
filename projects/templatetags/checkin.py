"""What only the check-in shows."""

from __future__ import annotations

from typing import Final

from django import template

from projects.text import gist as in_short

register = template.Library()

_LONGEST: Final = 120


@register.filter
def gist(text: str) -> str:
    """The beginning of a text in one line, without the marks of lists and headings."""
    return in_short.gist(text, _LONGEST)
