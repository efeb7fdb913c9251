from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.pages import editing
from reports.pages.editing import UnknownField
from reports.views import live_page


@require_POST
def page_section_move(request: HttpRequest, team: str, label: str, section_id: int) -> HttpResponse:
    """Move an own section one place ``up`` or down (``way``)."""
    access, week = live_page.get_for_manager(request, team, label)
    is_up = request.POST.get("way") == "up"
    try:
        editing.move_section(access.team, week, section_id, is_up=is_up, by=access.user)
    except UnknownField as unknown:
        raise Http404 from unknown
    return live_page.changed(request, access, week, said=_("Moved."))
