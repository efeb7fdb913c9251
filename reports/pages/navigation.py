"""Which weeks a team has, and the links from one of them to its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max

from projects import weeks
from projects.models import Team, WeekFacts
from reports.models import Edition
from reports.pages import backlog

_TWO_YEARS: Final = 104


@dataclass(frozen=True, slots=True)
class WeekNavigation:
    """A week's label and days, and the labels of its neighbours, ``None`` where there is none."""

    week: date
    label: str
    first_day: date
    last_day: date
    previous: str | None  # the nearest earlier week of which facts are known
    next: str | None  # the nearest later one; the present week always has one
    present: str
    is_present: bool
    is_future: bool
    is_history: bool  # before the team's start


def navigation_of(team: Team, week: date, earlier: Sequence[date] | None = None) -> WeekNavigation:
    """``earlier`` are the known weeks before it, newest first, if the caller has them already."""
    known_weeks = WeekFacts.objects.filter(team=team).values_list("week", flat=True)
    if earlier is None:
        earlier = list(known_weeks.filter(week__lt=week).order_by("-week")[:1])
    present = team.this_week()
    following = None
    if week < present:
        later = known_weeks.filter(week__gt=week, week__lt=present).order_by("week")
        following = later.first() or present
    return WeekNavigation(
        week=week,
        label=team.week_label(week),
        first_day=week,
        last_day=weeks.last_day(week),
        previous=team.week_label(earlier[0]) if earlier else None,
        next=team.week_label(following) if following else None,
        present=team.week_label(present),
        is_present=week == present,
        is_future=week > present,
        is_history=team.is_history(week),
    )


def revisions_until(team: Team, week: date) -> dict[date, int]:
    """How often each week's facts have changed, for two years up to that week, newest first."""
    known_weeks = WeekFacts.objects.filter(team=team, week__lte=week).order_by("-week")
    return dict(known_weeks.values_list("week", "revision")[:_TWO_YEARS])


@dataclass(frozen=True, slots=True)
class ArchivedWeek:
    week: date
    label: str
    edition: int  # number of the latest edition; 0: none was published
    is_history: bool  # before the team's start
    is_waiting: bool = False  # closed, and neither published nor left out
    left_out_reason: str = ""


def weeks_by_year(team: Team) -> list[tuple[int, list[ArchivedWeek]]]:
    """Each week with known facts, and the present one, by year; newest first."""
    present = team.this_week()
    known_weeks = WeekFacts.objects.filter(team=team, week__lte=present)
    published = Edition.objects.filter(team=team).order_by().values("page__week")
    latest = dict(published.annotate(latest=Max("number")).values_list("page__week", "latest"))
    waiting, left_out = (
        set(backlog.waiting(team).values_list("week", flat=True)),
        backlog.left_out(team),
    )
    years: dict[int, list[ArchivedWeek]] = {}
    for week in sorted({*known_weeks.values_list("week", flat=True), present}, reverse=True):
        year, _number = weeks.year_and_number(week, team.numbering)
        edition, is_history = latest.get(week, 0), team.is_history(week)
        row = ArchivedWeek(
            week,
            team.week_label(week),
            edition,
            is_history,
            is_waiting=week in waiting,
            left_out_reason=left_out.get(week, ""),
        )
        years.setdefault(year, []).append(row)
    return list(years.items())
