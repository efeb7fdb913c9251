from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import htmx
from projects.access import Access, get_project_for_reporter
from projects.checkin import milestones
from projects.forms.milestone_editor import NewMilestoneRowForm, editor_of
from projects.models import Milestone, Project


@require_http_methods(["GET", "HEAD", "POST"])
def project_milestones(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The project's milestones to edit, and a new one: a page, or for htmx the editor in a card."""
    access, project = get_project_for_reporter(request, team, project_id)
    if request.method != "POST":
        return show(request, access, project)
    form = NewMilestoneRowForm(project, access.team.stages.all(), request.POST)
    if form.is_valid():
        try:
            made = milestones.add(project, by=access.user, **form.cleaned_data)
        except milestones.NameTaken:
            form.refuse_name()
        else:
            return changed(request, access, project, _("Added: %(name)s") % {"name": made})
    return show(request, access, project, form)


def show(
    request: HttpRequest,
    access: Access,
    project: Project,
    wrong: forms.Form | None = None,
    *,
    of: Milestone | None = None,
    said: str = "",
) -> HttpResponse:
    """The editor; with the ``wrong`` form of a milestone in it (422), or with what was done."""
    context = {
        "access": access,
        "section": "projects",
        "project": project,
        "editor": editor_of(project, access.team.stages.all(), wrong, of),
        "in_card": htmx.wants_partial(request),
        "today": access.team.today(),
        "is_first": request.method != "POST",
        "said": said,
    }
    return htmx.render(
        request,
        "projects/project_milestones.html",
        "milestone_editor",
        context,
        status=422 if wrong else 200,
    )


def changed(request: HttpRequest, access: Access, project: Project, said: str) -> HttpResponse:
    """Back to the page; in a card, the editor anew, and the card is told to show what is new."""
    if htmx.wants_partial(request):
        response = show(request, access, project, said=said)
        return htmx.tell(response, f"milestones-changed-{project.pk}")
    messages.success(request, said)
    return redirect("projects:project_milestones", access.team.slug, project.pk)
