from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from projects import access as allowed
from reports.pages import current_document
from reports.render.html import standalone
from reports.render.json import json
from reports.render.markdown import markdown
from reports.weekly.document import WeeklyDocument

# By the ending in the address: the content type, and the page's bytes in a language.
_FORMATS: Final[dict[str, tuple[str, Callable[[WeeklyDocument, str], bytes]]]] = {
    "md": (
        "text/markdown; charset=utf-8",
        lambda document, language: markdown(document, language=language).encode(),
    ),
    "html": (
        "text/html; charset=utf-8",
        lambda document, language: standalone(document, language=language),
    ),
    "json": ("application/json", lambda document, _language: json(document)),
}


@require_safe
def weekly_page_export(request: HttpRequest, team: str, label: str, ending: str) -> HttpResponse:
    """The weekly page as a file to keep: ``md``, ``html`` or ``json``. 404 where there is none."""
    access = allowed.get_team_for_user(allowed.signed_in(request), team)
    week = allowed.get_week(access.team, label)
    document = current_document(access.team, week)
    if document is None or ending not in _FORMATS:
        raise Http404
    content_type, render = _FORMATS[ending]
    content = render(document, get_language() or access.team.language)
    name = f'attachment; filename="{access.team.slug}-{label}.{ending}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": name})
