"""What a week still needs of its manager before it is published. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from projects.weeks import WEEK
from reports.weekly.document import Finding


@dataclass(frozen=True, slots=True)
class NotUpdated:
    """A project that owes the week's entry, and how often its lead was asked for it."""

    project_id: int
    project: str
    lead: str  # "": it has no lead with an account here
    week: date
    last_week: date | None  # of its latest entry; None: it was never reported on
    times: int = 0  # how often the lead was reminded in the week
    reminded_at: datetime | None = None
    is_reachable: bool = True

    @property
    def weeks_silent(self) -> int | None:
        """Weeks since the latest entry; ``None``: it was never reported on."""
        return None if self.last_week is None else (self.week - self.last_week) // WEEK


@dataclass(frozen=True, slots=True)
class Duties:
    """The findings without a verdict, and the projects that nobody updated."""

    week: date
    label: str
    findings: tuple[Finding, ...]
    silent: tuple[NotUpdated, ...]

    def __bool__(self) -> bool:
        return bool(self.findings or self.silent)
