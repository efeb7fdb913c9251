from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.pages import drafts
from reports.views import live_page


@require_POST
def page_draft_discard(request: HttpRequest, team: str, label: str, field: str) -> HttpResponse:
    """Throw away what the reader typed into the field and did not save; the page is as it was."""
    access, week = live_page.get_for_manager(request, team, label)
    drafts.discard(access.user, access.team, week, field)
    anchor = request.POST.get("anchor", "")
    said = _("Discarded.")
    return live_page.changed(request, access, week, anchor=anchor, focus=field, said=said)
