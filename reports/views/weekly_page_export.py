from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from projects.access import Access, get_team_for_user, get_week
from reports.models import Edition, FileKind
from reports.pages import editions
from reports.pages.live import current_document
from reports.render import files
from reports.render.pdf import PdfUnavailable
from reports.views.sheets import language_of

_CONTENT_TYPES: Final = {
    FileKind.MARKDOWN: "text/markdown; charset=utf-8",
    FileKind.HTML: "text/html; charset=utf-8",
    FileKind.JSON: "application/json",
    FileKind.PDF: "application/pdf",
}


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
    edition = None if "draft" in request.GET else _chosen(request, access, week)
    try:
        if edition is None:
            return _of_draft(request, access, week, kind)
        return _of_edition(request, access, edition, kind, f"{access.team.slug}-{label}")
    except PdfUnavailable as error:
        status = HTTPStatus.NOT_IMPLEMENTED
        return HttpResponse(f"{error}\n", content_type="text/plain", status=status)


def _of_edition(
    request: HttpRequest, access: Access, edition: Edition, kind: FileKind, stem: str
) -> HttpResponseBase:
    language = language_of(access)
    etag = f'"{edition.sha256}-{edition.number}-{kind}-{language}"'
    if unchanged := get_conditional_response(request, etag):
        return unchanged
    content = editions.file_of(edition, kind, language)
    return _file(content, kind, f"{stem}-edition-{edition.number}", etag)


def _of_draft(request: HttpRequest, access: Access, week: date, kind: FileKind) -> HttpResponse:
    document = current_document(access.team, week)
    if document is None:
        raise Http404
    stem = f"{access.team.slug}-{document.label}" + ("-draft" if "draft" in request.GET else "")
    return _file(files.make(document, kind, language_of(access)), kind, stem)


def _chosen(request: HttpRequest, access: Access, week: date) -> Edition | None:
    """The latest edition, ``None`` where there is none; ``Http404`` for a number without one."""
    if (number := request.GET.get("edition")) is None:
        return editions.latest(access.team, week)
    # More digits than a database's integer has.
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    found = editions.numbered(access.team, week, int(number)) if is_number else None
    if found is None:
        raise Http404
    return found


def _file(content: bytes, kind: FileKind, stem: str, etag: str = "") -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{stem}.{kind}"'}
    response = HttpResponse(content, content_type=_CONTENT_TYPES[kind], headers=headers)
    if etag:
        response["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
    return response
