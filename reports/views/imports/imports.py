"""Import old weekly pages: hand them in, watch them being read, apply and undo."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from okrtracker import broker, htmx
from okrtracker.serving.limits import takes_files
from projects.access import Access, get_team_for_manager
from projects.models import Role
from projects.tasks import send_invitations
from projects.teams import invitations
from reports import tasks
from reports.forms.imports import handed_in
from reports.importer.database.batch import ImportUndoRefused, blocking_rows, restored_fields
from reports.importer.decisions import as_json
from reports.imports import applying, review, upload, work
from reports.models import ImportBatch, ImportState, PageImport

_NEWEST: Final = 50
_SHOWN_ROWS: Final = 20


@require_safe
def import_list(request: HttpRequest, team: str) -> HttpResponse:
    """Where pages are handed in, and all imports of the team."""
    return _list(request, get_team_for_manager(request, team))


def _list(request: HttpRequest, access: Access, refusal: str = "") -> HttpResponse:
    rows = PageImport.objects.filter(team=access.team).open().with_file_names()
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
        "open_imports": rows.select_related("started_by"),
        "batches": [(batch, outcomes[batch.pk], of_browser.get(batch.pk)) for batch in newest],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "reports/import_list.html", context, status=status)


@takes_files(most=upload.LARGEST_BODY)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, team: str) -> HttpResponse:
    """Take files, a folder or a pasted page, and have a worker read them."""
    access = get_team_for_manager(request, team)
    if request.method != "POST":
        return redirect("reports:import_list", access.team.slug)
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
        "can_read_again": page_import.state == ImportState.FAILED and has_files(page_import),
        "outcome": applying.outcome_of(batch) if batch else None,
        "guests": applying.guests_of(page_import) if batch else [],
    }
    return htmx.render(request, "reports/import_detail.html", "import_progress", context)


def _to_review(request: HttpRequest, access: Access, page_import: PageImport) -> HttpResponse:
    """The tab that waited gets the review, and hears that the reading has ended."""
    response = redirect("reports:import_review", access.team.slug, page_import.pk)
    if htmx.wants_partial(request):
        messages.info(request, _("The files are read."))
    return htmx.redirect(response.url) if htmx.wants_partial(request) else response


@require_POST
def import_again(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """Have a worker read the files once more; what was decided stays."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if work.read_again(page_import.pk):
        broker.publish_on_commit(tasks.read_import, page_import.pk)
    return redirect("reports:import_detail", access.team.slug, page_import.pk)


@require_POST
def import_cancel(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """Call an import off that is not applied."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if upload.cancel(page_import, by=access.user):
        messages.success(request, _("Cancelled. Nothing was written."))
        return redirect("reports:import_list", access.team.slug)
    page_import.refresh_from_db(fields=["state"])
    return moved_on(request, access, page_import)


@require_POST
def import_apply(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """Have a worker write the import as it was reviewed."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if applying.request(page_import, by=access.user):
        broker.publish_on_commit(tasks.apply_import, page_import.pk)
        return redirect("reports:import_detail", access.team.slug, page_import.pk)
    return moved_on(request, access, page_import)


def moved_on(request: HttpRequest, access: Access, page_import: PageImport) -> HttpResponse:
    """Say to a stale tab that the import is not under review any more, and show it as it is."""
    words = {
        ImportState.CANCELLED: _("This import has been cancelled meanwhile. Nothing was saved."),
        ImportState.APPLIED: _("This import has been applied meanwhile. Nothing was saved."),
    }
    notice = words.get(
        ImportState(page_import.state),
        _("This import is being worked on just now. Nothing was saved."),
    )
    messages.warning(request, notice)
    return redirect("reports:import_detail", access.team.slug, page_import.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, team: str, batch_id: int) -> HttpResponse:
    """Show what taking an applied import back does, and do it."""
    access = get_team_for_manager(request, team)
    batch = get_object_or_404(ImportBatch, team=access.team, pk=batch_id)
    if batch.undone_at is not None:
        messages.info(request, _("The import is undone."))
        return redirect("reports:import_list", access.team.slug)
    if request.method != "POST":
        return _undo_page(request, access, batch, blocking_rows(batch))
    try:
        applying.take_back(batch, by=access.user)
    except ImportUndoRefused as refused:
        return _undo_page(request, access, batch, refused.rows)
    messages.success(request, _("The import is undone."))
    return redirect("reports:import_list", access.team.slug)


def _undo_page(
    request: HttpRequest, access: Access, batch: ImportBatch, rows: Sequence[Model]
) -> HttpResponse:
    fields = restored_fields(batch)
    context: dict[str, Any] = {
        "access": access,
        "section": "settings",
        "batch": batch,
        "outcome": applying.outcome_of(batch),
        "rows": rows[:_SHOWN_ROWS],
        "others": max(len(rows) - _SHOWN_ROWS, 0),
        "restored": [field for field in fields if not field.is_kept],
        "kept": [field for field in fields if field.is_kept],
    }
    is_refused = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "reports/import_undo.html", context, status=status)


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


def has_files(page_import: PageImport) -> bool:
    """Whether its files are there, to be read again."""
    return page_import.files.filter(data__isnull=False).exists()
