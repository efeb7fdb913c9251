"""What the views of the live page share: its sheet and review list as its manager sees them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from okrtracker import htmx
from projects.access import Access, get_team_for_manager, get_week
from reports.dashboard.review import review_of
from reports.pages.desk import desk_of
from reports.pages.live import current_document
from reports.weekly.document import PageSection, WeeklyDocument


def get_for_manager(request: HttpRequest, team: str, label: str) -> tuple[Access, date]:
    """The manager's access and the week, which has a page. ``Http404`` or 403 otherwise."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    if current_document(access.team, week) is None:
        raise Http404
    return access, week


def address(access: Access, week: date, anchor: str = "") -> str:
    """Where the live page stands, at one of its sections."""
    page = reverse(
        "reports:weekly_page_draft", args=(access.team.slug, access.team.week_label(week))
    )
    return f"{page}#{anchor}" if anchor else page


def context(access: Access, document: WeeklyDocument, *, focus: str = "") -> dict[str, Any]:
    """What the templates of the live page ask for. ``editing`` and ``review`` are a manager's."""
    return {
        "access": access,
        "document": document,
        "editing": desk_of(access, document, focus),
        "review": review_of(access, document),
        "page_url": address(access, document.week),
    }


def sheet(request: HttpRequest, live: dict[str, Any]) -> str:
    """The live page's sheet, from ``context``: with its controls, where there are any."""
    return render_to_string("reports/_sheet.html", live, request)


def changed(
    request: HttpRequest,
    access: Access,
    week: date,
    *,
    anchor: str = "",
    focus: str = "",
    said: str = "",
) -> HttpResponse:
    """The page after a change: a redirect to it, or for htmx the section with that anchor.

    Where the page has no such section, it is the whole sheet. The contents beside it follow, and
    what is said is read out.
    """
    if not htmx.wants_partial(request):
        return redirect(address(access, week, anchor or "sheet"))
    document = _document(access, week)
    live = context(access, document, focus=focus)
    section = section_at(document, anchor)
    name = "reports/_sheet.html#page_section" if section else "reports/_sheet.html"
    parts = [render_to_string(name, live | {"section": section}, request)]
    also = live | {"said": said, "swap": True}
    parts.append(render_to_string("reports/page_edit.html#said", also, request))
    parts.append(render_to_string("reports/weekly_page_aside.html#page_contents", also, request))
    parts.append(render_to_string("reports/review.html#review_count", also, request))
    response = HttpResponse("".join(parts))
    return response if section else htmx.instead(response, "#sheet")


def section_at(document: WeeklyDocument, anchor: str) -> PageSection | None:
    return next((one for one in document.sections if anchor and one.anchor == anchor), None)


def _document(access: Access, week: date) -> WeeklyDocument:
    document = current_document(access.team, week)
    if document is None:
        raise Http404
    return document
