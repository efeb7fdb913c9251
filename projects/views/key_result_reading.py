from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from projects import operations
from projects.forms.objectives import ReadingForm
from projects.objectives import objectives
from projects.views.objective_edit import form_of, render_edit


@require_POST
def key_result_reading(
    request: HttpRequest, team: str, objective: int, key_result: int
) -> HttpResponse:
    """The value of the key result's metric in the present week, replaced if it has one."""
    access, found = allowed.get_key_result_for_user(
        allowed.signed_in(request), team, objective, key_result
    )
    allowed.require_manager(access)
    week = access.team.this_week()
    standing = dict(objectives.results_in(found.objective, week))
    form = ReadingForm(request.POST, result=found, value=standing[found])
    if not form.is_valid():
        return render_edit(request, access, found.objective, form_of(access, found.objective), form)
    value = form.cleaned_data["value"]
    operations.record_reading(found.metric, week, value)
    messages.success(request, _("Saved: %(name)s") % {"name": found.metric})
    return redirect("projects:objective_edit", access.team.slug, objective)
