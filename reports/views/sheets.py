"""The weekly page on the screen: an edition of it, or the page as the facts stand now."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from projects.access import Access
from projects.models import Language
from reports.dashboard.highlights import highlights_of
from reports.models import Edition, FileKind
from reports.pages import editions, publish
from reports.pages.editions import Standing
from reports.pages.live import current_document
from reports.pages.navigation import navigation_of
from reports.views import kept
from reports.views.live_page import context as live_context
from reports.views.live_page import sheet as live_sheet

# So many sheets a process keeps at hand, with what stands beside them: some 100 kB each.
_KEPT: Final = 32


def language_of(access: Access) -> str:
    """The language that the request is answered in, of those that pages are kept in."""
    spoken = get_language() or ""
    return spoken if spoken in Language.values else access.team.language


def live_page(
    request: HttpRequest, access: Access, week: date, latest: Edition | None
) -> HttpResponse:
    """The page as the facts stand now; ``latest`` is the edition that others read meanwhile."""
    document = current_document(access.team, week)
    context: dict[str, Any] = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "document": document,
        "latest": latest,
        "has_moved_on": latest is not None and publish.has_moved_on(latest),
        "export_query": "?draft" if latest else "",
    }
    if document is not None:
        context |= live_context(access, document)
        context["sheet"] = live_sheet(request, context)
        context["highlights"] = highlights_of(document)
    return render(request, "reports/weekly_page_draft.html", context)


def latest_page(
    request: HttpRequest, access: Access, week: date, standing: Standing
) -> HttpResponse:
    """The edition that stands. Of another day, or other facts, there may be more to say of it."""

    def context() -> dict[str, Any]:
        edition = editions.numbered(access.team, week, standing.number)
        if edition is None:
            raise Http404
        edition.page.team = access.team
        has_moved_on = access.may_report and publish.has_moved_on(edition)
        return _context(access, edition, edition.number) | {"has_moved_on": has_moved_on}

    of = standing, access.team.today()
    return kept.page(request, access, "reports/weekly_page.html", of, context)


def edition_page(
    request: HttpRequest, access: Access, edition: Edition, latest: Edition
) -> HttpResponse:
    """An edition under its own address, whether or not another has taken its place."""
    edition.page.team = access.team
    context = _context(access, edition, latest.number)
    return render(request, "reports/edition_detail.html", context)


def _context(access: Access, edition: Edition, latest: int) -> dict[str, Any]:
    """What the screen of an edition shows: the sheet as it was rendered once and for all."""
    language = language_of(access)
    return {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, edition.page.week),
        "imprint": editions.imprint_of(edition),
        "latest": latest,
        "has_moved_on": False,
        "export_query": "" if edition.number == latest else f"?edition={edition.number}",
        "sheet": _sheet(edition.pk, edition.sha256, language),
        "aside": _aside(edition.pk, edition.sha256, language),
    }


@lru_cache(maxsize=_KEPT)
def _sheet(edition: int, sha256: str, language: str) -> SafeString:
    content = editions.file_of(_row(edition, sha256), FileKind.SHEET, language)
    return mark_safe(content.decode())  # noqa: S308  our own template made it


@lru_cache(maxsize=_KEPT)
def _aside(edition: int, sha256: str, language: str) -> SafeString:
    """Contents and highlights of the edition."""
    document = editions.document_of(_row(edition, sha256))
    context = {"document": document, "highlights": highlights_of(document)}
    with translation.override(language):
        return render_to_string("reports/weekly_page_aside.html", context)


def _row(edition: int, sha256: str) -> Edition:
    return Edition.objects.select_related("page__team").get(pk=edition, sha256=sha256)
