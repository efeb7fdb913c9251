"""The rules of how a project and its milestones stand. Each is defined here, once. Pure.

Every screen, mail, job and export asks here: who owes an entry (``duty``), which percent is
printed (``printed_percent``), which milestone decides the due date (``deciding``), how far a date
has slipped (``slips_of``), what is dropped, open, or a step back that needs a reason.

The same rules for a set of rows are queryset methods of ``projects.models`` (``owing``,
``with_told_percent``, ``counting_at``, ``open``); tests compare them with the functions here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, Protocol

from projects.text.numbers import HUNDRED, rounded_share
from projects.weeks import WEEK, last_day

# --- history and present ----------------------------------------------------------------------


def is_history(week: date, starts_on: date | None) -> bool:
    """Whether the week lies before its team's start; without a start nothing does.

    History is shown, searched and charted. Nothing of it is owed, counted or mailed.
    """
    return starts_on is not None and week < starts_on


def begins_with(week: date, starts_on: date | None) -> date:
    """The first week whose facts count for that week's page; ``date.min``: all before it do.

    The present begins anew with its team's start and is compared with nothing before it. A page
    of history knows all the weeks before it.
    """
    return date.min if starts_on is None or is_history(week, starts_on) else starts_on


def comes_from_history(started_on: date | None, starts_on: date | None) -> bool:
    """Whether a project began before its team's start: what it told last is still known then.

    A project that began later may be named on a page of history all the same; for the present that
    says nothing.
    """
    return started_on is not None and is_history(started_on, starts_on)


# What the newest pages have not named for this long, they no longer speak of.
SILENT: Final = 4 * WEEK


def goes_on(last_named: date, newest: date) -> bool:
    """Whether what pages named last in that week goes on after them. ``newest`` is their last week.

    The rule for projects; a person may decide otherwise.
    """
    return newest - last_named <= SILENT


def asked_since(newest: date | None, starts_on: date) -> date:
    """A metric that was read in that week or later is asked for in the present.

    ``newest`` is the week of the team's newest reading: until there is one of the present, what
    the newest pages of history read goes on.
    """
    return starts_on if newest is None or newest >= starts_on else newest - SILENT


def milestone_goes_on(last_named: date, newest: date, due_on: date | None, starts_on: date) -> bool:
    """The same for a milestone of a project that goes on, which is not done.

    What was due before the start is history: nobody is asked for it.
    """
    return goes_on(last_named, newest) and (due_on is None or due_on >= starts_on)


# --- who owes an entry ------------------------------------------------------------------------

# After one of these a project owes nothing until somebody reports on it again.
RESTING: Final = ("paused", "done")


class Duty(StrEnum):
    """What a project owes a week: its entry, or why it owes none."""

    REPORTED = "reported"  # the week has its entry
    OWED = "owed"
    PAUSED = "paused"  # the latest entry before the week says so
    DONE = "done"  # likewise
    CLOSED = "closed"  # in the week or before it
    NOT_BEGUN = "not_begun"
    HISTORY = "history"  # the week lies before the team's start


def duty(*, has_entry: bool, last_health: str, is_closed: bool, has_begun: bool = True) -> Duty:
    """The one rule of who owes an entry.

    ``last_health`` is that of the latest entry before the week, "" where there is none.
    A project that was reported done owes nothing more, just as a paused one; whoever reports on
    it again takes it up again. A project that is closed during the week is asked for nothing.
    """
    if has_entry:
        return Duty.REPORTED
    if is_closed:
        return Duty.CLOSED
    if not has_begun:
        return Duty.NOT_BEGUN
    return Duty(last_health) if last_health in RESTING else Duty.OWED


def duty_in(
    week: date,
    *,
    this_week: date,
    started_on: date | None,
    closed_on: date | None,
    has_entry: bool,
    last_health: str | None,
    starts_on: date | None = None,
) -> Duty:
    """What a project owes the week of that Monday; ``last_health`` is ``None`` without an entry.

    A project whose start nobody recorded begins with its first entry, or else in this week.
    Nothing is owed to a week of history; ``starts_on`` is the team's.
    """
    if is_history(week, starts_on) and not has_entry:
        return Duty.HISTORY
    if started_on is None:
        has_begun = last_health is not None or week >= this_week
    else:
        has_begun = started_on <= last_day(week)
    return duty(
        has_entry=has_entry,
        last_health=last_health or "",
        is_closed=is_closed(closed_on, last_day(week)),
        has_begun=has_begun,
    )


def is_closed(closed_on: date | None, day: date) -> bool:
    """Whether a project is closed on that day: from its closing day on."""
    return closed_on is not None and closed_on <= day


def is_closed_in(closed_on: date | None, week: date) -> bool:
    """Whether a project is closed during the week: its page still shows it, as closed."""
    return closed_on is not None and week <= closed_on <= last_day(week)


# So many weeks a reported health stands for its project.
_HEALTH_HOLDS: Final = 2


def is_last_known(health: str, weeks_silent: int) -> bool:
    """Whether a health is only the last known one, so that its colour claims nothing.

    ``weeks_silent`` are the weeks since the entry that told it. A week is still being reported, so
    that of last week holds; what nobody has confirmed for two weeks is shown grey, with its age. A
    project that rests has nothing to confirm.
    """
    return bool(health) and health not in RESTING and weeks_silent >= _HEALTH_HOLDS


# --- which percent is printed -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintedPercent:
    """A project's percent, as every screen shows it."""

    percent: Decimal | None
    change: Decimal | None  # in points, since the last known percent; None when none was told
    is_carried: bool  # the last known percent: the entry told none


