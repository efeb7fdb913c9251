"""Render what people write as HTML.

Texts are Markdown. They are rendered without raw HTML and then cleaned, so that no page can carry
a script, a style or a picture from elsewhere.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

import nh3
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS: Final = frozenset(
    {"a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "s"}
    | {"strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})


# A recompiled page has nearly the same texts as before, and the mail repeats them.
@lru_cache(maxsize=2048)
def words(text: str, level: int = 4) -> SafeString:
    """Markdown as clean HTML: line breaks are kept, every heading becomes ``<h{level}>``."""
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
    parser.add_render_rule("image", _picture)
    # People indent with four spaces under a heading; they hardly ever mean code.
    return parser.disable("code")


def _picture(_renderer: object, tokens: Sequence[Token], place: int, *_more: Any) -> str:
    """A picture as a link, if its address is a web address, else as its name."""
    source = str(tokens[place].attrGet("src") or "")
    name = tokens[place].content or source
    if source.startswith(("http://", "https://")):
        return format_html('<a href="{}">{}</a>', source, name)
    return conditional_escape(name)
