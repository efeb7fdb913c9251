from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_manager
from projects.forms.project_settings import PlaceForm
from projects.portfolio import lifecycle
from projects.views.project_settings import changed, show


@require_POST
def project_place(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Put the project behind another one."""
    access, project = get_project_for_manager(request, team, project_id)
    form = PlaceForm(project, request.POST)
    if not form.is_valid():
        return show(request, access, project, form)
    lifecycle.place_after(project, form.cleaned_data["after"], by=access.user)
    return changed(request, access, project, _("Moved: %(name)s") % {"name": project})
