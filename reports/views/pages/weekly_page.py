"""A week's page and its editions, on the screen and as files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from django.contrib.messages import get_messages
from django.core.cache import BaseCache, caches
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from okrtracker.requests.clean import number_in
from projects.access import Access, get_team_for_user
from projects.models import Language
from projects.teams import first_steps
from projects.teams.numbering import former_meaning
from projects.teams.week_addresses import get_week
from reports.models import Edition, FileKind, ImportBatch
from reports.pages import backlog, catching_up, editions, pdf, publish
from reports.pages.live import current_document
from reports.pages.navigation import navigation_of, weeks_by_year
from reports.pages.summaries import NOTHING, summaries_of
from reports.render import files, html
from reports.render.pdf import PdfUnavailable
from reports.views.pages.live import live_context, live_sheet

# How many rendered editions a process keeps in memory, some 100 kB each.
_KEPT: Final = 32
# In seconds: a page of an edition changes only with its reader and the facts, which are in its key.
_CACHED_FOR: Final = 60
_CONTENT_TYPES: Final = {
    FileKind.MARKDOWN: "text/markdown; charset=utf-8",
    FileKind.HTML: "text/html; charset=utf-8",
    FileKind.JSON: "application/json",
    FileKind.PDF: "application/pdf",
}


@require_safe
def week_archive(request: HttpRequest, team: str) -> HttpResponse:
    """Every week that has a page with its headline, by year, the newest first."""
    access = get_team_for_user(request, team)
    summaries = summaries_of(access.team)
    years = [
        (year, [(row, summaries.get(row.week, NOTHING)) for row in rows])
        for year, rows in weeks_by_year(access.team)
    ]
    this_week = access.team.this_week()
    context = {"access": access, "section": "weeks", "years": years, "this_week": this_week}
    return render(request, "reports/week_archive.html", context)


@require_safe
def latest_page(request: HttpRequest, team: str) -> HttpResponse:
    """To the latest week that was published; while there is none, to the dashboard."""
    access = get_team_for_user(request, team)
    week = editions.latest_week(access.team)
    if week is None:
        return redirect("reports:dashboard", access.team.slug)
    return redirect("reports:weekly_page", access.team.slug, access.team.week_label(week))


@require_safe
def weekly_page(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The latest edition of the weekly page; while there is none, the page as it stands."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    state = editions.latest_state(access.team, week)
    if state is None:
        return _draft(request, access, week, None)

    former = former_meaning(access.team, label)
    steps = first_steps.of_viewer(access)

    def context() -> dict[str, Any]:
        edition = editions.numbered(access.team, week, state.number)
        if edition is None:
            raise Http404
        edition.page.team = access.team
        return _edition_context(access, edition, edition.number) | {
            "behind": catching_up.behind(access.team, week) if access.may_report else None,
            "is_final": state.is_final,
            "comment_count": state.comments,
            "comments_url": _comments_url(access, week, state.comments),
            "first_steps": steps,
        }

    # The day is part of the key, because what is past due changes with it.
    key = state, access.team.today(), access.team.numbering, former, tuple(steps.items())
    return _cached_page(request, access, "reports/weekly_page.html", key, context)


def _comments_url(access: Access, week: date, count: int) -> str:
    """Where the comments under the week's entries are read and written: the page as it stands.

    An edition is shown as it was published, without them. "" where there are none to read, and
    none are written: under history.
    """
    if not count and access.team.is_history(week):
        return ""
    label = access.team.week_label(week)
    query = {"comments": "all"}
    return reverse("reports:weekly_page_draft", args=(access.team.slug, label), query=query)


@require_safe
def weekly_page_draft(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The weekly page as the facts stand now, whether or not an edition was published."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    return _draft(request, access, week, editions.latest(access.team, week))


def _draft(
    request: HttpRequest, access: Access, week: date, latest: Edition | None
) -> HttpResponse:
    document = current_document(access.team, week)
    is_over = latest is None and week < access.team.this_week()
    context: dict[str, Any] = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "document": document,
        "latest": latest,
        "has_moved_on": latest is not None and publish.has_moved_on(latest),
        "export_query": "?draft" if latest else "",
        "left_out_reason": backlog.reason_of(access.team, week) if is_over else "",
    }
    if document is not None and document.is_history:
        context["files"] = ImportBatch.objects.files_of(access.team, week)
    if document is not None:
        context |= live_context(access, document)
        context["sheet"] = live_sheet(request, context)
    return render(request, "reports/weekly_page_draft.html", context)


# --- an edition -----------------------------------------------------------------------------


def _edition_context(access: Access, edition: Edition, latest: int) -> dict[str, Any]:
    """What the screen of an edition shows; ``latest`` is the number of the week's latest edition.

    The sheet is made of its document: old facts, frozen, in the layout of today.
    """
    language = language_of(access)
    return {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, edition.page.week),
        "imprint": editions.imprint_of(edition),
        "latest": latest,
        "export_query": "" if edition.number == latest else f"?edition={edition.number}",
        "sheet": _sheet(edition.pk, edition.sha256, language),
        "lead_in": _lead_in(edition.pk, edition.sha256, language),
    }


def language_of(access: Access) -> str:
    """The language of the response, if editions are kept in it; else the team's."""
    language = get_language() or ""
    return language if language in Language.values else access.team.language


