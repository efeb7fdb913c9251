from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.checkin import milestones
from projects.forms.milestone_editor import MilestoneDetailsForm
from projects.views.project_milestones import changed, show


@require_POST
def milestone_change(request: HttpRequest, team: str, project: int, milestone: int) -> HttpResponse:
    """Call it, weigh it and place it in a stage as its row of the editor says."""
    user = allowed.signed_in(request)
    access, found = allowed.get_milestone_for_user(user, team, project, milestone)
    allowed.require_can_report(access, found.project)
    form = MilestoneDetailsForm(access.team.stages.all(), request.POST, milestone=found)
    if form.is_valid():
        try:
            now = milestones.change(found, by=access.user, **form.cleaned_data)
        except milestones.NameTaken:
            form.refuse_name()
        else:
            said = _("Saved: %(name)s") % {"name": now}
            return changed(request, access, found.project, said)
    return show(request, access, found.project, form, of=found)
