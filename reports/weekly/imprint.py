"""What an edition says of itself: printed at its end by every renderer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from reports.weekly.changes import Change

# Enough of a hash to compare two editions by eye.
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class JoinedWeek:
    """A week without a working day that was published together with the edition's own."""

    week: date  # its Monday
    label: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """An edition's number, when and by whom it was published, and what it corrects."""

    number: int
    published_at: datetime  # aware, by the team's clock
    publisher: str  # empty: the schedule
    sha256: str  # of the document's canonical JSON
    note: str = ""  # why it was corrected
    changes: tuple[Change, ...] = ()  # against the edition before it, in page order
    previous: int = 0  # that edition's number; 0 for none
    joined: tuple[JoinedWeek, ...] = ()  # in order
    follows_mail: bool = False  # whether an earlier edition was mailed

    @property
    def short_hash(self) -> str:
        return self.sha256[:_SHORT]
