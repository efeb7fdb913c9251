"""What an import would make, as plain data, and what the team has before it. Pure.

``plan`` makes it, ``border`` decides what of it goes on, ``database`` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects.text.names import Alike
from projects.weeks import Numbering
from reports.importer.clusters import NameCluster
from reports.importer.history import MilestoneHistory, ProjectHistory
from reports.importer.page import ParsedPage, ProjectMention, SectionText


@dataclass(frozen=True, slots=True)
class KnownProject:
    id: int
    name: str
    keys: tuple[str, ...]
    milestones: tuple[MilestoneHistory, ...] = ()
    started_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the database holds of the team before the import."""

    numbering: Numbering
    projects: tuple[KnownProject, ...] = ()
    entries: frozenset[tuple[int, date]] = frozenset()  # project, week
    metrics: dict[str, str] = field(default_factory=dict)  # the team's: name to unit
    project_metrics: dict[tuple[int, str], str] = field(default_factory=dict)
    readings: frozenset[tuple[int | None, str, date]] = frozenset()  # project, metric, week
    counts: frozenset[tuple[date, str]] = frozenset()
    # Other names of metrics: project (or none) and key, to the metric's name.
    metric_names: dict[tuple[int | None, str], str] = field(default_factory=dict)
    digests: frozenset[str] = frozenset()
    last_lines: dict[date, int] = field(default_factory=dict)  # of pages that exist
    newest_week: date | None = None
    starts_on: date | None = None  # the team's start; without it everything is present
    is_running: bool = False  # people have reported here since then


# A project is named by its id where it exists, by its name where the plan makes it.
type Ref = int | str


@dataclass(slots=True)
class ImportedProject:
    name: str
    aliases: dict[str, str]  # key to name as written
    code: str | None = None
    objective_week: date | None = None
    is_focus: bool = False
    lead_name: str = ""
    first_week: date | None = None
    last_week: date | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Repeat:
    """A further place on the page that reports a project which has its entry already."""

    project: Ref
    section: str
    name: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    project: Ref
    mention: ProjectMention
    position: int
    percent: Decimal | None
    weighted_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class NewReading:
    project: Ref | None
    metric: str
    unit: str
    value: Decimal
    note: str
    text: str
    position: int


@dataclass(slots=True)
class PagePlan:
    """What one page adds. Its lines count from ``offset``: a second page follows the first."""

    page: ParsedPage
    digest: str
    offset: int
    entries: list[NewEntry] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    readings: list[NewReading] = field(default_factory=list)
    counts: list[tuple[str, Decimal, str, int]] = field(default_factory=list)
    sections: list[SectionText] = field(default_factory=list)

    @property
    def week(self) -> date:
        return self.page.week.start


@dataclass(slots=True)
class ImportPlan:
    pages: list[PagePlan] = field(default_factory=list)
    projects: dict[str, ImportedProject] = field(default_factory=dict)
    aliases: dict[Ref, dict[str, str]] = field(default_factory=dict)  # new ones of known projects
    # By project (or none) and metric: key and spelling of its further names.
    metric_aliases: dict[tuple[Ref | None, str], dict[str, str]] = field(default_factory=dict)
    histories: dict[Ref, ProjectHistory] = field(default_factory=dict)
    suggestions: list[Alike] = field(default_factory=list)  # names that may be one, in pairs
    clusters: list[NameCluster] = field(default_factory=list)  # the same in groups
    skipped: list[ParsedPage] = field(default_factory=list)  # imported before
    closes: dict[Ref, date] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)  # by a name on the pages, the user name
    starts_on: date | None = None  # the start that the team has once this is applied
    # The first and the last week in which these pages name a known project; when it began.
    named: dict[int, tuple[date, date]] = field(default_factory=dict)
    began: dict[int, date | None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.pages

    def last_week(self, ref: Ref) -> date | None:
        """The last week in which these pages name the project."""
        if isinstance(ref, str):
            return self.projects[ref].last_week
        return self.named[ref][1] if ref in self.named else None
