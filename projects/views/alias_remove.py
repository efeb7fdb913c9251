from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_reporter
from projects.models import Alias
from projects.portfolio import aliases
from projects.views.project_settings import changed


@require_POST
def alias_remove(request: HttpRequest, team: str, project_id: int, alias_id: int) -> HttpResponse:
    """The project no longer goes by that name; its own is not offered, and not there to remove."""
    access, alias = get_project_for_reporter(request, team, project_id)
    row = get_object_or_404(Alias, project=alias, pk=alias_id)
    try:
        aliases.remove(row, by=access.user)
    except aliases.OwnName:
        raise Http404 from None
    return changed(request, access, alias, _("Removed: %(name)s") % {"name": row})
