"""Names line up: one grep finds a page's address, view function and template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.tables import each_row

TEMPLATES: Final = Path(settings.BASE_DIR) / "templates"


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Those whose views are ours."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        elif pattern.callback.__module__.startswith(("okrtracker.", "projects.", "reports.")):
            yield pattern


PATTERNS: Final = list(patterns(get_resolver()))


@each_row("pattern", PATTERNS)
def test_address_is_named_like_its_view(pattern: URLPattern) -> None:
    assert pattern.name == pattern.callback.__name__


def test_pages_are_named_like_their_views() -> None:
    """``subscription_gone`` is a page of ``subscription``. Other templates are parts of pages."""
    views = {pattern.name for pattern in PATTERNS}
    texts = {
        path: path.read_text()
        for app in ("projects", "reports")
        for path in TEMPLATES.glob(f"{app}/*")
    }
    extended = set(re.findall(r'{% extends "\w+/(\w+)\.html"', "".join(texts.values())))
    pages = {path.stem for path, text in texts.items() if "{% extends" in text} - extended

    assert {page for page in pages if not {page, page.rpartition("_")[0]} & views} == set()
