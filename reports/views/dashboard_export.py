from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.access import get_team_for_user, get_week
from reports.dashboard.boards import board_of
from reports.dashboard.exports import grid_of
from reports.render.csv import csv
from reports.render.grid import Grid
from reports.render.xlsx import xlsx

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
