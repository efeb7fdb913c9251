"""Import old weekly pages: hand them in, watch them being read, apply and undo."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from okrtracker import broker, htmx
from projects.access import Access, get_team_for_manager
from projects.models import Role
from projects.tasks import send_invitations
from projects.teams import invitations
from reports import tasks
from reports.forms.imports import handed_in
from reports.importer.database.batch import ImportUndoRefused
from reports.importer.decisions import as_json
from reports.imports import applying, review, upload
from reports.models import ImportBatch, ImportState, PageImport

_NEWEST: Final = 50
_SHOWN_ROWS: Final = 5


@require_safe
def import_list(request: HttpRequest, team: str) -> HttpResponse:
    """Where pages are handed in, and all imports of the team."""
    return _list(request, get_team_for_manager(request, team))


def _list(request: HttpRequest, access: Access, refusal: str = "") -> HttpResponse:
    rows = PageImport.objects.filter(team=access.team).open().select_related("started_by")
    batches = ImportBatch.objects.filter(team=access.team)
    newest = list(batches.select_related("applied_by")[:_NEWEST])
    outcomes = applying.outcomes_of(newest)
    of_browser = dict(
        PageImport.objects.filter(batch__in=newest).values_list("batch", "pk")
    )  # the others were made on the command line
    context = {
        "access": access,
        "section": "settings",
        "refusal": refusal,
        "pasted": request.POST.get("pasted", ""),
        "most_files": upload.MOST_FILES,
        "most_bytes": upload.LARGEST_IMPORT,
        "open_imports": rows,
        "batches": [(batch, outcomes[batch.pk], of_browser.get(batch.pk)) for batch in newest],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "reports/import_list.html", context, status=status)


@require_POST
def import_new(request: HttpRequest, team: str) -> HttpResponse:
    """Take files, a folder or a pasted page, and have a worker read them."""
    access = get_team_for_manager(request, team)
    try:
        files = handed_in(request.POST, request.FILES)
        page_import = upload.begin(access.team, files, by=access.user)
    except upload.UploadRefused as refused:
        return _list(request, access, str(refused))
    broker.publish_on_commit(tasks.read_import, page_import.pk)
    return redirect("reports:import_detail", access.team.slug, page_import.pk)


@require_safe
def import_detail(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """How far a worker is with an import, or what came of it."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if page_import.state == ImportState.REVIEW:
        return _to_review(request, access, page_import)
    if htmx.wants_partial(request) and not page_import.is_working:
        return htmx.redirect(request.path)  # the head of the page says something else now
    files = page_import.files.defer("data")
    batch = page_import.batch
    context = {
        "access": access,
        "section": "settings",
        "page_import": page_import,
        "files": files,
        "outcome": applying.outcome_of(batch) if batch else None,
        "guests": applying.guests_of(page_import) if batch else [],
    }
    return htmx.render(request, "reports/import_detail.html", "import_progress", context)


def _to_review(request: HttpRequest, access: Access, page_import: PageImport) -> HttpResponse:
    response = redirect("reports:import_review", access.team.slug, page_import.pk)
    return htmx.redirect(response.url) if htmx.wants_partial(request) else response


@require_POST
def import_cancel(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """Call an import off that is not applied."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if upload.cancel(page_import, by=access.user):
        messages.success(request, _("Cancelled. Nothing was written."))
        return redirect("reports:import_list", access.team.slug)
    return redirect("reports:import_detail", access.team.slug, page_import.pk)


@require_POST
def import_apply(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """Have a worker write the import as it was reviewed."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if applying.request(page_import, by=access.user):
        broker.publish_on_commit(tasks.apply_import, page_import.pk)
    return redirect("reports:import_detail", access.team.slug, page_import.pk)


@require_POST
def import_undo(request: HttpRequest, team: str, batch_id: int) -> HttpResponse:
    """Take back an import that was applied."""
    access = get_team_for_manager(request, team)
    batch = get_object_or_404(ImportBatch, team=access.team, pk=batch_id)
    try:
        applying.take_back(batch, by=access.user)
    except ImportUndoRefused as refused:
        context: dict[str, Any] = {
            "access": access,
            "section": "settings",
            "batch": batch,
            "rows": refused.rows[:_SHOWN_ROWS],
            "others": max(len(refused.rows) - _SHOWN_ROWS, 0),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "reports/import_undo.html", context, status=status)
    messages.success(request, _("The import is undone."))
    return redirect("reports:import_list", access.team.slug)


@require_POST
def import_invite(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """Invite those whom the review said to invite, as leads."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    guests = applying.guests_of(page_import)[: invitations.left_today(access.user)]
    if page_import.batch is not None and guests:
        invited = invitations.invite(access.team, guests, Role.LEAD, by=access.user)
        broker.publish_on_commit(send_invitations, access.team.pk)
        notice = ngettext("%(n)s person is invited.", "%(n)s people are invited.", len(invited))
        messages.success(request, notice % {"n": len(invited)})
    return redirect("reports:import_detail", access.team.slug, page_import.pk)


@require_safe
def import_decisions(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """What was decided, as a file for ``import_weekly --decisions``."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    content = as_json(review.decisions_of(page_import))
    name = f"{access.team.slug}-import-{page_import.pk}.json"
    return HttpResponse(
        content,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def import_of(access: Access, import_id: int) -> PageImport:
    """The team's import of that number. ``Http404`` otherwise."""
    rows = PageImport.objects.select_related("team", "started_by", "applied_by", "batch")
    return get_object_or_404(rows, team=access.team, pk=import_id)
