"""Contradictions between words, numbers and dates of one project's entry. Pure.

These rules live only here: a weekly page prints the contradictions (``reports.weekly.findings``),
a check-in shows them before it is saved. Nothing is corrected. A contradiction is a code and the
figures of its sentence; the sentences stand in ``projects.text.wording``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from projects.checkin.reading.claims import WHOLE, Claims
from projects.prose import StateKind
from projects.text import names
from projects.text.numbers import plain

_HUNDRED: Final = Decimal(100)
# A lead's own estimate and the mean of the milestones are never quite the same.
_TOLERANCE: Final = Decimal(5)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``params`` fill the sentence that ``code`` stands for."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportedMilestone:
    """A milestone as the entry's fields have it."""

    name: str
    percent: Decimal | None
    due_on: date | None
    due_precision: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One project's entry of a week, in words and in fields.

    ``percent`` is the one that is printed; ``reported`` is the lead's own and ``weighted`` the
    mean of the milestones, ``None`` where there is none. ``day`` decides what is past due.
    """

    text: str
    week: date
    day: date
    project_names: tuple[str, ...]
    health: str  # "" where an old page did not say it
    percent: Decimal | None
    reported: Decimal | None
    weighted: Decimal | None
    milestones: tuple[ReportedMilestone, ...] = ()


def printed(statement: Statement) -> tuple[Contradiction, ...]:
    """What a weekly page prints below the entry."""
    return _contradictions(statement, _ON_THE_PAGE)


def before_saving(statement: Statement) -> tuple[Contradiction, ...]:
    """The same, and what a lead should see while the form is still open."""
    return _contradictions(statement, (*_ON_THE_PAGE, _done_below_100, _finished))


@dataclass(frozen=True, slots=True)
class _Examination:
    """A statement under examination, with what its text claims."""

    statement: Statement
    claims: Claims


type _Check = Callable[[_Examination], Iterator[Contradiction]]


def _contradictions(statement: Statement, checks: Iterable[_Check]) -> tuple[Contradiction, ...]:
    claims = Claims.of(statement.text, statement.week, statement.day, statement.project_names)
    case = _Examination(statement, claims)
    return tuple(contradiction for check in checks for contradiction in check(case))


def _open_at_100(case: _Examination) -> Iterator[Contradiction]:
    """The project says 100%, a milestone of it does not."""
    if case.statement.percent != _HUNDRED:
        return
    for milestone in case.statement.milestones:
        if milestone.is_open:
            percent = "" if milestone.percent is None else plain(milestone.percent)
            figures = {"milestone": milestone.name, "percent": percent}
            yield Contradiction("open_milestone", figures)


def _launched(case: _Examination) -> Iterator[Contradiction]:
    """The text says that the project itself is live, the percent says that it is not done."""
    yield from _claimed_below_100(case, StateKind.LAUNCHED, "launched_below_100")


def _finished(case: _Examination) -> Iterator[Contradiction]:
    """The text says that the project itself is done (已完成), the percent says that it is not."""
    yield from _claimed_below_100(case, StateKind.DONE, "finished_below_100")


def _claimed_below_100(case: _Examination, kind: StateKind, code: str) -> Iterator[Contradiction]:
    percent = case.statement.percent
    if percent is None or percent >= _HUNDRED:
        return
    if (state := next(case.claims.of_project(kind), None)) is not None:
        yield Contradiction(code, {"words": state.text, "percent": plain(percent)})


def _past_due(case: _Examination) -> Iterator[Contradiction]:
    """An open milestone's date has passed and the project is still called on track."""
    statement = case.statement
    if statement.health != "on_track" or statement.percent == _HUNDRED:
        return
    late = [
        (m.due_on, m)
        for m in statement.milestones
        if m.is_open and m.due_on is not None and m.due_on < statement.day
    ]
    late = [(due, m) for due, m in late if not case.claims.says_done(m.name)]
    due, first = min(late, key=lambda pair: pair[0], default=(date.max, None))
    if first is None:
        return
    figures = {
        "milestone": first.name,
        "due": due.isoformat(),
        "precision": first.due_precision,
        "days": str((statement.day - due).days),
    }
    yield Contradiction("past_due_on_track", figures)


def _differs(case: _Examination) -> Iterator[Contradiction]:
    """The words say another percent than the field: of the project, or of one of its milestones."""
    statement = case.statement
    whole = {percent.value for percent in case.claims.percents_of_project}
    if len(whole) == 1 and statement.percent is not None and statement.percent not in whole:
        figures = {"text": plain(*whole), "field": plain(statement.percent)}
        yield Contradiction("text_differs", {"milestone": "", **figures})
    fields = {names.key(m.name): m for m in statement.milestones if m.percent is not None}
    for percent in case.claims.percents:
        named = names.key(percent.subject + percent.label), names.key(percent.subject)
        milestone = next((fields[name] for name in named if name in fields), None)
        if milestone and milestone.percent not in (None, percent.value):
            figures = {"text": plain(percent.value), "field": plain(milestone.percent)}
            yield Contradiction("text_differs", {"milestone": milestone.name, **figures})


def _far_from_milestones(case: _Examination) -> Iterator[Contradiction]:
    """The lead's percent and the mean of the milestones are far apart."""
    reported, weighted = case.statement.reported, case.statement.weighted
    if reported is not None and weighted is not None and abs(reported - weighted) > _TOLERANCE:
        figures = {"reported": plain(reported), "weighted": plain(weighted)}
        yield Contradiction("milestones_differ", figures)


def _stated_twice(case: _Examination) -> Iterator[Contradiction]:
    """The same thing has two percents in this week's words."""
    values: dict[str, list[Decimal]] = {
        "": [percent.value for percent in case.claims.percents_of_project]
    }
    for percent in case.claims.percents:
        thing = percent.subject + percent.label
        if thing.lower() not in WHOLE:
            values.setdefault(thing, []).append(percent.value)
    for thing, (first, *others) in ((t, v) for t, v in values.items() if v):
        second = next((value for value in others if value != first), None)
        if second is not None:
            figures = {"thing": thing, "first": plain(first), "second": plain(second)}
            yield Contradiction("said_twice", figures)


def _done_below_100(case: _Examination) -> Iterator[Contradiction]:
    """The project is called done, the percent says that it is not."""
    percent = case.statement.percent
    if case.statement.health == "done" and percent is not None and percent < _HUNDRED:
        yield Contradiction("done_below_100", {"percent": plain(percent)})


_ON_THE_PAGE: Final[tuple[_Check, ...]] = (
    _open_at_100,
    _launched,
    _past_due,
    _differs,
    _far_from_milestones,
    _stated_twice,
)
