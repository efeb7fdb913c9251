"""A parsed weekly page: every line of its source in exactly one place, and the facts read from it.

Line numbers are those of the source file, from 1. ``text`` always holds source lines as they were
written (list marks and relative indent kept), so that printing a page in the order of its line
numbers gives the source back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from projects.prose import DateKind, Precision, StateKind
from reports.importer.source import PageWeek, SourcePage
from reports.weekly.sections import Kind

type Day = date  # a class that has a field `date` cannot name the type so


@dataclass(frozen=True, slots=True)
class SectionText:
    """A heading, or (with an empty ``heading``) a run of lines that were not understood."""

    kind: Kind
    heading: str
    level: int
    body: str
    line: int
    code: str = ""  # of the objective whose heading this is


@dataclass(frozen=True, slots=True)
class ObjectiveHeading:
    code: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class ProgressRead:
    """A percent of the project; ``part`` is the sub-project or deliverable it is of, or empty."""

    label: str
    percent: Decimal
    line: int
    part: str = ""
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DateRead:
    text: str
    date: date
    precision: Precision
    kind: DateKind
    line: int
    label: str = ""
    part: str = ""
    before: Day | None = None  # 由6/10延期至6/25 holds 6/10


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading: of the page's metrics section, or one project's own number."""

    name: str
    value: Decimal
    unit: str
    note: str
    line: int
    text: str = ""  # the source lines, in the first reading of a line; empty in a project's own


@dataclass(frozen=True, slots=True)
class ProjectMention:
    """One place on the page where a project is reported."""

    name: str
    written: str  # the name with the marks before it that Markdown does not know (①, [x])
    code: str | None  # of the objective it stands under
    is_focus: bool
    line: int
    section: str  # the heading it stands under, as written
    text: str  # what is said: the rest of its first line, then the lines below
    progress: tuple[ProgressRead, ...] = ()
    dates: tuple[DateRead, ...] = ()
    readings: tuple[Measured, ...] = ()
    states: tuple[StateKind, ...] = ()  # said of the whole project, not of a time to come
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyResultRead:
    """A key result: how far it is, as a percent or as a score from 0 to 1."""

    objective: str  # its code, else its name
    code: str  # KR1, or empty
    text: str
    percent: Decimal | None
    score: Decimal | None  # a blank one is ``None``, not 0
    line: int


@dataclass(frozen=True, slots=True)
class CountRead:
    """Booked incidents of one severity."""

    severity: str
    count: Decimal
    line: int
    text: str = ""  # in the first count of a line


@dataclass(frozen=True, slots=True)
class IncidentRead:
    occurred_at: datetime  # as on the team's wall clock, no zone
    detected_by: str
    severity: str
    description: str
    cause: str
    resolution: str
    recovered_at: datetime | None
    link: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that holds numbers or dates as progress has them, of which some were not taken."""

    line: int
    text: str
    numbers: int
    dates: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of next week's plan."""

    text: str
    line: int
    written: str  # with a mark that Markdown does not know (①), and the lines below it


@dataclass(frozen=True, slots=True)
class ParsedPage:
    source: SourcePage
    week: PageWeek
    title: str
    title_line: int
    sections: tuple[SectionText, ...]
    objectives: tuple[ObjectiveHeading, ...]
    projects: tuple[ProjectMention, ...]
    metrics: tuple[Measured, ...]
    counts: tuple[CountRead, ...]
    incidents: tuple[IncidentRead, ...]
    other: tuple[str, ...]
    goals: tuple[PlannedLine, ...]
    reflection: str
    unplaced: tuple[tuple[int, str], ...] = ()
    key_results: tuple[KeyResultRead, ...] = ()
    unread: tuple[UnreadLine, ...] = ()
    known_names: tuple[str, ...] = ()  # names of projects that were given to its reading
    warnings: tuple[str, ...] = field(default=())
