from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import get_project_for_manager
from projects.forms.project_merge import MergeForm
from projects.portfolio import merge


@require_http_methods(["GET", "HEAD", "POST"])
def project_merge(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Choose another project (``?other=``), see what would happen, and merge it into this one."""
    access, project = get_project_for_manager(request, team, project_id)
    said = request.POST if request.method == "POST" else request.GET
    form = MergeForm(project, merge.alike(project), said if "other" in said else None)
    is_valid = form.is_valid()
    if request.method == "POST" and is_valid:
        done = merge.merge(project, form.project, by=access.user)
        messages.success(request, _("Merged: %(name)s") % {"name": done})
        return redirect("projects:project_settings", access.team.slug, project.pk)
    context = {
        "access": access,
        "section": "projects",
        "project": project,
        "form": form,
        "other": form.project if is_valid else None,
        "preview": merge.preview(project, form.project) if is_valid else None,
    }
    status = 422 if request.method == "POST" or form.errors else 200
    return render(request, "projects/project_merge.html", context, status=status)
