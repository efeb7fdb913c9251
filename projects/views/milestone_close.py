from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.checkin import milestones
from projects.forms.milestone_editor import DropForm
from projects.views.project_milestones import changed, show


@require_POST
def milestone_close(request: HttpRequest, team: str, project: int, milestone: int) -> HttpResponse:
    """It will not be done, for the reason given."""
    user = allowed.signed_in(request)
    access, found = allowed.get_milestone_for_user(user, team, project, milestone)
    allowed.require_can_report(access, found.project)
    form = DropForm(found, request.POST)
    if not form.is_valid():
        return show(request, access, found.project, form, of=found)
    milestones.close(found, form.cleaned_data["reason"], by=access.user)
    return changed(request, access, found.project, _("Dropped: %(name)s") % {"name": found})
