"""The page as HTML: the sheet that stands on the screen, and a file that needs nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from projects.access import Access
from reports.weekly.changes import Imprint
from reports.weekly.document import WeeklyDocument

_STYLES: Final = ("tokens", "base", "layout", "components", "weekly", "print")


def sheet(
    document: WeeklyDocument,
    *,
    language: str,
    access: Access | None = None,
    imprint: Imprint | None = None,
    is_on_screen: bool = False,
) -> SafeString:
    """The page's sections as one ``article`` for a screen that has its own head.

    With ``access`` it is that reader's: a manager can ask about each entry. With ``imprint`` it is
    that of an edition, the same for all its readers; ``is_on_screen`` they can follow its links.
    """
    with translation.override(language):
        context = {
            "document": document,
            "access": access,
            "imprint": imprint,
            "is_on_screen": is_on_screen,
        }
        return render_to_string("reports/_sheet.html", context)


def standalone(document: WeeklyDocument, *, language: str, imprint: Imprint | None = None) -> bytes:
    """The page as one HTML file (UTF-8) with its styles inside."""
    made = sheet(document, language=language, imprint=imprint)
    context = {"document": document, "sheet": made}
    with translation.override(language):
        context["styles"] = stylesheets(*_STYLES)
        return render_to_string("reports/sheet_file.html", context).encode()


@cache
def stylesheets(*names: str) -> SafeString:
    """The stylesheets of these names in one text, for a file that brings its own."""
    paths = (finders.find(f"css/{name}.css") for name in names)
    text = "\n".join(Path(path).read_text(encoding="utf-8") for path in paths if path)
    return mark_safe(text)  # noqa: S308  our own files
