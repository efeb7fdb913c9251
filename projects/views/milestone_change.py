from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_milestone_for_reporter
from projects.checkin import milestones
from projects.forms.milestone_editor import MilestoneDetailsForm
from projects.views.project_milestones import changed, show


@require_POST
def milestone_change(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """Call it, weigh it and place it in a stage as its row of the editor says."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    form = MilestoneDetailsForm(access.team.stages.all(), request.POST, milestone=milestone)
    if form.is_valid():
        try:
            now = milestones.change(milestone, by=access.user, **form.cleaned_data)
        except milestones.NameTaken:
            form.refuse_name()
        else:
            said = _("Saved: %(name)s") % {"name": now}
            return changed(request, access, milestone.project, said)
    return show(request, access, milestone.project, form, of=milestone)
