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
from functools import lru_cache
from typing import Final

from projects import prose
from projects.checkin.reading import claims
from projects.prose import DateKind, Mentions, Percent, State, StateKind
from projects.text import names
from projects.text.numbers import plain

_HUNDRED: Final = Decimal(100)
# A lead's own estimate and the mean of the milestones are never quite the same.
_TOLERANCE: Final = Decimal(5)
# Labels of a percentage of the whole project; any other label belongs to a part of it.
_WHOLE: Final = frozenset(
    {"", "进度", "进展", "整体", "总体", "完成", "完成度", "progress", "complete", "overall"}
    | {"overall progress", "project progress", "overall completion", "total progress"}
) | frozenset(f"{a}{b}" for a in ("整体", "总体", "项目", "总") for b in ("进度", "进展", "完成度"))


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


# A page is compiled after each save, and each save changes only one text.
@lru_cache(maxsize=4096)
def read(text: str, week: date, project_names: tuple[str, ...] = ()) -> Mentions:
    """``prose.read``, remembered."""
    return prose.read(text, week=week, names=project_names)


@dataclass(frozen=True, slots=True)
class _Examination:
    """A statement under examination, with the mentions in its text."""

    statement: Statement
    mentions: Mentions
    own_names: frozenset[str]  # folded

    def is_of_project(self, mention: Percent | State) -> bool:
        """Whether a mention is of the project itself: nothing narrower is named or stands above.

        An indented line speaks of the line that it is indented under.
        """
        text = self.statement.text
        is_bare = isinstance(mention, State) and claims.is_bare(text, mention, self.own_names)
        if not is_bare and not claims.is_itself(mention.subject, self.own_names):
            return False
        line = text[text.rfind("\n", 0, mention.start) + 1 :]
        return not line[:1].isspace()

    @property
    def percents(self) -> list[Percent]:
        """Those that surely are the progress of what they are said of."""
        text = self.statement.text
        return [p for p in self.mentions.percents if claims.is_certain_percent(text, p)]

    @property
    def of_whole(self) -> list[Percent]:
        """The percents that the words give to the project itself."""
        return [
            percent
            for percent in self.percents
            if percent.label.lower() in _WHOLE and self.is_of_project(percent)
        ]

    def says_done(self, milestone: str) -> bool:
        """Whether the words call the milestone done, or name the day on which it was."""
        done = [d.subject for d in self.mentions.dates if d.kind is DateKind.DONE]
        for state in self.mentions.states:
            is_done = state.kind in (StateKind.DONE, StateKind.LAUNCHED) and not state.is_future
            if is_done and self.is_certain(state):
                done.append(state.subject)
        return names.key(milestone) in map(names.key, done)

    def is_certain(self, state: State) -> bool:
        """Whether the words say so of all of it, and of now."""
        text, week, day = self.statement.text, self.statement.week, self.statement.day
        return claims.is_certain_state(text, state) and not claims.is_to_come(
            text, state, week, day
        )


type _Check = Callable[[_Examination], Iterator[Contradiction]]


def _contradictions(statement: Statement, checks: Iterable[_Check]) -> tuple[Contradiction, ...]:
    own_names = frozenset(key for name in statement.project_names for key in names.keys(name))
    case = _Examination(
        statement, read(statement.text, statement.week, statement.project_names), own_names
    )
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
    for state in case.mentions.states:
        is_claim = state.kind is kind and not state.is_future and case.is_of_project(state)
        if is_claim and case.is_certain(state):
            yield Contradiction(code, {"words": state.text, "percent": plain(percent)})
            return


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
    late = [(due, m) for due, m in late if not case.says_done(m.name)]
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
    whole = {percent.value for percent in case.of_whole}
    if len(whole) == 1 and statement.percent is not None and statement.percent not in whole:
        figures = {"text": plain(*whole), "field": plain(statement.percent)}
        yield Contradiction("text_differs", {"milestone": "", **figures})
    fields = {names.key(m.name): m for m in statement.milestones if m.percent is not None}
    for percent in case.percents:
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
    values: dict[str, list[Decimal]] = {"": [percent.value for percent in case.of_whole]}
    for percent in case.percents:
        thing = percent.subject + percent.label
        if thing.lower() not in _WHOLE:
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