@lru_cache(maxsize=_KEPT)
def _sheet(edition_id: int, sha256: str, language: str) -> SafeString:
    """The edition's document in the layout of today, whichever version published it."""
    edition = _edition(edition_id, sha256)
    document, imprint = editions.document_of(edition), editions.imprint_of(edition)
    return html.sheet(document, language=language, imprint=imprint, is_on_screen=True)


@lru_cache(maxsize=_KEPT)
def _lead_in(edition_id: int, sha256: str, language: str) -> SafeString:
    """What stands before the sheet of the edition: its contents and its head."""
    context = {"document": editions.document_of(_edition(edition_id, sha256))}
    with translation.override(language):
        return render_to_string("reports/weekly_page_lead_in.html", context)


def _edition(edition_id: int, sha256: str) -> Edition:
    return Edition.objects.select_related("page__team").get(pk=edition_id, sha256=sha256)


@require_safe
def edition_list(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The editions of a week's page, the newest first, each with what it changed."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    rows = editions.editions_of(access.team, week)
    context = {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, week),
        "imprints": [editions.imprint_of(edition) for edition in rows],
    }
    return render(request, "reports/edition_list.html", context)


@require_safe
def edition_detail(request: HttpRequest, team: str, label: str, number: int) -> HttpResponse:
    """One edition of the weekly page, the latest or an earlier one."""
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    latest = editions.latest(access.team, week)
    edition = editions.numbered(access.team, week, number)
    if latest is None or edition is None:
        raise Http404
    edition.page.team = access.team
    context = _edition_context(access, edition, latest.number)
    return render(request, "reports/edition_detail.html", context)


# --- the page as a file ---------------------------------------------------------------------


@require_safe
def weekly_page_export(
    request: HttpRequest, team: str, label: str, ending: str
) -> HttpResponseBase:
    """The weekly page as a file to keep: ``md``, ``html``, ``json`` or ``pdf``. 404 where there is
    none, 501 with the reason where this machine makes no PDF.

    It is the latest edition, or the one that ``?edition`` names; the page as it stands with
    ``?draft``, and where none was published.
    """
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    if ending not in _CONTENT_TYPES:
        raise Http404
    kind = FileKind(ending)
    edition = None if "draft" in request.GET else chosen_edition(request, access, week)
    try:
        if edition is None:
            return _draft_file(request, access, week, kind)
        return _edition_file(request, access, edition, kind, f"{access.team.slug}-{label}")
    except PdfUnavailable as error:
        status = HTTPStatus.NOT_IMPLEMENTED
        return HttpResponse(f"{error}\n", content_type="text/plain", status=status)


def _edition_file(
    request: HttpRequest, access: Access, edition: Edition, kind: FileKind, stem: str
) -> HttpResponseBase:
    language = language_of(access)
    etag = f'"{edition.sha256}-{edition.number}-{kind}-{language}"'
    if unchanged := get_conditional_response(request, etag):
        return unchanged
    content = editions.file_of(edition, kind, language)
    return _download(content, kind, f"{stem}-edition-{edition.number}", etag)


def _draft_file(request: HttpRequest, access: Access, week: date, kind: FileKind) -> HttpResponse:
    document = current_document(access.team, week)
    if document is None:
        raise Http404
    stem = f"{access.team.slug}-{document.label}" + ("-draft" if "draft" in request.GET else "")
    language = language_of(access)
    if kind == FileKind.PDF and (order := pdf.order(access.team, week, language, None)):
        return _download(pdf.make(order), kind, stem)
    return _download(files.make(document, kind, language), kind, stem)


def chosen_edition(request: HttpRequest, access: Access, week: date) -> Edition | None:
    """The latest edition, ``None`` where there is none; ``Http404`` for a number without one."""
    if (number := request.GET.get("edition")) is None:
        return editions.latest(access.team, week)
    edition = editions.numbered(access.team, week, number_in(number) or 0)
    if edition is None:
        raise Http404
    return edition


def _download(content: bytes, kind: FileKind, stem: str, etag: str = "") -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{stem}.{kind}"'}
    response = HttpResponse(content, content_type=_CONTENT_TYPES[kind], headers=headers)
    if etag:
        response["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
    return response


# --- cached pages ---------------------------------------------------------------------------


def _cached_page(
    request: HttpRequest,
    access: Access,
    template: str,
    key: Hashable,
    context: Callable[[], dict[str, object]],
) -> HttpResponse:
    """The template with what ``context`` returns, which is called only if the page is not cached.

    ``key`` is all that the page depends on besides its reader, language and address. A page that
    has a message to show is not cached.
    """
    if len(get_messages(request)):
        return HttpResponse(render_to_string(template, context(), request))
    user = access.user
    reader = user.pk, str(user), user.last_login, user.is_staff, access.role, access.team.name
    name = _cache_key(template, request.get_full_path(), get_language(), reader, key)
    cache = _cache()
    body = cache.get(name)
    if body is None:
        body = render_to_string(template, {**context(), "csrf_token": placeholder()}, request)
        cache.set(name, body, _CACHED_FOR)
    return HttpResponse(body.replace(placeholder(), get_token(request)))


def placeholder() -> str:
    """Stands in a cached page where a form has the CSRF token of its reader.

    It is the same in every process, and secret: whoever could write it into a page would have each
    reader's token put there, for instance into a link to another site.
    """
    return salted_hmac("reports.views.pages", "token", algorithm="sha256").hexdigest()


def _cache_key(*parts: object) -> str:
    return f"page.{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _cache() -> BaseCache:
    """The cache of pieces of pages."""
    return caches["template_fragments"]
