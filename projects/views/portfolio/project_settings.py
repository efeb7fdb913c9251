"""What a project is, its names and its place; its end; merging it with another."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import Access, get_project_for_manager, get_project_for_reporter
from projects.conflicts import DecidedAlready, EditConflict
from projects.forms.portfolio.project_settings import (
    AliasForm,
    EndForm,
    MergeForm,
    PlaceForm,
    ProjectSettingsForm,
    refuse_empty,
    refuse_taken,
)
from projects.models import Alias, Project, ProjectMerge
from projects.portfolio import aliases, lifecycle, merge
from projects.portfolio.merge import Conflict
from projects.text.wording import closed_already, opened_already


@require_http_methods(["GET", "HEAD", "POST"])
def project_settings(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """What the project is. Its manager changes it; its lead sees it, and edits its other names."""
    if request.method != "POST":
        access, project = get_project_for_reporter(request, team, project_id)
        return _page(request, access, project)
    access, project = get_project_for_manager(request, team, project_id)
    form = ProjectSettingsForm(project, request.POST)
    if form.is_valid():
        try:
            lifecycle.change_project(
                project, form.description(), by=access.user, opened=form.opened
            )
        except aliases.ProjectNameTaken as taken:
            refuse_taken(form, taken)
        except aliases.NameEmpty:
            refuse_empty(form)
        except lifecycle.ClosedBeforeStart:
            form.refuse_start()
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            return _saved(request, access, project, _("Saved"))
    return _page(request, access, project, form)


def _page(
    request: HttpRequest, access: Access, project: Project, wrong: forms.Form | None = None
) -> HttpResponse:
    """The page; with the ``wrong`` form in its place (422)."""
    names = [(alias, aliases.is_own_name(alias, project)) for alias in project.aliases.all()]
    context = {
        "access": access,
        "section": "projects",
        "project": project,
        "names": sorted(names, key=lambda name: not name[1]),
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


def _saved(
    request: HttpRequest,
    access: Access,
    project: Project,
    notice: str,
    level: int = messages.SUCCESS,
) -> HttpResponse:
    """Back to the page, with what was done."""
    messages.add_message(request, level, notice)
    return redirect("projects:project_settings", access.team.slug, project.pk)


@require_POST
def project_place(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Put the project behind another one."""
    access, project = get_project_for_manager(request, team, project_id)
    form = PlaceForm(project, request.POST)
    if not form.is_valid():
        return _page(request, access, project, form)
    other = form.cleaned_data["after"]
    try:
        lifecycle.place_after(project, other, by=access.user, opened=form.opened)
    except EditConflict as conflict:
        form.show_both(conflict)
        return _page(request, access, project, form)
    return _saved(request, access, project, _("Moved: %(name)s") % {"name": project})


@require_POST
def project_close(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The project is over from today, for the reason given."""
    access, project = get_project_for_manager(request, team, project_id)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            lifecycle.close_project(project, form.cleaned_data["reason"], by=access.user)
        except lifecycle.ClosedBeforeStart:
            form.add_error(None, _("The project has not begun yet."))
        except DecidedAlready as closed:
            notice = closed_already(project, closed.reason, form.cleaned_data["reason"])
            return _saved(request, access, project, notice, messages.WARNING)
        else:
            return _saved(request, access, project, _("Closed: %(name)s") % {"name": project})
    return _page(request, access, project, form)


@require_POST
def project_reopen(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """The project goes on, for the reason given."""
    access, project = get_project_for_manager(request, team, project_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, access, project, form)
    try:
        lifecycle.reopen_project(project, form.cleaned_data["reason"], by=access.user)
    except DecidedAlready as opened:
        notice = opened_already(project, opened.reason, form.cleaned_data["reason"])
        return _saved(request, access, project, notice, messages.WARNING)
    return _saved(request, access, project, _("Re-opened: %(name)s") % {"name": project})


@require_POST
def alias_add(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Let the project go by one more name; refused when another goes by it, which is then named."""
    access, project = get_project_for_reporter(request, team, project_id)
    form = AliasForm(request.POST)
    if form.is_valid():
        try:
            alias = aliases.add(project, form.cleaned_data["name"], by=access.user)
        except aliases.ProjectNameTaken as taken:
            refuse_taken(form, taken)
        except aliases.NameEmpty:
            refuse_empty(form)
        else:
            return _saved(request, access, project, _("Added: %(name)s") % {"name": alias})
    return _page(request, access, project, form)


@require_POST
def alias_remove(request: HttpRequest, team: str, project_id: int, alias_id: int) -> HttpResponse:
    """The project no longer goes by that name; its own is not offered, and not there to remove."""
    access, project = get_project_for_reporter(request, team, project_id)
    alias = get_object_or_404(Alias, project=project, pk=alias_id)
    try:
        aliases.remove(alias, by=access.user)
    except aliases.OwnName:
        raise Http404 from None
    return _saved(request, access, project, _("Removed: %(name)s") % {"name": alias})


@require_http_methods(["GET", "HEAD", "POST"])
def project_merge(request: HttpRequest, team: str, project_id: int) -> HttpResponse:
    """Choose another project (``?other=``), see what would happen, and merge it into this one."""
    access, project = get_project_for_manager(request, team, project_id)
    data = request.POST if request.method == "POST" else request.GET
    form = MergeForm(project, merge.alike(project), data if "other" in data else None)
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


@require_POST
def project_merge_undo(
    request: HttpRequest, team: str, project_id: int, project_merge_id: int
) -> HttpResponse:
    """Take two projects apart again; where that cannot be, the settings say why."""
    access, project = get_project_for_manager(request, team, project_id)
    done = get_object_or_404(ProjectMerge, kept=project, pk=project_merge_id)
    try:
        restored = merge.undo(done, by=access.user)
    except merge.UndoRefused as refused:
        for conflict in refused.conflicts:
            messages.error(request, _words(conflict))
        return redirect("projects:project_settings", access.team.slug, project.pk)
    messages.success(request, _("Split again: %(name)s") % {"name": restored})
    return redirect("projects:project_settings", access.team.slug, restored.pk)


def _words(conflict: Conflict) -> str:
    words = {
        "name_taken": _("Not undone: “%(subject)s” names another project by now."),
        "entry_edited": _("Not undone: the joined update of %(subject)s was changed since."),
        "merged_on": _("Not undone: this project was itself merged into %(subject)s."),
    }
    return words[conflict.kind] % {"subject": conflict.subject}
