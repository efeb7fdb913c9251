"""What is true of the team, kept as simply as can be: who saved what, when, for which week.

Nothing of the product is used here. Weeks are their Mondays, moments are in Shanghai, people and
projects go by their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tests.quarter.quarters import DAY, SEVEN_DAYS, SHANGHAI, Quarter, week_of


@dataclass
class Person:
    name: str
    role: str
    has_address: bool = True
    is_active: bool = True
    gets_digest: bool = True

    @property
    def address(self) -> str:
        return f"{self.name.lower()}@example.com" if self.has_address else ""


@dataclass(frozen=True)
class Absence:
    person: str
    deputy: str
    first: date
    last: date


@dataclass(frozen=True)
class Said[T]:
    """What was said of a step in a week, and why."""

    week: date
    value: T
    reason: str = ""


@dataclass
class Step:
    """A milestone."""

    name: str
    dates: list[Said[date]] = field(default_factory=list)
    percents: list[Said[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Saved:
    """An entry. ``percent`` is the lead's own, else the mean of the steps."""

    words: str
    health: str
    percent: Decimal | None
    at: datetime
    reason: str = ""


@dataclass
class Ending:
    on: date
    reason: str
    until: date | None = None  # the day on which the project was taken up again


@dataclass
class Work:
    """A project."""

    name: str
    began: date
    led: list[tuple[date, str]]  # since which day by whom
    saved: dict[date, Saved] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)
    before_last_save: Work | None = None
    overwritten: list[Saved] = field(default_factory=list)  # entries that were saved anew or undone

    def lead_on(self, day: date) -> str:
        return [name for since, name in self.led if since <= day or since == self.led[0][0]][-1]

    def save(self, week: date, saved: Saved) -> None:
        if week in self.saved:
            self.overwritten.append(self.saved[week])
        self.saved[week] = saved

    def remember(self) -> None:
        """Keep how it stands, for ``undo``."""
        self.before_last_save = None
        self.before_last_save = deepcopy(self)

    def undo(self, week: date) -> None:
        before = self.before_last_save
        assert before is not None
        self.overwritten.append(self.saved[week])
        self.saved, self.steps, self.before_last_save = before.saved, before.steps, None

    def closed_on(self, day: date) -> Ending | None:
        """How it was over on that day, as known today."""
        for ending in self.endings:
            if ending.on <= day and (ending.until is None or ending.until > day):
                return ending
        return None

    def last_saved(self, before: date) -> tuple[date, Saved] | None:
        weeks = [week for week in self.saved if week < before]
        return (max(weeks), self.saved[max(weeks)]) if weeks else None

    def last_told(self, before: date) -> tuple[date, Decimal] | None:
        percents = [
            (w, s.percent) for w, s in self.saved.items() if w < before and s.percent is not None
        ]
        return max(percents) if percents else None

    def mean(self, week: date) -> Decimal | None:
        """Of the steps, as they stood at the end of that week."""
        percents = [
            statements for step in self.steps.values() if (statements := up_to(step.percents, week))
        ]
        if not percents:
            return None
        mean = Decimal(sum(statements[-1].value for statements in percents)) / len(percents)
        return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def up_to[T](statements: list[Said[T]], week: date) -> list[Said[T]]:
    return [statement for statement in statements if statement.week <= week]


@dataclass(frozen=True)
class Moved:
    step: str
    old: date
    new: date
    number: int
    reason: str


@dataclass(frozen=True)
class Line:
    """All that a week's page says of one project."""

    project: str
    lead: str
    words: str  # of this week, or else the latest ones
    is_updated: bool
    is_owed: bool
    health: str
    percent: Decimal | None
    is_carried: bool
    change: Decimal | None
    weeks_silent: int
    due_on: date | None
    slips: int
    slip_days: int
    moves: tuple[Moved, ...]
    steps: tuple[tuple[str, int | None, date | None], ...]
    closed_on: date | None
    close_reason: str
    reason: str  # of a percent that fell
    is_late: bool


