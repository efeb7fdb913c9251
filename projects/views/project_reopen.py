from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_manager
from projects.forms.project_settings import EndForm
from projects.portfolio import lifecycle
from projects.views.project_settings import changed, show


@require_POST
def project_reopen(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The project goes on, for the reason given."""
    access, project = get_project_for_manager(request, team, project_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return show(request, access, project, form)
    lifecycle.reopen_project(project, form.cleaned_data["reason"], by=access.user)
    return changed(request, access, project, _("Re-opened: %(name)s") % {"name": project})
