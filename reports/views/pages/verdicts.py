"""The manager's verdict on a finding."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import htmx
from projects.access import Access
from projects.conflicts import EditConflict
from reports.dashboard.review import ToResolve, review_of
from reports.forms.pages import VerdictForm
from reports.pages import verdicts
from reports.pages.live import current_document
from reports.pages.verdicts import ACCEPTED, EXPLAINED, FindingGone
from reports.views.pages.live import get_page_for_manager, live_context, page_url
from reports.weekly.document import Finding, WeeklyDocument


@require_http_methods(["GET", "HEAD", "POST"])
def finding_verdict(request: HttpRequest, team: str, label: str, key: str) -> HttpResponse:
    """Say something to a finding: ``action`` is explain (with a ``note``), accept or reopen.

    A page with the form, or for htmx its row in the review list. A finding that is no longer on
    the page was mended meanwhile: the response says so, with status 200.
    """
    access, week = get_page_for_manager(request, team, label)
    document = current_document(access.team, week)
    finding = _finding(document, key)
    data = request.POST if request.method == "POST" else None
    form = VerdictForm(data, verdict=finding.verdict if finding else None)
    message = ""
    if form.is_bound and form.is_valid():
        message = _judge(access, week, key, form)
        if message and not htmx.wants_partial(request):
            messages.success(request, message)
            return redirect(page_url(access, week, "review"))
        document = current_document(access.team, week)
    assert document is not None  # noqa: S101  get_page_for_manager has asked
    return _row(request, access, document, key=key, form=form, message=message)


def _finding(document: WeeklyDocument | None, key: str) -> Finding | None:
    findings = document.findings if document else ()
    return next((finding for finding in findings if finding.key == key), None)


def _judge(access: Access, week: date, key: str, form: VerdictForm) -> str:
    """Save the verdict and return a message; none where somebody else has judged otherwise."""
    wanted = form.cleaned_data
    try:
        verdicts.judge(access.team, week, key, wanted, by=access.user, opened=form.opened)
    except FindingGone:
        return _("That finding is no longer on the page.")
    except EditConflict as conflict:
        form.show_both(conflict)
        return ""
    done = {ACCEPTED: _("Accepted."), EXPLAINED: _("Explained.")}
    return done.get(wanted["verdict"], _("Open again."))


def _row(
    request: HttpRequest,
    access: Access,
    document: WeeklyDocument,
    *,
    key: str,
    form: VerdictForm,
    message: str,
) -> HttpResponse:
    """The finding's row; for htmx also the count of findings and what stands with the entry."""
    review = review_of(access, document)
    rows = (*review.open, *review.judged) if review else ()
    row: ToResolve | None = next((row for row in rows if row.finding.key == key), None)
    is_refused = bool(form.errors) and row is not None
    context = live_context(access, document) | {
        "row": row,
        "is_alone": True,
        "message": message,
        "note": form.data.get("note", ""),
        "error": "" if form.versions else " ".join(map(str, form.errors.get("note", []))),
        "form": form if is_refused else None,
    }
    template = "reports/finding_verdict.html"
    status = 422 if is_refused else 200
    response = htmx.render(request, template, "finding_row", context, status=status)
    if message and row and htmx.wants_partial(request):
        project_id = row.finding.project_id
        entry = next((e for e in document.entries if e.project_id == project_id), None)
        beside = context | {"swap": True, "entry": entry}
        findings = "entry_findings" if entry else "page_findings"
        for name in (
            f"_sheet.html#{findings}",
            "review.html#review_count",
            "page_edit.html#message",
        ):
            response.write(render_to_string(f"reports/{name}", beside, request))
    return response
