"""The page as HTML: the sheet that stands on the screen, and a file that needs nothing else.

Words of people are Markdown: rendered without raw HTML, then cleaned, so no page can carry a
script, a style or a picture from elsewhere.
"""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path
from typing import Final

import nh3
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from reports.weekly.document import WeeklyDocument

_STYLES: Final = ("tokens", "base", "layout", "components", "print")
_TAGS: Final = frozenset(
    {"a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "s"}
    | {"strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})


def sheet(document: WeeklyDocument, *, language: str) -> SafeString:
    """The page's sections as one ``article`` for a screen that has its own head."""
    with translation.override(language):
        return render_to_string("reports/_sheet.html", {"document": document})


def standalone(document: WeeklyDocument, *, language: str) -> bytes:
    """The page as one HTML file (UTF-8) with its styles inside."""
    context = {"document": document, "sheet": sheet(document, language=language)}
    with translation.override(language):
        context["styles"] = mark_safe(_styles())  # noqa: S308  our own files
        return render_to_string("reports/sheet_file.html", context).encode()


def words(text: str, level: int = 4) -> SafeString:
    """What somebody wrote, as clean HTML. A line break stays one, a heading gets the ``level``."""
    parser = _markdown()
    tokens = parser.parse(textwrap.dedent(text))
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = f"h{level}"
    html = parser.renderer.render(tokens, parser.options, {})
    cleaned = nh3.clean(html, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set(_SCHEMES))
    return mark_safe(cleaned.strip())  # noqa: S308  nh3 has just cleaned it


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"breaks": True, "html": False}).enable(
        ["table", "strikethrough"]
    )
    # Four spaces are how people indent under a heading, hardly ever how they write code.
    return parser.disable("code")


@cache
def _styles() -> str:
    paths = (finders.find(f"css/{name}.css") for name in _STYLES)
    return "\n".join(Path(path).read_text(encoding="utf-8") for path in paths if path)
