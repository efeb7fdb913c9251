"""What is new in a week, from its document: the mail's subject and its first lines. Pure.

Facts alone, each with the entry that it is of; the words are in ``reports.render.mail.headline``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from projects.checkin.reading.claims import Claims
from projects.prose import StateKind
from projects.text.numbers import HUNDRED
from projects.weeks import friday
from reports.weekly.document import Entry, IncidentState, MilestoneState, Move, WeeklyDocument

#: Points of percent in a week that make a project one of the big movers.
BIG_MOVE: Final = Decimal(10)


@dataclass(frozen=True, slots=True)
class Slip:
    """A due date that is later than a week ago. All moves of the week are one."""

    entry: Entry
    move: Move

    @property
    def days(self) -> int:
        """By how many this week."""
        return self.move.days

    @property
    def first_due_on(self) -> date:
        """The milestone's first date; that of a week ago where the date is no later than it."""
        state = self._slipped
        return (state and state.first_due_on) or self.move.old

    @property
    def first_precision(self) -> str:
        state = self._slipped
        return state.first_precision if state and state.first_due_on else "day"

    @property
    def total(self) -> int:
        """Days from ``first_due_on`` to the date that holds now."""
        state = self._slipped
        return state.slip_days if state and state.first_due_on else self.days

    @property
    def _slipped(self) -> MilestoneState | None:
        """The milestone, where its date is later than its first one (``standing.slips_of``)."""
        own = (state for state in self.entry.milestones if state.name == self.move.milestone)
        return next((state for state in own if state.slip_days), None)


def slips_this_week(entries: Iterable[Entry]) -> tuple[Slip, ...]:
    """Of each milestone one, by what its moves of the week come to; in the page's order."""
    slips = []
    for entry in entries:
        first: dict[str, Move] = {}
        last: dict[str, Move] = {}
        for move in entry.moves:
            first.setdefault(move.milestone, move)
            last[move.milestone] = move
        for name, move in last.items():
            days = (move.new - first[name].old).days
            if days > 0:
                slips.append(Slip(entry, replace(move, old=first[name].old, days=days)))
    return tuple(slips)


@dataclass(frozen=True, slots=True)
class News:
    """The week in five lines; in each the most important comes first."""

    incidents: tuple[IncidentState, ...]
    incident_count: Decimal | None  # where the page counts them by severity; may be fractional
    done: tuple[Entry, ...]  # reported as done, or said to have gone live
    live: tuple[Entry, ...]  # those of ``done`` that went live: 上线
    slips: tuple[Slip, ...]  # the most days first
    risen: tuple[Entry, ...]  # the most points first
    fallen: tuple[Entry, ...]
    silent: tuple[Entry, ...]  # owed an entry and has none; the longest silent first

    @property
    def movers(self) -> tuple[Entry, ...]:
        """Up and down, the most points first."""
        moved = [*self.risen, *self.fallen]
        return tuple(sorted(moved, key=lambda entry: -abs(_change(entry))))


def news_of(document: WeeklyDocument) -> News:
    entries = _once(document.entries)
    updated = [entry for entry in entries if entry.is_updated]
    live = tuple(entry for entry in updated if _went_live(entry, document))
    done = tuple(entry for entry in updated if entry in live or _got_done(entry))
    changed = [entry for entry in updated if entry.change]
    return News(
        incidents=tuple(
            block.incident for part in document.sections for block in part.blocks if block.incident
        ),
        incident_count=_counted(document),
        done=done,
        live=live,
        slips=tuple(sorted(slips_this_week(entries), key=lambda slip: -slip.days)),
        risen=tuple(sorted((e for e in changed if _change(e) > 0), key=lambda e: -_change(e))),
        fallen=tuple(sorted((e for e in changed if _change(e) < 0), key=_change)),
        silent=tuple(sorted((e for e in entries if e.is_owed), key=lambda e: -e.weeks_silent)),
    )


def _once(entries: tuple[Entry, ...]) -> list[Entry]:
    """Each project once, in page order."""
    return list({entry.project_id: entry for entry in reversed(entries)}.values())[::-1]


def _change(entry: Entry) -> Decimal:
    return entry.change or Decimal(0)


def _got_done(entry: Entry) -> bool:
    """Reported as done, and not by the entry before it already."""
    if entry.health == "done":
        return not entry.was_done
    return entry.percent == HUNDRED and _change(entry) > 0


def _went_live(entry: Entry, document: WeeklyDocument) -> bool:
    """Whether the text says of the project as a whole that it is live, and nothing says otherwise.

    A percent below 100 contradicts it: that is a finding, not news.
    """
    if entry.told_percent is not None and entry.told_percent < HUNDRED:
        return False
    claims = Claims.of(
        entry.text, document.week, friday(document.week), (entry.project, entry.name)
    )
    return any(claims.of_project(StateKind.LAUNCHED))


def _counted(document: WeeklyDocument) -> Decimal | None:
    """The sum of the incidents by severity; ``None`` where the page does not count them."""
    counts = [
        count.count
        for section in document.sections
        for block in section.blocks
        for count in block.incident_counts
    ]
    return sum(counts, Decimal(0)) if counts else None
