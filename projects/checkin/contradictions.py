"""What contradicts itself in one project's entry: its words, its numbers, its dates. Pure.

The one home of these rules: a weekly page prints what they find (``reports.weekly.findings``), and
a check-in says it before it is saved. They flag, they never correct. What they find is a code and
the figures of its sentence; the sentences stand in ``projects.wording``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from projects import names, prose
from projects.numbers import plain
from projects.prose import Mentions, Percent, State, StateKind

_HUNDRED: Final = Decimal(100)
# A lead's own estimate and the mean of the milestones are never quite the same.
_TOLERANCE: Final = Decimal(5)
# What a percentage of the whole project is called; any other label is of a part of it.
_WHOLE: Final = frozenset(
    {"", "进度", "进展", "整体", "总体", "完成", "完成度", "progress", "complete", "overall"}
) | frozenset(f"{a}{b}" for a in ("整体", "总体", "项目", "总") for b in ("进度", "进展", "完成度"))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``params`` fill the sentence that ``code`` stands for."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MilestoneTold:
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
    milestones: tuple[MilestoneTold, ...] = ()


def printed(statement: Statement) -> tuple[Contradiction, ...]:
    """What a weekly page prints below the entry."""
    return _found(statement, _ON_THE_PAGE)


def before_saving(statement: Statement) -> tuple[Contradiction, ...]:
    """The same, and what a lead had better know while the form is still open."""
    return _found(statement, (*_ON_THE_PAGE, _done_below_100, _finished))


# A page is compiled after each save, and each save changes one text of many.
@lru_cache(maxsize=4096)
def read(text: str, week: date) -> Mentions:
    """``prose.read``, remembered."""
    return prose.read(text, week=week)


@dataclass(frozen=True, slots=True)
class _Case:
    """A statement under examination, with what its words say."""

    told: Statement
    said: Mentions
    own_names: frozenset[str]  # folded

    def is_of_project(self, mention: Percent | State) -> bool:
        """Whether a mention is of the project itself: no narrower thing is named or stands above.

        An indented line speaks of the line that it is indented under.
        """
        if mention.subject and names.key(mention.subject) not in self.own_names:
            return False
        text = self.told.text
        line = text[text.rfind("\n", 0, mention.start) + 1 :]
        return not line[:1].isspace()

    @property
    def of_whole(self) -> list[Percent]:
        """The percents that the words give to the project itself."""
        return [
            said
            for said in self.said.percents
            if said.label.lower() in _WHOLE and self.is_of_project(said)
        ]


type _Check = Callable[[_Case], Iterator[Contradiction]]


def _found(told: Statement, checks: Iterable[_Check]) -> tuple[Contradiction, ...]:
    own_names = frozenset(key for name in told.project_names for key in names.keys(name))
    case = _Case(told, read(told.text, told.week), own_names)
    return tuple(found for check in checks for found in check(case))


def _open_at_100(case: _Case) -> Iterator[Contradiction]:
    """The project says 100%, a milestone of it does not."""
    if case.told.percent != _HUNDRED:
        return
    for milestone in case.told.milestones:
        if milestone.is_open:
            percent = "" if milestone.percent is None else plain(milestone.percent)
            figures = {"milestone": milestone.name, "percent": percent}
            yield Contradiction("open_milestone", figures)


def _launched(case: _Case) -> Iterator[Contradiction]:
    """The text says that the project itself is live, the percent says that it is not done."""
    yield from _said_below_100(case, StateKind.LAUNCHED, "launched_below_100")


def _finished(case: _Case) -> Iterator[Contradiction]:
    """The text says that the project itself is done (已完成), the percent says that it is not."""
    yield from _said_below_100(case, StateKind.DONE, "finished_below_100")


def _said_below_100(case: _Case, kind: StateKind, code: str) -> Iterator[Contradiction]:
    percent = case.told.percent
    if percent is None or percent >= _HUNDRED:
        return
    for state in case.said.states:
        if state.kind is kind and not state.is_future and case.is_of_project(state):
            yield Contradiction(code, {"words": state.text, "percent": plain(percent)})
            return


def _past_due(case: _Case) -> Iterator[Contradiction]:
    """An open milestone's date has passed and the project is still called on track."""
    told = case.told
    if told.health != "on_track" or told.percent == _HUNDRED:
        return
    late = [(m.due_on, m) for m in told.milestones if m.is_open and m.due_on is not None]
    due, first = min(late, key=lambda pair: pair[0], default=(date.max, None))
    if first is None or due >= told.day:
        return
    figures = {
        "milestone": first.name,
        "due": due.isoformat(),
        "precision": first.due_precision,
        "days": str((told.day - due).days),
    }
    yield Contradiction("past_due_on_track", figures)


def _differs(case: _Case) -> Iterator[Contradiction]:
    """The words say another percent than the field: of the project, or of one of its milestones."""
    told = case.told
    whole = {said.value for said in case.of_whole}
    if len(whole) == 1 and told.percent is not None and told.percent not in whole:
        figures = {"text": plain(*whole), "field": plain(told.percent)}
        yield Contradiction("text_differs", {"milestone": "", **figures})
    fields = {names.key(m.name): m for m in told.milestones if m.percent is not None}
    for said in case.said.percents:
        named = names.key(said.subject + said.label), names.key(said.subject)
        milestone = next((fields[name] for name in named if name in fields), None)
        if milestone and milestone.percent not in (None, said.value):
            figures = {"text": plain(said.value), "field": plain(milestone.percent)}
            yield Contradiction("text_differs", {"milestone": milestone.name, **figures})


def _far_from_milestones(case: _Case) -> Iterator[Contradiction]:
    """The lead's percent and the mean of the milestones are far apart."""
    reported, weighted = case.told.reported, case.told.weighted
    if reported is not None and weighted is not None and abs(reported - weighted) > _TOLERANCE:
        figures = {"reported": plain(reported), "weighted": plain(weighted)}
        yield Contradiction("milestones_differ", figures)


def _said_twice(case: _Case) -> Iterator[Contradiction]:
    """The same thing has two percents in this week's words."""
    values: dict[str, list[Decimal]] = {"": [said.value for said in case.of_whole]}
    for said in case.said.percents:
        thing = said.subject + said.label
        if thing.lower() not in _WHOLE:
            values.setdefault(thing, []).append(said.value)
    for thing, (first, *others) in ((t, v) for t, v in values.items() if v):
        second = next((value for value in others if value != first), None)
        if second is not None:
            figures = {"thing": thing, "first": plain(first), "second": plain(second)}
            yield Contradiction("said_twice", figures)


def _done_below_100(case: _Case) -> Iterator[Contradiction]:
    """The project is called done, the percent says that it is not."""
    percent = case.told.percent
    if case.told.health == "done" and percent is not None and percent < _HUNDRED:
        yield Contradiction("done_below_100", {"percent": plain(percent)})


_ON_THE_PAGE: Final[tuple[_Check, ...]] = (
    _open_at_100,
    _launched,
    _past_due,
    _differs,
    _far_from_milestones,
    _said_twice,
)
