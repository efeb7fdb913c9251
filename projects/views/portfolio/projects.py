"""The projects of a team: the list and changes of many, the page of one, new ones."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.access import Access, get_project_for_user, get_team_for_manager, get_team_for_user
from projects.comments import threads
from projects.forms.portfolio.new_projects import NewProjectFormSet, new_projects_form
from projects.forms.portfolio.project_bulk import CLOSE, BulkForm
from projects.forms.portfolio.project_settings import EndForm
from projects.history import load
from projects.models import LedgerField, Objective, Project
from projects.portfolio import catalogue, leads, lifecycle, stages
from projects.teams import setup

# Rows a page shows of the entries and of the ledger.
_ENTRIES, _CHANGES = 12, 20
# Lines for new projects at first, and where more are asked for.
_LINES, _MORE = 5, 15


@require_safe
def project_list(request: HttpRequest, team: str) -> HttpResponse:
    """Every project of the team by cycle and objective; ``?q`` is a part of a name or an alias.

    Managers tick rows and change them at once; ``?tick`` ticks all open ones (``open``), or those
    nobody leads (``leadless``), ``?led`` those of the user with that key.
    """
    return _list(request, get_team_for_user(request, team), request.GET)


def _list(
    request: HttpRequest, access: Access, asked: QueryDict, bulk: BulkForm | None = None
) -> HttpResponse:
    """The list; with a bulk change that was not done, or not of all (422)."""
    search = asked.get("q", "").strip()
    context = {
        "access": access,
        "section": "projects",
        "chapters": catalogue.catalogue_of(access.team, search),
        "search": search,
        "today": access.team.today(),
    }
    if access.is_manager:
        people = leads.people_of(access.team)
        context |= {
            "bulk": bulk or BulkForm(access.team, people),
            "people": people.offers(),
            "tick": asked.get("tick", ""),
            "led": asked.get("led", ""),
        }
    return render(request, "projects/project_list.html", context, status=422 if bulk else 200)


@require_POST
def project_bulk(request: HttpRequest, team: str) -> HttpResponse:
    """Change the ticked projects of the list; closing them is asked first, with their names."""
    access = get_team_for_manager(request, team)
    form = BulkForm(access.team, leads.people_of(access.team), request.POST)
    if not form.is_valid():
        return _list(request, access, request.POST, form)
    if form.verb_chosen == CLOSE:
        return _close(request, access, form)
    change = stages.put_projects if form.verb_chosen == "stage" else lifecycle.change_projects
    outcome = change(access.team, form.wanted(), by=access.user)
    if outcome.changed or not outcome.conflicts:
        _say_how_many(request, len(outcome.changed))
    if outcome.conflicts:
        form.show_both(outcome.conflicts)
        return _list(request, access, request.POST, form)
    return _back_to_list(request, access)


def _close(request: HttpRequest, access: Access, form: BulkForm) -> HttpResponse:
    """Close the ticked projects that are open, once their number and names were confirmed."""
    projects = Project.objects.filter(team=access.team, pk__in=form.ticked, closed_on=None)
    projects = projects.with_stage()
    reason = EndForm(request.POST if "confirmed" in request.POST else None)
    if reason.is_valid():
        closed = lifecycle.close_projects(
            access.team, projects, reason.cleaned_data["reason"], by=access.user
        )
        notice = ngettext("%(n)s project closed.", "%(n)s projects closed.", len(closed))
        messages.success(request, notice % {"n": len(closed)})
        return _back_to_list(request, access)
    context = {
        "access": access,
        "section": "projects",
        "projects": projects,
        "form": reason,
        "search": request.POST.get("q", ""),
    }
    status = 422 if reason.is_bound else 200
    return render(request, "projects/project_bulk.html", context, status=status)


def _say_how_many(request: HttpRequest, count: int) -> None:
    if count:
        notice = ngettext("%(n)s project changed.", "%(n)s projects changed.", count)
        messages.success(request, notice % {"n": count})
    else:
        messages.info(request, _("No project had to be changed."))


def _back_to_list(request: HttpRequest, access: Access) -> HttpResponse:
    """To the list as it was searched."""
    search = request.POST.get("q", "")
    query = {"q": search} if search else None
    return redirect(reverse("projects:project_list", args=(access.team.slug,), query=query))


@require_safe
def project_detail(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """One project: how it stands and got there, when it will be done, what was moved and why.

    ``?page`` is of the entries, ``?changes`` of the ledger, ``?field`` a ``LedgerField``. Charts
    begin with the team's start; ``?history`` shows what was before it.
    """
    access, project = get_project_for_user(request, team, project_id)
    is_whole = "history" in request.GET
    field = request.GET.get("field", "")
    entries = Paginator(load.entries_of(project), _ENTRIES)
    changes = Paginator(load.changes_of(project, field), _CHANGES)
    page = entries.get_page(request.GET.get("page"))
    context = {
        "access": access,
        "project": project,
        "section": "projects",
        "history": load.history_of(project, is_whole=is_whole),
        "entries": page,
        "comments": threads.of_projects(access.team, [project.pk], [e.week for e in page]),
        "questions": load.questions_of(project),
        "metrics": load.metrics_of(project, is_whole=is_whole),
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
    people = leads.people_of(access.team)
    data = request.POST if request.method == "POST" else None
    lines = _MORE if request.GET.get("lines") == str(_MORE) else _LINES
    formset = new_projects_form(objectives, people, data, lines)
    if formset.is_bound and formset.is_valid() and (count := _begin(formset, access)):
        notice = ngettext("%(n)s project created.", "%(n)s projects created.", count)
        messages.success(request, notice % {"n": count})
        onward = "projects:team_setup" if "setup" in request.GET else "reports:dashboard"
        return redirect(onward, access.team.slug)
    context = {
        "access": access,
        "section": "projects",
        "formset": formset,
        "cycle": cycle,
        "objectives": objectives,
        "people": people.offers(),
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
        for line, named_project in refused.lines.items():
            problem = (
                _("This name means a project already: %(project)s.") % {"project": named_project}
                if named_project
                else _("This is not a name.")
            )
            forms[line].add_error("name", problem)
        return 0
    return len(begun)