@dataclass
class Truth:
    quarter: Quarter
    now: datetime
    numbering: str = "iso"
    publishes_itself: bool = True
    merges_idle: bool = False
    people: dict[str, Person] = field(default_factory=dict)
    works: dict[str, Work] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    cycles: list[tuple[str, date, date]] = field(default_factory=list)
    left_out: dict[date, str] = field(default_factory=dict)
    talk: set[tuple[date, str]] = field(default_factory=set)  # weeks and projects with questions

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    @property
    def week(self) -> date:
        return week_of(self.now)

    # --- who ------------------------------------------------------------------------------------

    def acting_for(self, name: str) -> str:
        """Who does that person's work today."""
        passed = {name}
        while True:
            deputies = [
                away.deputy
                for away in self.absences
                if away.person == name
                and away.first <= self.today <= away.last
                and self.people[away.deputy].is_active
            ]
            if not deputies or deputies[0] in passed:
                return name
            name = deputies[0]
            passed.add(name)

    def managers(self) -> set[str]:
        """Who does the managers' work today and has an address."""
        acting = {self.acting_for(p.name) for p in self.people.values() if p.role == "manager"}
        return {name for name in acting if self.is_reachable(name)}

    def is_reachable(self, name: str) -> bool:
        return self.people[name].is_active and self.people[name].has_address

    def readers(self) -> list[str]:
        """The addresses that a digest goes to at this moment."""
        people = self.people.values()
        return sorted(p.address for p in people if p.is_active and p.has_address and p.gets_digest)

    # --- what a week's page says ----------------------------------------------------------------

    def cycle_of(self, week: date) -> str | None:
        """The cycle that holds the Monday, else the first that begins in the week, else the last
        one before it.
        """
        days = [week + n * DAY for n in range(7)]
        names = [name for day in days for name, begin, end in self.cycles if begin <= day <= end]
        over = sorted((end, name) for name, _, end in self.cycles if end < week)
        return names[0] if names else over[-1][1] if over else None

    def lines(self, week: date) -> dict[str, Line]:
        """By project, in no order, those that are on the page."""
        lines = (self.line(work, week) for work in self.works.values())
        return {line.project: line for line in lines if line is not None}

    def owing(self, week: date) -> set[str]:
        return {name for name, line in self.lines(week).items() if line.is_owed}

    def line(self, work: Work, week: date) -> Line | None:
        sunday, last = week + 6 * DAY, work.last_saved(week)
        saved, ending = work.saved.get(week), work.closed_on(week + 6 * DAY)
        is_closed_now = ending is not None and ending.on >= week
        last_health = last[1].health if last else ""
        is_open = work.began <= sunday and ending is None
        if saved is None and not is_closed_now and (not is_open or last_health == "done"):
            return None
        latest_saved = saved or (last[1] if last else None)
        last_percent = work.last_told(week)
        own = saved.percent if saved else None
        percent = own if own is not None else (last_percent[1] if last_percent else None)
        latest = week if saved else (last[0] if last else None)
        due = _due(work, week)
        cutoff = self.quarter.cutoff(week)
        fell = own is not None and last_percent is not None and own < last_percent[1]
        return Line(
            project=work.name,
            lead=work.lead_on(min(sunday, self.today)),
            words=latest_saved.words if latest_saved else "",
            is_updated=saved is not None,
            is_owed=saved is None and is_open and last_health != "paused",
            health=latest_saved.health if latest_saved else "",
            percent=percent,
            # Of a silent project, where its latest entry told none.
            is_carried=own is None and last_percent is not None and last_percent[0] != latest,
            change=own - last_percent[1] if own is not None and last_percent is not None else None,
            weeks_silent=0 if saved or last is None else (week - last[0]) // SEVEN_DAYS,
            due_on=due[0],
            slips=due[1],
            slip_days=due[2],
            moves=tuple(_moves_of(work, week)),
            steps=_steps_of(work, week),
            closed_on=ending.on if ending and is_closed_now else None,
            close_reason=ending.reason if ending and is_closed_now else "",
            reason=saved.reason if saved and fell else "",
            is_late=saved is not None and cutoff is not None and saved.at > cutoff,
        )

    def counts(self, week: date) -> tuple[int, int]:
        """How many are updated, of how many that are wanted."""
        lines = self.lines(week).values()
        updated = sum(line.is_updated for line in lines)
        return updated, updated + sum(line.is_owed for line in lines)


def seen(lines: dict[str, Line]) -> dict[str, Line]:
    """What makes another page of it: not that something came late."""
    return {name: replace(line, is_late=False) for name, line in lines.items()}


def changed(old: dict[str, Line], new: dict[str, Line]) -> set[str]:
    """The projects of which a reader sees something else."""
    old, new = seen(old), seen(new)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _last[T](statements: list[Said[T]], week: date) -> T | None:
    until_then = up_to(statements, week)
    return until_then[-1].value if until_then else None


def _due(work: Work, week: date) -> tuple[date | None, int, int]:
    """The date of the step that decides, how often it moved later, and days from the first one."""
    steps = list(work.steps.values())
    still_open = [step for step in steps if _last(step.percents, week) != 100]
    candidates = [step for step in still_open or steps if up_to(step.dates, week)]
    if not candidates:
        return None, 0, 0
    latest = max(_last(step.dates, week) or date.min for step in candidates)
    step = next(step for step in candidates if _last(step.dates, week) == latest)
    dates = [word.value for word in up_to(step.dates, week)]
    later = sum(new > old for old, new in pairwise(dates))
    days = max((dates[-1] - dates[0]).days, 0) if later else 0
    return latest, later, days


def _steps_of(work: Work, week: date) -> tuple[tuple[str, int | None, date | None], ...]:
    steps = ((s.name, _last(s.percents, week), _last(s.dates, week)) for s in work.steps.values())
    return tuple(step for step in steps if step[1:] != (None, None))


def _moves_of(work: Work, week: date) -> Iterator[Moved]:
    """The moves of that week."""
    for step in work.steps.values():
        dates = up_to(step.dates, week)
        for number, (old, new) in enumerate(pairwise(dates), 1):
            if new.week == week:
                yield Moved(step.name, old.value, new.value, number, new.reason)
