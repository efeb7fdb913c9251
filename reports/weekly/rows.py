"""The facts of one team's week as plain rows: what ``load`` reads and ``compile`` works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from projects.weeks import Numbering
from reports.weekly.document import Block, IncidentState
from reports.weekly.sections import Kind


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One change of a milestone's due date."""

    week: date
    old: date
    new: date
    precision: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class DropRow:
    """One change of a milestone's percent in the page's week."""

    old: Decimal
    new: Decimal
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone as it stood at the end of the page's week."""

    name: str
    percent: Decimal | None
    due_on: date | None
    due_precision: str  # day, part, month, quarter
    weight: int
    is_closed: bool
    first_due_on: date | None  # the first date that was ever said
    first_precision: str = "day"
    moves: tuple[MoveRow, ...] = ()  # all moves up to the page's week, oldest first
    percent_changes: tuple[DropRow, ...] = ()  # of the page's week


@dataclass(frozen=True, slots=True)
class EntryRow:
    week: date
    text: str
    health: str  # "" where an old page did not say it
    stage: str
    risks: str
    percent: Decimal | None
    weighted_percent: Decimal | None
    source: str  # reported, confirmed, imported
    author: str
    reported_at: datetime
    objective_id: int | None
    is_focus: bool
    name: str  # as an imported page wrote it; else ""
    section: str  # heading as an imported page wrote it; else ""
    position: int  # line on the imported page; 0 for an entry that was typed here
    drop_reason: str = ""  # why the percent is below the one printed last
    repeats: tuple[RepeatRow, ...] = ()
    author_for: str = ""  # for whom the author stood in


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """A further place on an imported page where the same project was reported."""

    section: str
    name: str
    text: str
    position: int
    is_focus: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question that is open in the week, or was asked or answered in it."""

    text: str
    asked_by: str
    asked_at: datetime
    id: int = 0
    answer: str = ""  # "" while it is open
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project on the week's page."""

    id: int
    name: str
    lead: str
    objective_id: int | None
    is_focus: bool
    position: int
    entry: EntryRow | None  # this week's
    previous: EntryRow | None  # the latest before this week, whichever week that was
    last_percent: (
        Decimal | None
    )  # printed percent of the latest entry before this week that had one
    history: tuple[
        tuple[date, Decimal], ...
    ] = ()  # percent by week, oldest first, at most 8, this week included
    # By each of these weeks that has an entry, what the percent gained in it: see ``Entry.gains``.
    gains: tuple[tuple[date, Decimal | None], ...] = ()
    milestones: tuple[MilestoneRow, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    last_percent_week: date | None = None  # the week of ``last_percent``
    last_of_history: EntryRow | None = None  # where there is no ``previous``: what it said last
    is_last_of_history: bool = False  # ``last_percent`` is: it is carried, but nothing compared
    closed_on: date | None = None  # the day, when it was closed in the page's week
    close_reason: str = ""
    started_on: date | None = None
    is_back: bool = False  # last week's page was without it: it had been closed before
    # What its objective was carried over from: there it stands until that one's cycle begins.
    carried_from_id: int | None = None


@dataclass(frozen=True, slots=True)
class FinishedRow:
    """A project that was reported as done before the week, in the cycle the week belongs to."""

    id: int
    name: str
    objective_id: int
    percent: Decimal | None  # the last that was printed
    week: date  # of the entry that said so
    lead: str = ""


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """A project that was closed in the week before: that week's page still counted it."""

    objective_id: int | None
    percent: Decimal | None  # the last that was printed


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    metric: str
    unit: str
    baseline: Decimal
    target: Decimal
    value: Decimal | None  # latest reading up to the week


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    id: int
    code: str
    name: str
    position: int
    key_results: tuple[KeyResultRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingRow:
    metric: str
    unit: str
    value: Decimal | None  # None: no reading this week
    last_value: Decimal | None  # of the week before
    target: Decimal | None
    direction: str  # up, down
    note: str
    text: str  # as an imported page wrote it; else ""
    position: int
    history: tuple[tuple[date, Decimal], ...] = ()  # oldest first, at most 8
    course: tuple[tuple[date, Decimal], ...] = ()  # the same over at most 12 weeks


@dataclass(frozen=True, slots=True)
class IncidentCountRow:
    severity: str
    count: Decimal
    text: str
    position: int
    history: tuple[tuple[date, Decimal], ...] = ()  # oldest first, at most 8, this week included
    course: tuple[tuple[date, Decimal], ...] = ()  # the same over at most 12 weeks


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact that the page prints as it stands in the database."""

    kind: Kind  # of the section it belongs to
    block: Block  # with that fact alone
    position: int = 0  # line on the imported page


@dataclass(frozen=True, slots=True)
class SectionRow:
    kind: str  # a Kind
    heading: str  # "" continues the section before it
    level: int
    body: str
    objective_id: int | None
    position: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What the manager said to a finding: explained by ``note``, or (empty) accepted."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WeekRows:
    """Everything a week's page is made of."""

    team_slug: str
    team_name: str
    numbering: Numbering
    week: date
    title: str  # as an imported page wrote it; else ""
    today: date  # of the compile, in the team's zone: what is past due
    objectives: tuple[ObjectiveRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    finished: tuple[FinishedRow, ...] = ()
    closed_before: tuple[ClosedRow, ...] = ()
    readings: tuple[ReadingRow, ...] = ()
    incident_counts: tuple[IncidentCountRow, ...] = ()
    facts: tuple[FactRow, ...] = ()  # those of a type stand together, in their order
    sections: tuple[SectionRow, ...] = ()
    warnings: tuple[str, ...] = ()  # of the import: label_mismatch
    revision: int = 0  # WeekFacts.revision, taken before anything else was read
    is_history: bool = False  # the week lies before the team's start
    cutoff_at: datetime | None = None  # once the week is closed
    # By ``Finding.key``; those of findings that are no longer there are no longer printed.
    verdicts: Mapping[str, VerdictRow] = field(default_factory=dict)

    @property
    def is_imported(self) -> bool:
        """Whether the page keeps the order of a source page (positions are line numbers there)."""
        return bool(
            self.title
            or any(row.entry and (row.entry.position or row.entry.repeats) for row in self.projects)
            or any(reading.text for reading in self.readings)
            or any(count.text for count in self.incident_counts)
            or any(incident.text for incident in self.incidents)
            or any(section.kind == Kind.PREAMBLE for section in self.sections)
        )

    @property
    def incidents(self) -> tuple[IncidentState, ...]:
        return tuple(row.block.incident for row in self.facts if row.block.incident)
