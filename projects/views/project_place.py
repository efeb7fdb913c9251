from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_manager
from projects.conflicts import EditConflict
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
    other = form.cleaned_data["after"]
    try:
        lifecycle.place_after(project, other, by=access.user, opened=form.opened)
    except EditConflict as conflict:
        form.show_both(conflict)
        return show(request, access, project, form)
    return changed(request, access, project, _("Moved: %(name)s") % {"name": project})
