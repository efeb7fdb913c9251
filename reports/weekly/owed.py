"""What the lead of some projects still owes the week. Pure: the shape alone.

``reports.schedule.owed`` reads it from the database, the digest mail prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OwedEntry:
    """A project without an entry for the week."""

    project_id: int
    project: str
    weeks_silent: int | None  # since its latest entry; None when there was never one


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """The manager's question that nobody has answered yet."""

    project_id: int
    project: str
    text: str
    asked_by: str  # empty when nobody knows any more


@dataclass(frozen=True, slots=True)
class OwedMilestone:
    """A milestone past its due date and neither done nor closed."""

    project_id: int
    project: str
    milestone: str
    due_on: date
    precision: str
    days: int  # past the due date, at least 1


@dataclass(frozen=True, slots=True)
class Owed:
    """All that one lead owes; nothing of it makes it false."""

    team_slug: str
    year: int  # of the week: a date of another year names its own
    entries: tuple[OwedEntry, ...] = ()
    answers: tuple[OwedAnswer, ...] = ()
    milestones: tuple[OwedMilestone, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.answers or self.milestones)

    def __len__(self) -> int:
        return len(self.entries) + len(self.answers) + len(self.milestones)
