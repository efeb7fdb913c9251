"""The team's incidents, week by week, for the screens that list them."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from django.core.paginator import Page, Paginator

from projects.models import Incident, Team

PAGE: Final = 30


def page_of(team: Team, number: str | None) -> Page[Incident]:
    """One page of them, the latest week first; the nearest page where ``number`` is none."""
    incidents = (
        Incident.objects.filter(team=team)
        .select_related("project", "reviewed_by")
        .order_by("-week", "-occurred_at", "-pk")
    )
    return Paginator(incidents, PAGE).get_page(number)


def by_week(team: Team, page: Page[Incident]) -> list[tuple[str, list[Incident]]]:
    """The incidents of a page below the labels of their weeks."""
    weeks = groupby(page.object_list, key=lambda incident: incident.week)
    return [(team.week_label(week), list(found)) for week, found in weeks]
