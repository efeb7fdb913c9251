"""What the views of the live page share: its sheet and review list as its manager sees them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from okrtracker import htmx
from projects.access import Access, get_team_for_manager
from projects.comments import threads
from projects.teams.week_addresses import get_week
from reports.dashboard.review import review_of
from reports.pages.desk import desk_of
from reports.pages.live import current_document
from reports.weekly.document import PageSection, WeeklyDocument


def get_page_for_manager(request: HttpRequest, team: str, label: str) -> tuple[Access, date]:
    """The manager's access and the week, which has a page. ``Http404`` or 403 otherwise.

    A page of history is read, and not worked on: ``Http404``.
    """
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    if access.team.is_history(week) or current_document(access.team, week) is None:
        raise Http404
    return access, week


def page_url(access: Access, week: date, anchor: str = "") -> str:
    """The address of the live page, of one of its sections with ``anchor``."""
    label = access.team.week_label(week)
    return reverse(
        "reports:weekly_page_draft", args=(access.team.slug, label), fragment=anchor or None
    )


def live_context(access: Access, document: WeeklyDocument, *, focus: str = "") -> dict[str, Any]:
    """The context of the live page's templates. ``editing`` and ``review`` are a manager's."""
    return {
        "access": access,
        "document": document,
        "editing": desk_of(access, document, focus),
        "review": review_of(access, document),
        "comments": threads.of_week(access.team, document.week),
        "page_url": page_url(access, document.week),
    }


def live_sheet(request: HttpRequest, context: dict[str, Any]) -> str:
    """The live page's sheet, from its context: a manager's with controls."""
    return render_to_string("reports/_sheet.html", context, request)


def changed_page(
    request: HttpRequest,
    access: Access,
    week: date,
    *,
    anchor: str = "",
    focus: str = "",
    message: str = "",
) -> HttpResponse:
    """The page after a change: a redirect to it, or for htmx the section with that anchor.

    Where the page has no such section, it is the whole sheet. The contents beside it follow, and
    ``message`` is announced to screen readers.
    """
    if not htmx.wants_partial(request):
        return redirect(page_url(access, week, anchor or "sheet"))
    document = current_document(access.team, week)
    if document is None:
        raise Http404
    context = live_context(access, document, focus=focus)
    section = section_at(document, anchor)
    name = "reports/_sheet.html#page_section" if section else "reports/_sheet.html"
    parts = [render_to_string(name, context | {"section": section}, request)]
    beside = context | {"message": message, "swap": True}
    parts += [
        render_to_string(f"reports/{name}", beside, request)
        for name in (
            "page_edit.html#message",
            "weekly_page_lead_in.html#page_contents",
            "weekly_page_lead_in.html#page_contents_folded",
            "review.html#review_count",
        )
    ]
    response = HttpResponse("".join(parts))
    return response if section else htmx.retarget(response, "#sheet")


def section_at(document: WeeklyDocument, anchor: str) -> PageSection | None:
    sections = (section for section in document.sections if section.anchor == anchor)
    return next(sections, None) if anchor else None
