from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.forms.project_settings import PlaceForm
from projects.portfolio import lifecycle
from projects.views.project_settings import changed, show


@require_POST
def project_place(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """Put the project behind another one."""
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    allowed.require_manager(access)
    form = PlaceForm(found, request.POST)
    if not form.is_valid():
        return show(request, access, found, form)
    lifecycle.place_after(found, form.cleaned_data["after"], by=access.user)
    return changed(request, access, found, _("Moved: %(name)s") % {"name": found})
