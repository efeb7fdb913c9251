"""What a reader in a hurry should know of a week, from its document. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reports.weekly.document import Entry, Move, WeeklyDocument

_AT_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Highlights:
    risen: tuple[Entry, ...]  # the largest gains in percent, largest first
    fallen: tuple[Entry, ...]  # every loss, largest first
    moved: tuple[tuple[Entry, Move], ...]  # dates that moved later
    done: tuple[Entry, ...]  # reported as done this week
    silent: tuple[Entry, ...]

    def __bool__(self) -> bool:
        return bool(self.risen or self.fallen or self.moved or self.done or self.silent)


def highlights_of(document: WeeklyDocument) -> Highlights:
    entries = document.entries
    changed = sorted(
        ((e.change, e) for e in entries if e.is_updated and e.change), key=lambda pair: pair[0]
    )
    return Highlights(
        risen=tuple(e for change, e in reversed(changed) if change > 0)[:_AT_MOST],
        fallen=tuple(e for change, e in changed if change < 0),
        moved=tuple((e, move) for e in entries for move in e.moves if move.days > 0),
        done=tuple(e for e in entries if e.is_updated and e.health == "done"),
        silent=tuple(e for e in entries if not e.is_updated and e.health != "paused"),
    )
