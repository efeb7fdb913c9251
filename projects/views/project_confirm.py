from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_project_for_reporter
from projects.checkin import drafts, recording, worklist
from projects.forms import CheckInForm
from projects.views import cards


@require_POST
def project_confirm(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """ "No change" in one click: last week's words and numbers again for this week.

    Where the reader has typed something that is not sent yet, or there is nothing to say again,
    the form opens instead and says so.
    """
    access, project = get_project_for_reporter(request, team, project_id)
    assignment = worklist.assignment_of(project, access.team.this_week())
    draft = drafts.of(access.user, assignment.week, [project]).get(project.pk)
    if draft:
        notice = _("You typed something here that is not saved yet. Save it, or discard the draft.")
    else:
        try:
            entry = recording.confirm_unchanged(project, assignment.week, by=access.user)
            return cards.saved(request, access, assignment.reported(entry))
        except recording.NothingToConfirm:
            notice = _("There is no earlier update to confirm. A line is enough.")
    form = CheckInForm(assignment, list(access.team.stages.all()), draft=draft)
    return cards.card(request, access, assignment, form, status=422, notice=notice)