def told_percent(reported: Decimal | None, by_milestones: Decimal | None) -> Decimal | None:
    """The percent that an entry tells: the lead's own, else the mean of the milestones."""
    return by_milestones if reported is None else reported


def printed_percent(percent: Decimal | None, last_known: Decimal | None) -> PrintedPercent:
    """What is printed for an entry with ``percent``, after weeks that last had ``last_known``.

    An entry without a percent carries the last known one on, marked as such. Printing none would
    hide what is known; printing it unmarked would claim that the entry says it.
    A carried percent has no change, is no point of a chart, and contradicts no words of the entry.
    A week without an entry prints what the latest entry printed, with its mark.
    """
    if percent is None:
        return PrintedPercent(last_known, None, is_carried=last_known is not None)
    change = None if last_known is None else percent - last_known
    return PrintedPercent(percent, change, is_carried=False)


def is_carried(told_in: date | None, last_week: date | None) -> bool:
    """Whether the last known percent is of an earlier week than the latest entry.

    ``told_in`` is the week of that percent; ``last_week`` that of the latest entry since the
    team's start, ``None`` without one: what history told is always marked.
    """
    return told_in is not None and told_in != last_week


# --- milestones: dropped, open, and the one that decides the due date -------------------------


class MilestoneFacts(Protocol):
    """What the rules need of a milestone, wherever it comes from."""

    @property
    def percent(self) -> Decimal | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def is_closed(self) -> bool: ...


def is_dropped(percent: Decimal | None, *, is_closed: bool) -> bool:
    """Whether a milestone will not be done any more: closed below 100%, or at no percent at all.

    It keeps its percent, but counts neither in the project's percent by its milestones nor for
    the project's due date, and no finding asks why it is open.
    """
    return is_closed and percent != HUNDRED


def is_open(percent: Decimal | None, *, is_closed: bool) -> bool:
    """Whether there is still something to do: neither done nor dropped."""
    return not is_closed and percent != HUNDRED


def deciding[M: MilestoneFacts](milestones: Iterable[M]) -> M | None:
    """The milestone whose due date is the project's.

    Of the open ones the one due last; when none is open, the done one that was due last. A dropped
    milestone never decides. Of several due on the same day the first in order does. Where the open
    ones have no date, nobody has said when the project is due: the day of a done one is past.
    """
    counting = [m for m in milestones if not is_dropped(m.percent, is_closed=m.is_closed)]
    still_open = [m for m in counting if is_open(m.percent, is_closed=m.is_closed)]
    dated = [milestone for milestone in still_open or counting if milestone.due_on is not None]
    return max(dated, key=lambda m: m.due_on or date.min, default=None)


# --- due dates that moved ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slips:
    """How far a due date has slipped."""

    first_due_on: date
    first_precision: str  # one of ``Precision``: 11月中旬 stays that, and is no 11月20日
    times: int  # that it moved later
    days: int  # from the first date to the present one; 0 when it is no later


def slips_of(dates: Sequence[date], first_precision: str) -> Slips | None:
    """Of all dates that were said, oldest first; ``None`` when the date never moved later.

    ``first_precision`` is that of the first date.
    """
    times = sum(new > old for old, new in pairwise(dates))
    if not times:
        return None
    return Slips(dates[0], first_precision, times, max((dates[-1] - dates[0]).days, 0))


def time_gone(started_on: date | None, due_on: date | None, day: date) -> Decimal | None:
    """The share of a plan that has passed at the end of that day: 0 to 100, in whole percent.

    The plan runs from the project's start to its due date as it stands. ``None`` without both of
    them, and where a plan ends before it begins.
    """
    if started_on is None or due_on is None or due_on <= started_on:
        return None
    passed = Decimal((day - started_on).days) / (due_on - started_on).days
    return rounded_share(min(max(passed * HUNDRED, Decimal(0)), HUNDRED), places=0)


# --- a milestone at the end of a week, and steps back -----------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How a milestone stood at the end of a week. ``None``: nobody had said it yet.

    ``precision`` is that of ``due_on``.
    """

    percent: Decimal | None = None
    due_on: date | None = None
    precision: str | None = None


UNKNOWN: Final = Standing()


def wants_reason(before: Standing, percent: Decimal | None, due_on: date | None) -> bool:
    """Whether this percent or due date is a step back that has to be explained.

    A percent that drops or a date that moves later is; ``None`` says nothing, so it is none.
    """
    return _is_less(percent, before.percent) or _is_less(before.due_on, due_on)


def _is_less[T: (Decimal, date)](first: T | None, second: T | None) -> bool:
    return first is not None and second is not None and first < second
