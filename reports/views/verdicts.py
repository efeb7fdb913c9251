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
from reports.dashboard.review import ToResolve, review_of
from reports.pages import verdicts
from reports.pages.live import current_document
from reports.pages.verdicts import FindingGone
from reports.views.live_page import get_page_for_manager, live_context, page_url
from reports.weekly.document import WeeklyDocument


@require_http_methods(["GET", "HEAD", "POST"])
def finding_verdict(request: HttpRequest, team: str, label: str, key: str) -> HttpResponse:
    """Say something to a finding: ``action`` is explain (with a ``note``), accept or reopen.

    A page with the form, or for htmx its row in the review list. A finding that is no longer on
    the page was mended meanwhile: the response says so, with status 200.
    """
    access, week = get_page_for_manager(request, team, label)
    note = request.POST.get("note", "")
    error, said = "", ""
    if request.method == "POST":
        try:
            said = _judge(access, week, key, request.POST.get("action", ""), note)
        except FindingGone:
            said = _("That finding is no longer on the page.")
        except ValueError:
            error = _("Please say what is behind it.")
        if said and not htmx.wants_partial(request):
            messages.success(request, said)
            return redirect(page_url(access, week, "review"))
    document = current_document(access.team, week)
    assert document is not None  # noqa: S101  get_page_for_manager has asked
    return _row(request, access, document, key, {"error": error, "note": note, "said": said})


def _judge(access: Access, week: date, key: str, action: str, note: str) -> str:
    """Save the verdict and return a message. Raises as ``reports.pages.verdicts`` does."""
    if action == "reopen":
        verdicts.reopen(access.team, week, key, by=access.user)
        return _("Open again.")
    if action == "accept":
        verdicts.accept(access.team, week, key, by=access.user)
        return _("Accepted.")
    verdicts.explain(access.team, week, key, note, by=access.user)
    return _("Explained.")


def _row(
    request: HttpRequest,
    access: Access,
    document: WeeklyDocument,
    key: str,
    answer: dict[str, str],
) -> HttpResponse:
    """The finding's row; for htmx also the count of findings and what stands with the entry."""
    review = review_of(access, document)
    rows = (*review.open, *review.judged) if review else ()
    row: ToResolve | None = next((row for row in rows if row.finding.key == key), None)
    context = live_context(access, document) | answer | {"row": row, "is_alone": True}
    status = 422 if answer["error"] else 200
    template = "reports/finding_verdict.html"
    response = htmx.render(request, template, "finding_row", context, status=status)
    if answer["said"] and row and htmx.wants_partial(request):
        project_id = row.finding.project_id
        entry = next((e for e in document.entries if e.project_id == project_id), None)
        beside = context | {"swap": True, "entry": entry}
        findings = "entry_findings" if entry else "page_findings"
        for name in (f"_sheet.html#{findings}", "review.html#review_count", "page_edit.html#said"):
            response.write(render_to_string(f"reports/{name}", beside, request))
    return response
