from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects.checkin import milestones
from projects.forms.milestone_editor import ReopenForm
from projects.views.project_milestones import changed, show


@require_POST
def milestone_reopen(request: HttpRequest, team: str, project: int, milestone: int) -> HttpResponse:
    """Bring back one that was dropped; one that was done, at a percent and for a reason."""
    user = allowed.signed_in(request)
    access, found = allowed.get_milestone_for_user(user, team, project, milestone)
    allowed.require_can_report(access, found.project)
    form = ReopenForm(found, request.POST)
    if form.is_valid():
        try:
            milestones.reopen(found, by=access.user, **form.cleaned_data)
        except milestones.PercentMissing:
            form.refuse_percent()
        except milestones.ReasonMissing:
            form.refuse_reason()
        else:
            said = _("Re-opened: %(name)s") % {"name": found}
            return changed(request, access, found.project, said)
    return show(request, access, found.project, form, of=found)
