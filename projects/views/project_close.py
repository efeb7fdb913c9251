from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_manager
from projects.forms.project_settings import EndForm
from projects.portfolio import lifecycle
from projects.views.project_settings import changed, show


@require_POST
def project_close(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The project is over from today, for the reason given."""
    access, project = get_project_for_manager(request, team, project_id)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            lifecycle.close_project(project, form.cleaned_data["reason"], by=access.user)
        except lifecycle.ClosedBeforeStart:
            form.add_error(None, _("The project has not begun yet."))
        else:
            return changed(request, access, project, _("Closed: %(name)s") % {"name": project})
    return show(request, access, project, form)
