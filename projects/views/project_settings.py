from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import Access, get_project_for_manager, get_project_for_reporter
from projects.conflicts import EditConflict
from projects.forms.project_settings import (
    AliasForm,
    EndForm,
    PlaceForm,
    ProjectSettingsForm,
    refuse_empty,
    refuse_taken,
)
from projects.models import Project, ProjectMerge
from projects.portfolio import aliases, lifecycle


@require_http_methods(["GET", "HEAD", "POST"])
def project_settings(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """What the project is. Its manager changes it; its lead sees it, and edits its other names."""
    if request.method != "POST":
        access, project = get_project_for_reporter(request, team, project_id)
        return show(request, access, project)
    access, project = get_project_for_manager(request, team, project_id)
    form = ProjectSettingsForm(project, request.POST)
    if form.is_valid():
        try:
            lifecycle.change_project(
                project, form.description(), by=access.user, opened=form.opened
            )
        except aliases.NameTaken as taken:
            refuse_taken(form, taken)
        except aliases.NameEmpty:
            refuse_empty(form)
        except lifecycle.ClosedBeforeStart:
            form.refuse_start()
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            return changed(request, access, project, _("Saved"))
    return show(request, access, project, form)


def show(
    request: HttpRequest, access: Access, project: Project, wrong: forms.Form | None = None
) -> HttpResponse:
    """The page; with the ``wrong`` form in its place (422)."""
    names = [(alias, aliases.is_own_name(alias, project)) for alias in project.aliases.all()]
    context = {
        "access": access,
        "section": "projects",
        "project": project,
        "names": sorted(names, key=lambda one: not one[1]),
        "alias": wrong if isinstance(wrong, AliasForm) else AliasForm(),
        "today": access.team.today(),
    }
    if access.is_manager:
        merges = ProjectMerge.objects.filter(kept=project).select_related("by", "undone_by")
        context |= {
            "form": wrong
            if isinstance(wrong, ProjectSettingsForm)
            else ProjectSettingsForm(project),
            "place": wrong if isinstance(wrong, PlaceForm) else PlaceForm(project),
            "end": wrong if isinstance(wrong, EndForm) else EndForm(),
            "merges": merges,
        }
    status = 422 if wrong else 200
    return render(request, "projects/project_settings.html", context, status=status)


def changed(request: HttpRequest, access: Access, project: Project, said: str) -> HttpResponse:
    """Back to the page, with what was done."""
    messages.success(request, said)
    return redirect("projects:project_settings", access.team.slug, project.pk)
