"""What changed on a project since last week, or since any other week. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from projects.weeks import WEEK
from reports.weekly.document import Entry, WeeklyDocument


@dataclass(frozen=True, slots=True)
class Change:
    """How a project differs from the week that it is compared with."""

    before: Decimal | None = None  # its percent then
    percent: Decimal | None = None  # percent points since then
    # The week that ``percent`` counts from, where that is another than the one asked for: nobody
    # told a percent in last week.
    since: date | None = None
    due_days: int | None = None  # how far the due date moved; positive: later


NO_CHANGE: Final = Change()

type Compare = Callable[[Entry], Change]


def with_last_week(document: WeeklyDocument) -> Compare:
    """Compares with the last percent before the document's week, and with that week's moves."""
    last_week = document.week - WEEK

    def compare(entry: Entry) -> Change:
        told_in = entry.last_percent_week
        is_older = entry.change is not None and told_in is not None and told_in != last_week
        return Change(
            before=entry.last_percent,
            percent=entry.change,
            since=told_in if is_older else None,
            due_days=_moved_this_week(entry),
        )

    return compare


def with_week(then: WeeklyDocument) -> Compare:
    """Compares with what another week's page says; a project that it does not know is unchanged."""
    known = {entry.project_id: entry for entry in then.entries}

    def compare(entry: Entry) -> Change:
        before = known.get(entry.project_id)
        if before is None:
            return NO_CHANGE
        return Change(
            before=before.percent,
            percent=_difference(entry.percent, before.percent),
            due_days=_days(before.due_on, entry.due_on),
        )

    return compare


def mean(percents: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of those that are known, in whole percent."""
    known = [percent for percent in percents if percent is not None]
    return round(sum(known, Decimal(0)) / len(known), 0) if known else None


def mean_change(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """How the mean moved over (now, then), of those alone that are known in both."""
    both = [(now, then) for now, then in pairs if now is not None and then is not None]
    return _difference(mean(now for now, _ in both), mean(then for _, then in both))


def _moved_this_week(entry: Entry) -> int | None:
    """Days by which the date that is printed moved in the page's own week."""
    deciding = next((m.milestone for m in entry.moves if m.new == entry.due_on), None)
    moves = [move for move in entry.moves if move.milestone == deciding]
    return _days(moves[0].old, moves[-1].new) if moves else None


def _difference(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    return None if new is None or old is None else new - old


def _days(old: date | None, new: date | None) -> int | None:
    """``None`` where nothing moved, too."""
    return (new - old).days or None if old is not None and new is not None else None
