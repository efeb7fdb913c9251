"""A project's card of the check-in, which several views answer with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from okrtracker import htmx, return_address
from projects.access import Access
from projects.checkin import ledger, worklist
from projects.checkin.worklist import Assignment
from projects.comments import threads
from projects.comments.threads import Comments
from projects.forms.checkin.card import CheckInCard


def of_whole_team(request: HttpRequest, access: Access) -> bool:
    """Whether the reader's page shows the team's projects, not just their own."""
    asked = request.POST.get("of") or request.GET.get("of")
    return access.is_manager and asked == "all"


def address(request: HttpRequest, access: Access, assignment: Assignment | None = None) -> str:
    """Of the reader's check-in page; with the project's form open."""
    page = reverse("projects:checkin", args=(access.team.slug,))
    query = {"of": "all"} if of_whole_team(request, access) else {}
    key = assignment.project.pk if assignment else None
    if key is not None:
        query["open"] = str(key)
    return page + f"?{urlencode(query)}" * bool(query) + f"#checkin_card_{key}" * bool(key)


def comments_on(assignments: Sequence[Assignment]) -> Comments:
    """Those that the cards show: of this week's entries and of those before."""
    if not assignments:
        return {}
    entries = [(a.entry, a.previous) for a in assignments]
    weeks = {entry.week for pair in entries for entry in pair if entry is not None}
    team = assignments[0].project.team
    return threads.of_projects(team, [a.project.pk for a in assignments], weeks)


def show(
    request: HttpRequest, access: Access, card: CheckInCard, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """The card, with the form or folded: a page of its own, or for htmx one card of a page."""
    if card.form:
        card.form.put_cursor()
    else:
        (assignment,) = worklist.with_slips(
            [card.assignment], ledger.due_changes([card.assignment.project])
        )
        card = replace(card, assignment=assignment)
    back = return_address.requested_page(request, "")
    context = {
        "access": access,
        "section": "checkin",
        "card": card,
        "assignment": card.assignment,
        "is_all": of_whole_team(request, access),
        "back": back,
        "back_query": f"?{urlencode({'back': back})}" if back else "",
        "label": access.team.week_label(card.assignment.week),
        "comments": comments_on([card.assignment]),
        **extra,
    }
    return htmx.render(
        request, "projects/project_checkin.html", "checkin_card", context, status=status
    )


def show_saved(request: HttpRequest, access: Access, assignment: Assignment) -> HttpResponse:
    """After saving: the folded card and the new count, or on to the page of all cards.

    The project's own page has no next card, so from there the reader goes on as well: back to
    the page that they came from to mend something, if that is named.
    """
    own_page = reverse("projects:project_checkin", args=(access.team.slug, assignment.project.pk))
    is_alone = htmx.current_address(request).partition("?")[0] == own_page
    if is_alone or not htmx.wants_partial(request):
        messages.success(request, _("Saved: %(project)s") % {"project": assignment.project})
        page = return_address.requested_page(request, address(request, access))
        return htmx.redirect(page) if is_alone else redirect(page)
    leads = None if of_whole_team(request, access) else access.leads
    progress = worklist.progress(access.team, assignment.week, leads)
    return show(request, access, CheckInCard(assignment), is_saved=True, progress=progress)
