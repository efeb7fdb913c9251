"""The projects of a team: the list, the page of one, new ones."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from projects.access import Access, get_project_for_user, get_team_for_manager, get_team_for_user
from projects.forms.new_projects import NewProjectFormSet, new_projects_form
from projects.history import load
from projects.models import LedgerField, Objective, User
from projects.portfolio import catalogue, lifecycle
from projects.teams import setup

# Rows a page shows of the entries and of the ledger.
_ENTRIES, _CHANGES = 26, 40
# Lines for new projects at first, and where more are asked for.
_LINES, _MORE = 5, 15


@require_safe
def project_list(request: HttpRequest, team: str) -> HttpResponse:
    """Every project of the team by cycle and objective; ``?q`` is a part of a name or an alias."""
    access = get_team_for_user(request, team)
    search = request.GET.get("q", "").strip()
    context = {
        "access": access,
        "section": "projects",
        "chapters": catalogue.catalogue_of(access.team, search),
        "search": search,
        "today": access.team.today(),
    }
    return render(request, "projects/project_list.html", context)


@require_safe
def project_detail(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """One project: how it stands and got there, when it will be done, what was moved and why.

    ``?page`` is of the entries, ``?changes`` of the ledger, ``?field`` a ``LedgerField``.
    """
    access, project = get_project_for_user(request, team, project_id)
    field = request.GET.get("field", "")
    entries = Paginator(load.entries_of(project), _ENTRIES)
    changes = Paginator(load.changes_of(project, field), _CHANGES)
    context = {
        "access": access,
        "project": project,
        "section": "projects",
        "history": load.history_of(project),
        "entries": entries.get_page(request.GET.get("page")),
        "questions": load.questions_of(project),
        "metrics": load.metrics_of(project),
        "changes": changes.get_page(request.GET.get("changes")),
        "field": field if field in LedgerField.values else "",
        "ledger_fields": LedgerField.choices,
        "records": load.audit_of(project),
        "aliases": [alias for alias in project.aliases.all() if alias.name != project.name],
        "can_report": access.can_report(project),
        "today": access.team.today(),
    }
    return render(request, "projects/project_detail.html", context)


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
        notice = ngettext("%(n)s project is begun.", "%(n)s projects are begun.", count)
        messages.success(request, notice % {"n": count})
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
            problem = (
                _("This name means a project already: %(project)s.") % {"project": known}
                if known
                else _("This names nothing.")
            )
            forms[line].add_error("name", problem)
        return 0
    return len(begun)
