from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.forms.project_settings import EndForm
from projects.portfolio import lifecycle
from projects.views.project_settings import changed, show


@require_POST
def project_close(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """The project is over from today, for the reason given."""
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    allowed.require_manager(access)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            lifecycle.close_project(found, form.cleaned_data["reason"], by=access.user)
        except lifecycle.ClosedBeforeStart:
            form.add_error(None, _("The project has not begun yet."))
        else:
            return changed(request, access, found, _("Closed: %(name)s") % {"name": found})
    return show(request, access, found, form)
