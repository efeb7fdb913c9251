"""The page as a PDF: the same sheet, set for A4."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

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
            "sheet": _coloured(html.sheet(document, language=language, imprint=imprint)),
            "styles": html.stylesheets("pdf"),
        }
        source = render_to_string("reports/sheet_pdf.html", context)
    # The page is self-contained: no file and no address is opened.
    made = weasyprint.HTML(string=source, url_fetcher=_refuse)
    content: bytes = made.write_pdf(
        pdf_identifier=(imprint.sha256 if imprint else document.label).encode(),
        custom_metadata=False,
    )
    return content


def _coloured(sheet: str) -> SafeString:
    """The sheet with styles inside its charts, which the page's style sheet does not reach."""
    return mark_safe(_CHART.sub(rf"\1<style>{_LOOK}</style>", sheet))  # noqa: S308  rendered by a template


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
