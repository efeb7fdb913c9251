from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_milestone_for_reporter
from projects.checkin import milestones
from projects.forms.milestone_editor import DropForm
from projects.views.project_milestones import changed, show


@require_POST
def milestone_close(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """It will not be done, for the reason given."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    form = DropForm(milestone, request.POST)
    if not form.is_valid():
        return show(request, access, milestone.project, form, of=milestone)
    milestones.close(milestone, form.cleaned_data["reason"], by=access.user)
    return changed(request, access, milestone.project, _("Dropped: %(name)s") % {"name": milestone})
