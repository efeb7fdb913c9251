"""How an objective stood week by week, and in the cycles before and after it. Pure.

``percents`` gives the percent that a week's dashboard shows for the objective. It reads the entries
alone, because compiling the documents of half a year would take too long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.standing import Duty, duty_in, is_closed_in
from reports.weekly.comparison import mean


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a project's entry of a week says, and when the project began and was closed."""

    project: int
    week: date
    percent: Decimal | None  # that it tells of its week
    health: str
    objective: int | None
    started_on: date | None = None
    closed_on: date | None = None

    def is_on_page(self, week: date) -> bool:
        """Whether that week's page shows the project, when this is its latest entry up to then."""
        duty = duty_in(
            week,
            this_week=week,
            started_on=self.started_on,
            closed_on=self.closed_on,
            has_entry=self.week == week,
            last_health=self.health,
        )
        if duty is Duty.CLOSED:
            return self.health == Duty.DONE or is_closed_in(self.closed_on, week)
        return duty is not Duty.NOT_BEGUN


@dataclass(frozen=True, slots=True)
class CycleObjective:
    """An objective among those of its team."""

    id: int
    code: str
    cycle: int
    carried_from: int | None = None


def percents(
    objective: int, entries: Iterable[EntryFacts], weeks: Iterable[date]
) -> list[tuple[date, Decimal]]:
    """The objective's percent in each of the weeks, those left out in which it had none.

    The mean over the projects that stand under it in that week: those with an entry, those that
    owe one (by what was last known), and those that were done before. ``told`` are all entries of
    all projects that were ever told under it.
    """
    courses = [_Course(entries) for entries in _by_project(entries).values()]
    by_week = []
    for week in weeks:
        stood = mean(percent for course in courses for percent in course.at(objective, week))
        if stood is not None:
            by_week.append((week, stood))
    return by_week


def lineage(objective: int, places: Sequence[CycleObjective]) -> dict[int, bool]:
    """The objectives that are this one in its own and in other cycles: was it carried over?

    Those before and after it in the chain of what was carried over; in cycles without any of
    them, the objective of the same code.
    """
    by_id = {place.id: place for place in places}
    chain = {objective, *_origins(objective, by_id), *_successors(objective, places)}
    cycles = {by_id[member].cycle for member in chain}
    code = by_id[objective].code
    same = {place.id for place in places if place.code == code and place.cycle not in cycles}
    return {**dict.fromkeys(chain, True), **dict.fromkeys(same, False)}


def _origins(objective: int, by_id: dict[int, CycleObjective]) -> Iterator[int]:
    seen = {objective}
    origin = by_id[objective].carried_from
    while origin in by_id and origin not in seen:
        seen.add(origin)
        yield origin
        origin = by_id[origin].carried_from


def _successors(objective: int, places: Sequence[CycleObjective]) -> set[int]:
    """All that were carried over from it, at whatever remove."""
    successors: set[int] = set()
    waiting = {objective}
    while waiting:
        waiting = {p.id for p in places if p.carried_from in waiting} - successors - {objective}
        successors |= waiting
    return successors


class _Course:
    """One project's entries in the order of their weeks."""

    def __init__(self, entries: Sequence[EntryFacts]) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.week)
        self.weeks = [entry.week for entry in self.entries]

    def at(self, objective: int, week: date) -> Iterator[Decimal | None]:
        """Its percent, if it stood under the objective in that week; else nothing."""
        place = bisect_right(self.weeks, week)
        last = self.entries[place - 1] if place else None
        if last is None or last.objective != objective:
            return
        if last.is_on_page(week):
            percents = (entry.percent for entry in reversed(self.entries[:place]))
            yield next((percent for percent in percents if percent is not None), None)


def _by_project(entries: Iterable[EntryFacts]) -> dict[int, list[EntryFacts]]:
    by_project = defaultdict(list)
    for entry in entries:
        by_project[entry.project].append(entry)
    return by_project
