"""A project's history from what pages say: milestones, percents by week, moved due dates. Pure.

Old pages do not name milestones; they say 下单页预计6月25日上线 one week and 7月2日 the next. What
a number or a date belongs to (its part, else its label) names the milestone; milestones of two
weeks whose names are alike are one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from projects.prose import DateKind
from projects.text.names import key
from projects.text.numbers import mean_share
from reports.importer.page import DateRead, ProgressRead, ProjectMention

_OVERALL: Final = re.compile(
    r"(?:整体|总体|项目|全部|总|综合|当前|目前|已)*(?:进度|进展|完成度|完成率|完成|"
    r"达到)?(?:达到?|为|约)?"
    r"|overall|progress|complete|completed|done|total",
    re.IGNORECASE,
)
_PROGRESS_WORD: Final = re.compile(r"(?:工作)?(?:进度|进展|完成度|完成率|完成|达到|已)+$")
_PLAIN_END: Final = re.compile(
    r"(?:正式)?(?:上线|完成|发布|投产|launch|done|complete|release)*", re.IGNORECASE
)
_FULL: Final = Decimal(100)
_MAX_NAME: Final = 120
_MIN_ALIKE: Final = 4
_YEAR: Final = re.compile(r" \(\d{4}(?:\.\d+)?\)\Z")


def with_year(name: str, week: date, number: int = 1) -> str:
    """The name of a milestone of history beside others that are called the same."""
    year = f" ({week.year})" if number == 1 else f" ({week.year}.{number})"
    return name[: _MAX_NAME - len(year)] + year


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One row for the ledger. Exactly one of the two fields changes."""

    week: date
    old_percent: Decimal | None = None
    new_percent: Decimal | None = None
    old_due_on: date | None = None
    new_due_on: date | None = None
    precision: str = "day"


@dataclass(slots=True)
class MilestoneHistory:
    """A milestone: percents and due dates by week. ``id`` is set where the database has it."""

    name: str
    id: int | None = None
    is_history: bool = False  # left behind at the team's start, where the database has it
    is_left: bool = False  # does not go on; of one that the plan makes
    percents: dict[date, Decimal] = field(default_factory=dict)
    dues: dict[date, tuple[date, str]] = field(default_factory=dict)
    before: dict[date, date] = field(default_factory=dict)  # the due date that a page replaces
    known_percents: dict[date, Decimal] = field(default_factory=dict)
    known_dues: dict[date, tuple[date, str]] = field(default_factory=dict)

    @property
    def last_week(self) -> date | None:
        """The last week in which these pages speak of it."""
        return max([*self.percents, *self.dues], default=None)

    def takes(self, week: date, starts_on: date, *, is_running: bool) -> bool:
        """Whether what a page of that week says can be of this milestone.

        One that began since the team's start is not what a page of history speaks of. Where people
        report here already, such a page does not change how any other one stands, either.
        """
        if self.id is None or self.is_history or week >= starts_on:
            return True
        known_weeks = [*self.known_percents, *self.known_dues]
        if not any(day < starts_on for day in known_weeks):
            return False
        newest = [max(values) for values in (self.known_percents, self.known_dues) if values]
        return not is_running or (len(newest) == 2 and week < min(newest))

    @property
    def key(self) -> str:
        """The name as names are compared, without the year that told it from another."""
        return key(_YEAR.sub("", self.name) if self.is_history else self.name)

    def changes(self) -> list[LedgerChange]:
        """The ledger rows to add: where a value differs from the one before."""
        rows = []
        percents = {**self.percents, **self.known_percents}
        last: Decimal | None = None
        for week in sorted(percents):
            if percents[week] != last and week not in self.known_percents:
                rows.append(LedgerChange(week, old_percent=last, new_percent=percents[week]))
            last = percents[week]
        dues = {**self.dues, **self.known_dues}
        due: date | None = None
        for week in sorted(dues):
            day, precision = dues[week]
            if due is None:
                due = self.before.get(week)
            if day != due and week not in self.known_dues:
                rows.append(LedgerChange(week, old_due_on=due, new_due_on=day, precision=precision))
            due = day
        return sorted(rows, key=lambda change: change.week)

    @property
    def percent(self) -> Decimal | None:
        """The latest percent."""
        percents = {**self.percents, **self.known_percents}
        return percents[max(percents)] if percents else None

    @property
    def due(self) -> tuple[date, str] | None:
        """The latest due date and its precision."""
        dues = {**self.dues, **self.known_dues}
        return dues[max(dues)] if dues else None

    def percent_at(self, week: date) -> Decimal | None:
        """The percent that held at the end of that week."""
        percents = {**self.percents, **self.known_percents}
        weeks = [week_of_percent for week_of_percent in percents if week_of_percent <= week]
        return percents[max(weeks)] if weeks else None


