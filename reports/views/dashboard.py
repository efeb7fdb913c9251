from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from okrtracker import htmx, return_address
from projects.access import Access, get_team_for_user
from projects.models import Project
from projects.teams import cutoffs, first_steps
from projects.teams.week_addresses import get_week
from projects.workdays import WorkCalendar
from reports.dashboard import attention
from reports.dashboard.boards import Board, board_of
from reports.dashboard.exports import grid_of
from reports.dashboard.pipeline import pipeline_of
from reports.dashboard.pulse import pulse_of
from reports.pages import catching_up
from reports.pages.live import current_document
from reports.pages.navigation import navigation_of
from reports.render.spreadsheets import Grid, csv, xlsx


@require_safe
def dashboard(request: HttpRequest, team: str) -> HttpResponse:
    """The team's present week: what needs somebody, the objectives, every project, the numbers."""
    access = get_team_for_user(request, team)
    return _render(request, access, access.team.this_week())


@require_safe
def week_dashboard(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """The same of any week."""
    access = get_team_for_user(request, team)
    return _render(request, access, get_week(access.team, label))


def _render(request: HttpRequest, access: Access, week: date) -> HttpResponse:
    """The page, or the table alone when htmx asks for it, with the address of what it shows."""
    board = board_of(access, week, request.GET)
    context: dict[str, object] = {
        "access": access,
        "section": "dashboard",
        "navigation": navigation_of(access.team, week, board.earlier if board else None),
        "shown": board,
        "board": board and board.dashboard,
        "document": board and board.dashboard.document,
    }
    is_table = htmx.wants_partial(request)
    calendar = None
    if week == access.team.this_week() and not is_table:
        calendar = access.work_calendar()
        context["cutoff"] = cutoffs.Cutoff.of(access.team, week, calendar)
        context["first_steps"] = first_steps.of_manager(access)
    if board is not None and not is_table:
        context |= _around(access, week, board, calendar)
    if board is None or not board.dashboard.rows:
        context["team_has_projects"] = Project.objects.filter(team=access.team).exists()
        return render(request, "reports/dashboard.html", context)
    response = htmx.render(request, "reports/dashboard.html", "projects_table", context)
    if is_table:
        _tell_address(request, response, board)
    return response


def _around(
    access: Access, week: date, board: Board, calendar: WorkCalendar | None
) -> dict[str, object]:
    """What stands above the table. The ``calendar`` comes with the present week only."""
    context: dict[str, object] = {}
    pulse = pulse_of(access, week, board.revision)
    context["revision"] = pulse.revision
    context["is_published"] = pulse.is_published
    context["left_out_reason"] = pulse.left_out_reason
    if calendar is not None:
        now = timezone.now()
        context["pipeline"] = pipeline_of(access.team, week, calendar, pulse, now)
    # A manager of the present week finds it in the list of what needs them.
    is_listed = access.is_manager and calendar is not None
    if week in pulse.moved and access.may_report and not is_listed:
        context["behind"] = catching_up.behind(access.team, week)
    # Asked for only when the block is not in the cache.
    document = board.dashboard.document
    notices = context["notices"] = attention.notices_for(access, week, calendar)
    context["attention"] = SimpleLazyObject(
        lambda: attention.block_of(access, document, pulse, notices)
    )
    return context


def _tell_address(request: HttpRequest, response: HttpResponse, board: Board) -> None:
    """The address of what is shown: one entry of the browser's history for a word, not a letter.

    A field that is left asks once more for what is shown already: that is no entry either.
    """
    address = request.path + board.state.query().removesuffix("?")
    earlier = urlsplit(htmx.current_address(request))
    earlier_text = QueryDict(earlier.query).get("text", "")
    is_typed_on = earlier_text and earlier_text != board.state.text
    is_shown = QueryDict(earlier.query) == QueryDict(urlsplit(address).query)
    tell = htmx.replace_url if is_typed_on or is_shown else htmx.push_url
    tell(response, address)


# By the ending in the address: the content type, and the grid's bytes.
_FORMATS: Final[dict[str, tuple[str, Callable[[Grid], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
}


@require_safe
def dashboard_export(request: HttpRequest, team: str, label: str, spreadsheet: str) -> HttpResponse:
    """The dashboard's table as a file, filtered, sorted and with the columns as the address says.

    All pages of it: ``csv`` or ``xlsx``. 404 where there is no page of that week.
    """
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    board = board_of(access, week, request.GET)
    if board is None or spreadsheet not in _FORMATS:
        raise Http404
    content_type, render = _FORMATS[spreadsheet]
    name = f'attachment; filename="{access.team.slug}-{label}-projects.{spreadsheet}"'
    return HttpResponse(
        render(grid_of(board.table)),
        content_type=content_type,
        headers={"Content-Disposition": name},
    )


@require_safe
def dashboard_progress(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """How many have updated, and what needs attention, for a dashboard that stays open.

    204 while nothing has changed since ``?revision=``. Otherwise both parts, and the offer to load
    the rest of the page again.
    """
    access = get_team_for_user(request, team)
    week = get_week(access.team, label)
    pulse = pulse_of(access, week)
    if request.GET.get("revision") == pulse.revision:
        return HttpResponse(status=204)
    document = current_document(access.team, week)
    board = reverse("reports:week_dashboard", args=(access.team.slug, label))
    is_present = week == access.team.this_week()
    calendar = access.work_calendar() if is_present else None
    notices = attention.notices_for(access, week, calendar)
    context = {
        "access": access,
        "document": document,
        "attention": document and attention.block_of(access, document, pulse, notices),
        "pipeline": calendar and pipeline_of(access.team, week, calendar, pulse, timezone.now()),
        "cutoff": calendar and cutoffs.Cutoff.of(access.team, week, calendar),
        "is_published": pulse.is_published,
        "label": label,
        "is_present": is_present,
        "is_changed": True,
        "here": return_address.previous_page(request, board),
    }
    template = "reports/dashboard_progress.html"
    return htmx.render(request, template, "dashboard_update", context)
