from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_cycle_for_manager, objectives_of_other_teams
from projects.forms.objectives import ObjectiveForm
from projects.objectives import objectives


@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: HttpRequest, team: str, cycle_id: int) -> HttpResponse:
    """The form of a new objective of the cycle; then its page, where key results are added.

    ``?setup`` goes along, and lets that page link back to the list of the set-up.
    """
    access, cycle = get_cycle_for_manager(request, team, cycle_id)
    form = ObjectiveForm(
        request.POST if request.method == "POST" else None,
        owners=objectives.owners_of(access.team),
        alignable=objectives_of_other_teams(access.user, access.team),
        code=f"O{cycle.objectives.count() + 1}",
    )
    if form.is_valid():
        try:
            made = objectives.create(cycle, form.wording(), by=access.user)
            messages.success(request, _("Saved: %(name)s") % {"name": made})
            args = (access.team.slug, made.pk)
            return redirect(reverse("projects:objective_edit", args=args, query=request.GET))
        except objectives.CodeTaken as problem:
            form.mark(problem)
    context = {"access": access, "section": "objectives", "cycle": cycle, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "projects/objective_new.html", context, status=status)