@dataclass(slots=True)
class ProjectHistory:
    """A project's milestones, recognised from week to week by their names."""

    milestones: list[MilestoneHistory] = field(default_factory=list)
    starts_on: date = date.min  # the team's
    is_running: bool = False
    overall: Decimal | None = None  # of the whole, as the last page told it
    speaking: list[MilestoneHistory] = field(default_factory=list)  # that a page printed as it

    def add(self, mention: ProjectMention, week: date) -> tuple[Decimal | None, Decimal | None]:
        """Takes in what a page reports of the project in a week.

        Returns the percent to print for the week (the whole project's where it was said, else that
        of its milestones), and the mean of the milestones; ``None`` where nothing was said.
        """
        overall: Decimal | None = None
        parts: list[MilestoneHistory] = []
        names = _names_of_progress(mention.progress)
        for progress, name in zip(mention.progress, names, strict=True):
            if is_overall(progress):
                overall = progress.percent
            else:
                milestone = self._milestone(name, week)
                milestone.percents[week] = progress.percent
                parts.append(milestone)
        for dated in mention.dates:
            name = milestone_of_date(dated)
            if dated.kind == DateKind.DUE:
                milestone = self._milestone(name, week)
                milestone.dues[week] = (dated.date, dated.precision.value)
                if dated.before is not None:
                    milestone.before[week] = dated.before
            elif dated.kind == DateKind.DONE and (finished := self._find(name, week)):
                finished.percents[week] = _FULL
        if overall == _FULL:
            self._finish_promised(mention, week)
        weighted = self._mean(week) if parts and self._speak(parts, week, overall) else None
        self.overall = overall if overall is not None else self.overall
        return (overall if overall is not None else weighted), weighted

    def _speak(self, parts: list[MilestoneHistory], week: date, overall: Decimal | None) -> bool:
        """Whether what a page tells of these parts says how far the project is.

        Another rate says nothing of a whole that was told before: 98 % did not fall to 44 %. Parts
        that stood for the project before somebody told the whole once go on doing so, upwards and
        until another part joins them.
        """
        if overall is None and self.overall is not None:
            mean = self._mean(week)
            with_percent = [part for part in self.milestones if part.percent_at(week) is not None]
            is_rising = mean is not None and mean >= self.overall
            return is_rising and all(part in self.speaking for part in with_percent)
        if overall is None:
            self.speaking += [part for part in parts if part not in self.speaking]
        return True

    def _finish_promised(self, mention: ProjectMention, week: date) -> None:
        """What a project that is done as a whole had promised is done, too."""
        for dated in mention.dates:
            if dated.kind == DateKind.DUE and (
                milestone := self._find(milestone_of_date(dated), week)
            ):
                milestone.percents[week] = _FULL

    def _mean(self, week: date) -> Decimal | None:
        return mean_share(milestone.percent_at(week) for milestone in self.milestones)

    def _milestone(self, name: str, week: date) -> MilestoneHistory:
        milestone = self._find(name, week)
        if milestone is None:
            milestone = MilestoneHistory(name)
            self.milestones.append(milestone)
        return milestone

    def _find(self, name: str, week: date) -> MilestoneHistory | None:
        """The milestone of that name, else the only one whose name holds it or stands in it."""
        wanted = key(name)
        milestones = [
            milestone
            for milestone in self.milestones
            if milestone.takes(week, self.starts_on, is_running=self.is_running)
        ]
        for milestone in milestones:
            if milestone.key == wanted or milestone.name == name:
                return milestone
        alike = [m for m in milestones if _alike(m.key, wanted)]
        return alike[0] if len(alike) == 1 else None


def _alike(name: str, other: str) -> bool:
    short, long = sorted((name, other), key=len)
    return len(short) >= _MIN_ALIKE and short in long


def is_overall(progress: ProgressRead) -> bool:
    """Whether the percent is of the whole project."""
    return not progress.part and _OVERALL.fullmatch(progress.label.strip()) is not None


def _names_of_progress(every: Sequence[ProgressRead]) -> list[str]:
    """The milestones' names, with the step where one part has several (设计 80%，测试 30%)."""
    names = [milestone_of_progress(progress) for progress in every]
    return [
        f"{name}{step}"[:_MAX_NAME] if progress.part and step and names.count(name) > 1 else name
        for progress, name in zip(every, names, strict=True)
        for step in [_PROGRESS_WORD.sub("", progress.label.strip())]
    ]


def milestone_of_progress(progress: ProgressRead) -> str:
    label = _PROGRESS_WORD.sub("", progress.label.strip())
    return (progress.part or label or progress.label or "整体")[:_MAX_NAME]


def milestone_of_date(mention: DateRead) -> str:
    """PC端 for PC端7月初上线; 小程序人脸对接提测 where what happens then is not the end itself."""
    label = mention.label.strip()
    if not mention.part:
        return (label or "上线")[:_MAX_NAME]
    if _PLAIN_END.fullmatch(label) or mention.part.endswith(label):
        return mention.part[:_MAX_NAME]
    space = " " if mention.part[-1:].isascii() and label.isascii() else ""
    return f"{mention.part}{space}{label}"[:_MAX_NAME]
