from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import operations
from projects.access import get_key_result_for_manager
from projects.conflicts import EditConflict
from projects.forms.objectives import ReadingForm
from projects.objectives import objectives
from projects.views.objective_edit import form_of, render_edit


@require_POST
def key_result_reading(
    request: HttpRequest, team: str, objective_id: int, key_result_id: int
) -> HttpResponse:
    """The value of the key result's metric in the present week, replaced if it has one."""
    access, key_result = get_key_result_for_manager(request, team, objective_id, key_result_id)
    week = access.team.this_week()
    standing = dict(objectives.results_in(key_result.objective, week))
    form = ReadingForm(request.POST, result=key_result, value=standing[key_result])
    if not form.is_valid():
        return render_edit(
            request, access, key_result.objective, form_of(access, key_result.objective), form
        )
    value = form.cleaned_data["value"]
    try:
        operations.record_reading(key_result.metric, week, value, opened=form.opened)
    except EditConflict as conflict:
        form.show_both(conflict)
        return render_edit(
            request, access, key_result.objective, form_of(access, key_result.objective), form
        )
    messages.success(request, _("Saved: %(name)s") % {"name": key_result.metric})
    return redirect("projects:objective_edit", access.team.slug, objective_id)
