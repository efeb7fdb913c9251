"""Cycles of a team: which one holds a day, which comes next, and how they are made and changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from projects import audit, facts, weeks
from projects.conflicts import EditConflict, Opened, changed_by_others, merge
from projects.models import Cycle, Objective, Team, User, WeekFacts
from projects.text import names

_DAY: Final = timedelta(days=1)
# What is no longer than this was meant as a quarter.
_LONGEST_QUARTER: Final = timedelta(days=100)


# So long before its end a cycle without a next one is spoken of.
ANNOUNCED: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Period:
    """A cycle's name with its first and last day."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class CycleEnd:
    """The end of a team's last cycle, which no other one follows yet."""

    name: str
    ends_on: date
    days_left: int  # from today; negative once it is over
    following: Period  # what to propose

    @property
    def is_over(self) -> bool:
        return self.days_left < 0

    @property
    def announced_in(self) -> date:
        """The first week in which it is spoken of."""
        return weeks.monday_of(self.ends_on - ANNOUNCED)

    @property
    def last_week(self) -> date:
        return weeks.monday_of(self.ends_on)


class CycleOverlaps(Exception):
    """Days of the period belong to another cycle of the team already."""

    def __init__(self, other: Cycle) -> None:
        self.other = other
        super().__init__(f"{other}: {other.starts_on} to {other.ends_on}")


class CycleNameTaken(Exception):
    """Another cycle of the team has that name."""


class CycleInUse(Exception):
    """The cycle has objectives, which would be lost with it."""


def half_year(day: date) -> tuple[date, date, str]:
    """First day, last day and name (2024H1) of the half-year that holds the day."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30), f"{day.year}H1"
    return date(day.year, 7, 1), date(day.year, 12, 31), f"{day.year}H2"


def quarter(day: date) -> tuple[date, date, str]:
    """First day, last day and name (2024Q3) of the quarter that holds the day."""
    number = (day.month + 2) // 3
    following = date(day.year + number // 4, number % 4 * 3 + 1, 1)
    return date(day.year, number * 3 - 2, 1), following - _DAY, f"{day.year}Q{number}"


def following(last: Period | None, today: date, taken: Iterable[str] = ()) -> Period:
    """The period to propose after the last one: its half-year or quarter, as the last one was.

    It begins on the day after the last one's end. Without a last one, or when that would be over
    before today, it is the half-year or quarter that holds today. The name is none of those
    ``taken``.
    """
    is_quarter = last is not None and last.ends_on - last.starts_on <= _LONGEST_QUARTER
    period_of = quarter if is_quarter else half_year
    if last is not None:
        begin = last.ends_on + _DAY
        _starts_on, ends_on, name = period_of(begin)
        if ends_on >= today:
            return Period(_unused(name, taken), begin, ends_on)
    starts_on, ends_on, name = period_of(today)
    return Period(_unused(name, taken), starts_on, ends_on)


def new_cycle(team: Team, day: date) -> Cycle:
    """A cycle, not saved yet, for a day that no cycle of the team holds.

    It is the half-year, shortened where neighbouring cycles reach into it.
    """
    starts_on, ends_on, name = half_year(day)
    for other in team.cycles.filter(starts_on__lte=ends_on, ends_on__gte=starts_on):
        if other.ends_on < day:
            starts_on = max(starts_on, other.ends_on + _DAY)
        else:
            ends_on = min(ends_on, other.starts_on - _DAY)
    name = _unused(name, team.cycles.values_list("name", flat=True))
    return Cycle(team=team, name=name, starts_on=starts_on, ends_on=ends_on)


def _unused(name: str, taken: Iterable[str]) -> str:
    """The name, or 2024H2-2, 2024H2-3 … where it is taken."""
    taken, candidate, number = set(taken), name, 2
    while candidate in taken:
        candidate = f"{name}-{number}"
        number += 1
    return candidate


def end_of(
    periods: Collection[Period], today: date, starts_on: date | None = None
) -> CycleEnd | None:
    """The end of the last one, from two weeks before it until there is a next one.

    A cycle that was over before ``starts_on``, the team's start, is history: nobody misses the
    next one of that.
    """
    last = max(periods, key=lambda period: period.ends_on, default=None)
    if last is None or last.ends_on - ANNOUNCED > today:
        return None
    if starts_on is not None and last.ends_on < starts_on:
        return None
    return CycleEnd(
        name=last.name,
        ends_on=last.ends_on,
        days_left=(last.ends_on - today).days,
        following=following(last, today, [period.name for period in periods]),
    )


def team_end(team: Team, all_cycles: Iterable[Cycle] | None = None) -> CycleEnd | None:
    """The same of a team, today; one query unless its cycles are at hand."""
    rows = team.cycles.all() if all_cycles is None else all_cycles
    periods = [Period(row.name, row.starts_on, row.ends_on) for row in rows]
    return end_of(periods, team.today(), team.starts_on)


def proposal(team: Team, last: Cycle | None) -> Period:
    """What the form of a new cycle begins with: the period after the team's last one."""
    period = Period(last.name, last.starts_on, last.ends_on) if last else None
    return following(period, team.today(), team.cycles.values_list("name", flat=True))


