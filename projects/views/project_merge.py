from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import access as allowed
from projects.forms.project_merge import MergeForm
from projects.portfolio import merge


@require_http_methods(["GET", "HEAD", "POST"])
def project_merge(request: HttpRequest, team: str, project: int) -> HttpResponse:
    """Choose another project (``?other=``), see what would happen, and merge it into this one."""
    access, found = allowed.get_project_for_user(allowed.signed_in(request), team, project)
    allowed.require_manager(access)
    said = request.POST if request.method == "POST" else request.GET
    form = MergeForm(found, merge.alike(found), said if "other" in said else None)
    is_valid = form.is_valid()
    if request.method == "POST" and is_valid:
        done = merge.merge(found, form.project, by=access.user)
        messages.success(request, _("Merged: %(name)s") % {"name": done})
        return redirect("projects:project_settings", access.team.slug, found.pk)
    context = {
        "access": access,
        "section": "projects",
        "project": found,
        "form": form,
        "other": form.project if is_valid else None,
        "preview": merge.preview(found, form.project) if is_valid else None,
    }
    status = 422 if request.method == "POST" or form.errors else 200
    return render(request, "projects/project_merge.html", context, status=status)
