from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.pages import drafts, editing
from reports.pages.editing import UnknownField
from reports.views import live_page


@require_POST
def page_section_remove(
    request: HttpRequest, team: str, label: str, section_id: int
) -> HttpResponse:
    """Take an own section from the page. It was asked whether that is meant."""
    access, week = live_page.get_for_manager(request, team, label)
    try:
        editing.remove_section(access.team, week, section_id, by=access.user)
    except UnknownField as unknown:
        raise Http404 from unknown
    drafts.discard(access.user, access.team, week, f"section-{section_id}")
    return live_page.changed(request, access, week, focus=editing.NEW, said=_("Removed."))