def last_of(team: Team) -> Cycle | None:
    """The one that ends last, begun or not; it is what a new one carries over from."""
    return team.cycles.order_by("-ends_on").first()


def shown(cycles: Sequence[Cycle], week: date) -> Cycle | None:
    """Which of a team's cycles to show in that week: the one that the week belongs to.

    Between two cycles it is the one before; before all of them, the first.
    """
    if cycle := weeks.cycle_of(week, cycles):
        return cycle
    begun = [cycle for cycle in cycles if cycle.starts_on <= week]
    if begun:
        return max(begun, key=lambda cycle: cycle.starts_on)
    return min(cycles, key=lambda cycle: cycle.starts_on, default=None)


@transaction.atomic
def create(team: Team, period: Period, *, by: User | None) -> Cycle:
    """Raises ``CycleOverlaps``, ``CycleNameTaken``."""
    _locked(team)
    _require_free(team, period, None)
    cycle = Cycle(team=team)
    cycle.name, cycle.starts_on, cycle.ends_on = period.name, period.starts_on, period.ends_on
    cycle.save()
    audit.note(team, "cycle.create", cycle, by=by, after=_dates(cycle))
    announce_since(team, cycle.starts_on)
    return cycle


@transaction.atomic
def change(cycle: Cycle, period: Period, *, by: User | None, opened: Opened | None = None) -> Cycle:
    """Give the cycle another name or other days. Raises as ``create`` does, and ``EditConflict``.

    The pages of all weeks from the earlier of its two beginnings on are stale after that.
    """
    _locked(cycle.team)
    cycle = Cycle.objects.select_related("team").get(pk=cycle.pk)
    before, starts_on = _dates(cycle), cycle.starts_on
    period = Period(**merge(before, asdict(period), opened))
    if period.ends_on < period.starts_on:
        raise EditConflict(changed_by_others(before, opened))
    _require_free(cycle.team, period, cycle)
    cycle.name, cycle.starts_on, cycle.ends_on = period.name, period.starts_on, period.ends_on
    if before == _dates(cycle):
        return cycle
    cycle.save()
    audit.note(cycle.team, "cycle.change", cycle, by=by, before=before, after=_dates(cycle))
    announce_since(cycle.team, min(starts_on, cycle.starts_on))
    return cycle


@transaction.atomic
def delete(cycle: Cycle, *, by: User | None) -> None:
    """Take back a cycle that was made by mistake. Raises ``CycleInUse`` when it has objectives."""
    team = _locked(cycle.team)
    if Objective.objects.filter(cycle=cycle).exists():
        raise CycleInUse(cycle.name)
    audit.note(team, "cycle.delete", cycle, by=by, before=_dates(cycle))
    Cycle.objects.filter(pk=cycle.pk).delete()


def announce_since(team: Team, day: date) -> None:
    """Facts changed that every page shows from the day's week on: say so of the weeks known.

    A week of which nothing is known yet is made up by nobody, and no page of it is stale.
    """
    known_weeks = WeekFacts.objects.filter(team=team, week__gte=weeks.monday_of(day)).order_by(
        "week"
    )
    first = known_weeks.values_list("week", flat=True).first()
    this_week = team.this_week()
    if weeks.monday_of(day) <= this_week:
        facts.announce(team, [min(first, this_week) if first else this_week])
    elif first:
        facts.announce(team, [first])


def _locked(team: Team) -> Team:
    """Two cycles are not made at the same time: the second sees the first."""
    return Team.objects.locked().get(pk=team.pk)


def _require_free(team: Team, period: Period, own: Cycle | None) -> None:
    others = team.cycles.exclude(pk=own.pk) if own else team.cycles.all()
    held = others.filter(starts_on__lte=period.ends_on, ends_on__gte=period.starts_on)
    if (other := held.order_by("starts_on").first()) is not None:
        raise CycleOverlaps(other)
    if names.namesake(others, period.name) is not None:
        raise CycleNameTaken(period.name)


def _dates(cycle: Cycle) -> dict[str, Any]:
    return {"name": cycle.name, "starts_on": cycle.starts_on, "ends_on": cycle.ends_on}
