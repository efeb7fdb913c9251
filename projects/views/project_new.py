from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from projects.access import Access, get_team_for_manager
from projects.forms.new_projects import NewProjectFormSet, new_projects_form
from projects.models import Objective, User
from projects.portfolio import lifecycle
from projects.teams import setup

_LINES, _MORE = 5, 15


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: HttpRequest, team: str) -> HttpResponse:
    """Begin projects, one a line; ``?lines=15`` for more of them.

    Then it is on to the dashboard; with ``?setup`` back to the list of the set-up.
    """
    access = get_team_for_manager(request, team)
    cycle = setup.present_cycle(access.team)
    objectives = list(Objective.objects.filter(cycle=cycle)) if cycle else []
    people = list(User.objects.filter(memberships__team=access.team).order_by("name", "username"))
    data = request.POST if request.method == "POST" else None
    lines = _MORE if request.GET.get("lines") == str(_MORE) else _LINES
    formset = new_projects_form(objectives, people, data, lines)
    if formset.is_bound and formset.is_valid() and (count := _begin(formset, access)):
        told = ngettext("%(n)s project is begun.", "%(n)s projects are begun.", count)
        messages.success(request, told % {"n": count})
        onward = "projects:team_setup" if "setup" in request.GET else "reports:dashboard"
        return redirect(onward, access.team.slug)
    context = {
        "access": access,
        "section": "projects",
        "formset": formset,
        "cycle": cycle,
        "objectives": objectives,
        "people": people,
        "more": _MORE if len(formset.forms) < _MORE and not formset.is_bound else 0,
    }
    status = 422 if formset.is_bound else 200
    return render(request, "projects/project_new.html", context, status=status)


def _begin(formset: NewProjectFormSet, access: Access) -> int:
    """How many were begun; none when a line was refused, which is then marked."""
    forms = formset.filled()
    wanted, today = [form.project() for form in forms], access.team.today()
    try:
        begun = lifecycle.create_projects(access.team, wanted, by=access.user, started_on=today)
    except lifecycle.NamesRefused as refused:
        for line, known in refused.lines.items():
            told = (
                _("This name means a project already: %(project)s.") % {"project": known}
                if known
                else _("This names nothing.")
            )
            forms[line].add_error("name", told)
        return 0
    return len(begun)
