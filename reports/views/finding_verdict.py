from __future__ import annotations

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
from reports.views import live_page
from reports.weekly.document import WeeklyDocument


@require_http_methods(["GET", "HEAD", "POST"])
def finding_verdict(request: HttpRequest, team: str, label: str, key: str) -> HttpResponse:
    """Say something to a finding: ``action`` is explain (with a ``note``), accept or reopen.

    A page with the form, or for htmx its row in the review list. A finding that is no longer on
    the page was mended meanwhile: that is said, and nothing is wrong.
    """
    access, week = live_page.get_for_manager(request, team, label)
    action, note = request.POST.get("action", ""), request.POST.get("note", "")
    error, said = "", ""
    if request.method == "POST":
        try:
            if action == "reopen":
                verdicts.reopen(access.team, week, key, by=access.user)
                said = _("Open again.")
            elif action == "accept":
                verdicts.accept(access.team, week, key, by=access.user)
                said = _("Accepted.")
            else:
                verdicts.explain(access.team, week, key, note, by=access.user)
                said = _("Explained.")
        except FindingGone:
            said = _("That finding is no longer on the page.")
        except ValueError:
            error = _("Please say what is behind it.")
        if said and not htmx.wants_partial(request):
            messages.success(request, said)
            return redirect(live_page.address(access, week, "review"))
    document = current_document(access.team, week)
    assert document is not None  # noqa: S101  get_for_manager has asked
    return _row(request, access, document, key, {"error": error, "note": note, "said": said})


def _row(
    request: HttpRequest,
    access: Access,
    document: WeeklyDocument,
    key: str,
    told: dict[str, str],
) -> HttpResponse:
    """The finding's row, and for htmx the count and what is printed with the entry."""
    review = review_of(access, document)
    rows = (*review.open, *review.judged) if review else ()
    row: ToResolve | None = next((one for one in rows if one.finding.key == key), None)
    context = live_page.context(access, document) | told | {"row": row, "is_alone": True}
    status = 422 if told["error"] else 200
    template = "reports/finding_verdict.html"
    response = htmx.render(request, template, "finding_row", context, status=status)
    if told["said"] and row and htmx.wants_partial(request):
        project = row.finding.project_id
        entry = next((one for one in document.entries if one.project_id == project), None)
        also = context | {"swap": True, "entry": entry}
        name = "entry_findings" if entry else "page_findings"
        response.write(render_to_string(f"reports/_sheet.html#{name}", also, request))
        response.write(render_to_string("reports/review.html#review_count", also, request))
        response.write(render_to_string("reports/page_edit.html#said", also, request))
    return response
