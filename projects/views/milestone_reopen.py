from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_milestone_for_reporter
from projects.checkin import milestones
from projects.forms.milestone_editor import ReopenForm
from projects.views.project_milestones import changed, show


@require_POST
def milestone_reopen(
    request: HttpRequest, team: str, project_id: int, milestone_id: int
) -> HttpResponse:
    """Bring back one that was dropped; one that was done, at a percent and for a reason."""
    access, milestone = get_milestone_for_reporter(request, team, project_id, milestone_id)
    form = ReopenForm(milestone, request.POST)
    if form.is_valid():
        try:
            milestones.reopen(milestone, by=access.user, **form.cleaned_data)
        except milestones.PercentMissing:
            form.refuse_percent()
        except milestones.ReasonMissing:
            form.refuse_reason()
        else:
            said = _("Re-opened: %(name)s") % {"name": milestone}
            return changed(request, access, milestone.project, said)
    return show(request, access, milestone.project, form, of=milestone)
