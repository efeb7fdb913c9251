"""The page as a PDF: the same sheet, set for A4."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from reports.render import html
from reports.weekly.changes import Imprint
from reports.weekly.document import WeeklyDocument


class PdfUnavailable(RuntimeError):
    """This machine cannot make a PDF; says what is missing."""


def pdf(document: WeeklyDocument, imprint: Imprint | None, language: str) -> bytes:
    """The page on A4 in that language; the same bytes for the same page.

    Raises ``PdfUnavailable`` where WeasyPrint or Pango, which it needs, is not installed.
    """
    weasyprint = _weasyprint()
    with translation.override(language):
        context = {
            "document": document,
            "imprint": imprint,
            "sheet": html.sheet(document, language=language, imprint=imprint),
            "styles": html.stylesheets("pdf"),
        }
        source = _coloured(render_to_string("reports/sheet_pdf.html", context))
    # The page is self-contained: no file and no address is opened.
    made = weasyprint.HTML(string=source, url_fetcher=_refuse)
    content: bytes = made.write_pdf(
        pdf_identifier=(imprint.sha256 if imprint else document.label).encode(),
        custom_metadata=False,
    )
    return content


def _coloured(page: str) -> str:
    """The page with styles inside its charts, which the page's style sheet does not reach."""
    return _BAR.sub(_painted, _CHART.sub(rf"\1<style>{_LOOK}</style>", page))


def _painted(bar: re.Match[str]) -> str:
    """The bar with its colour, and its tick in black."""
    colour = _TONES.get(bar["tone"], "#0b5cad")
    look = f"rect {{ fill: {colour} }} line {{ stroke: #17212b; stroke-width: 1.5 }}"
    return f"{bar[0]}<style>{look}</style>"


def _weasyprint() -> Any:
    """Imported on demand: it takes a second, and its libraries may be missing."""
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):  # they log every step
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PdfUnavailable(_MISSING) from error
    return weasyprint


_CHART: Final = re.compile(r'(<svg class="spark"[^>]*>)')
_BAR: Final = re.compile(r'<svg class="gauge (?P<tone>[a-z]*)"[^>]*>')
_TONES: Final = {"ok": "#15703f", "warn": "#855400", "bad": "#b42323", "idle": "#5f6c79"}
_LOOK: Final = (
    "path { fill: none; stroke: #0b5cad; stroke-width: 1.6 } circle { fill: #0b5cad }"
    " .area { fill: #e7f0fa; stroke: none }"
)
_MISSING: Final = (
    "A PDF needs WeasyPrint and the Pango library: install the extra 'pdf' and Pango "
    "(Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
    "fonts-noto-cjk)."
)


def _refuse(url: str, *_more: Any, **_options: Any) -> Any:
    raise ValueError(f"a page loads nothing from elsewhere: {url}")
