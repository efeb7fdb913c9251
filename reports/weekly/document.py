"""The compiled weekly page: what every renderer prints, frozen, and free of any database.

It holds facts, not sentences: words such as "not updated" are the renderers', in the reader's
language. It travels as JSON (``dump``/``load``) into ``WeeklyPage.document`` and, unchanged for
ever, into an ``Edition``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from projects.standing import Duty, duty, is_carried
from reports.weekly.sections import FACT_TYPES, FactType, Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the honesty checks found. ``params`` fill the sentence that ``code`` stands for."""

    code: str
    project_id: int | None = None
    project: str = ""
    params: dict[str, str] = field(default_factory=dict)
    verdict: Verdict | None = None  # what the manager said to it; None while it is open

    @property
    def key(self) -> str:
        """Identifies the finding within its week; other figures make another finding.

        But for the days until a date, or since: the date is among the figures, and a day goes by.
        """
        figures = sorted(pair for pair in self.params.items() if pair[0] != "days")
        identity = [self.code, self.project_id, figures]
        return hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The manager's word on a finding, printed with it: explained by ``note``, or accepted."""

    note: str  # empty: accepted as it is
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A due date that moved in the page's week."""

    milestone: str
    old: date
    new: date
    precision: str
    days: int  # positive: later
    number: int  # the how-manieth move of that milestone
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class MilestoneState:
    name: str
    percent: Decimal | None
    due_on: date | None
    due_precision: str
    first_due_on: date | None
    slips: int  # times it moved later, up to this week
    slip_days: int  # in total
    is_closed: bool
    first_precision: str = "day"  # of first_due_on; not in documents from before it was kept


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    text: str
    asked_by: str
    asked_at: datetime
    id: int = 0  # of its row; 0 in documents from before questions could be withdrawn


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question that was asked or answered in the page's week, and its answer."""

    text: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One project on the page.

    When ``is_updated`` is false, health, stage, risks and percent are the last known, and
    ``last_text`` is what was said then.
    """

    project_id: int
    project: str
    name: (
        str  # how this page calls it (an imported page may write an alias), else the project's name
    )
    lead: str
    health: str
    stage: str
    is_focus: bool
    is_updated: bool
    is_confirmed: bool  # confirmed without change
    text: str  # Markdown; of this week, or empty
    risks: str
    percent: Decimal | None
    weighted_percent: Decimal | None
    last_percent: Decimal | None
    change: Decimal | None  # percent points since last_percent; None when the week told none
    due_on: date | None = None  # of the milestone that decides (``standing.deciding``)
    due_precision: str = "day"
    first_due_on: date | None = None
    first_precision: str = "day"  # not in documents from before it was kept
    slips: int = 0
    slip_days: int = 0
    last_week: date | None = None  # week of the latest entry, when not updated
    last_text: str = ""
    weeks_silent: int = 0  # weeks since the latest entry; 0 when updated
    reported_at: datetime | None = None
    history: tuple[tuple[date, Decimal], ...] = ()
    milestones: tuple[MilestoneState, ...] = ()
    moves: tuple[Move, ...] = ()  # of this week
    questions: tuple[OpenQuestion, ...] = ()
    findings: tuple[Finding, ...] = ()
    drop_reason: str = ""  # why the percent fell this week, where somebody said it
    last_reported_on: date | None = None  # day of the latest entry, when not updated
    objective_code: str = ""  # of the objective it counts for, wherever on the page it stands
    last_percent_week: date | None = None  # the week of last_percent: not always the one before
    answers: tuple[AnsweredQuestion, ...] = ()
    objective_id: int | None = None  # likewise; not in documents from before it was kept
    was_done: bool = False  # updated, and the entry before this week's said done already
    closed_on: date | None = None  # when the project was closed in the page's week
    close_reason: str = ""
    time_gone: Decimal | None = None  # of its plan (``standing.time_gone``); None once it is over
    duty: str = ""  # what it owes the week (``standing.Duty``); "" in documents from before
    is_late: bool = False  # reported after the week's cutoff
    # Who reported it, and for whom as that one's deputy; not in documents from before.
    author: str = ""
    author_for: str = ""
    # Of the last 8 weeks those with an entry, oldest first: the percent points that each gained,
    # ``None`` where it told no percent or none was known before. Not in documents from before.
    gains: tuple[tuple[date, Decimal | None], ...] = ()

    @property
    def is_owed(self) -> bool:
        """Whether the week still waits for this entry."""
        return (self.duty or self.duty_by_facts) == Duty.OWED

    @property
    def duty_by_facts(self) -> Duty:
        """What it owes the week, by the rule of ``standing.duty``."""
        is_closed = self.closed_on is not None
        return duty(has_entry=self.is_updated, last_health=self.health, is_closed=is_closed)

    @property
    def is_carried(self) -> bool:
        """Whether the latest entry told no percent, so that an earlier one is printed.

        See ``standing.printed_percent``. Documents from before percents were carried have none.
        """
        if self.percent is None:
            return False
        if self.is_updated:
            return self.change is None and self.percent == self.last_percent
        return is_carried(self.last_percent_week, self.last_week)

    def percent_in(self, week: date) -> Decimal | None:
        """The last percent, if it was told in that week."""
        return self.last_percent if self.last_percent_week == week else None

    @property
    def told_percent(self) -> Decimal | None:
        """The printed percent, unless it is carried."""
        return None if self.is_carried else self.percent


@dataclass(frozen=True, slots=True)
class KeyResultState:
    metric: str
    unit: str
    baseline: Decimal
    target: Decimal
    value: Decimal | None
    score: Decimal | None  # 0.0 to 1.0


@dataclass(frozen=True, slots=True)
class Finished:
    """A project that was done before this week: it owes nothing, but counts as achieved."""

    project_id: int
    project: str
    percent: Decimal | None
    week: date  # in which it was reported as done
    lead: str = ""  # not in documents from before it was kept


@dataclass(frozen=True, slots=True)
class MetricState:
    metric: str
    unit: str
    value: Decimal | None
    last_value: Decimal | None
    change: Decimal | None
    is_better: bool | None  # of the change; None when there is none
    target: Decimal | None
    misses_target: bool
    note: str
    text: str
    history: tuple[tuple[date, Decimal], ...] = ()
    is_told: bool = False  # an imported line before it, with several numbers, holds its words
    # The history over at most 12 weeks; not in documents from before it was kept.
    course: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentCountState:
    severity: str
    count: Decimal
    text: str
    is_told: bool = False  # as in MetricState
    history: tuple[tuple[date, Decimal], ...] = ()
    course: tuple[tuple[date, Decimal], ...] = ()  # as in MetricState


@dataclass(frozen=True, slots=True)
class IncidentState:
    occurred_at: datetime
    detected_by: str
    severity: str
    description: str
    cause: str
    resolution: str
    recovered_at: datetime | None
    link: str
    text: str
    id: int = 0  # of its row; 0 in documents from before it was kept
    is_told: bool = False  # a table of an imported page holds its words


@dataclass(frozen=True, slots=True)
class PlanState:
    text: str
    outcome: str
    outcome_note: str
    id: int = 0  # of its row; 0 in documents from before it was kept


@dataclass(frozen=True, slots=True)
class Block:
    """One thing in a section, in its place: exactly one of the fields is filled.

    The fields of facts stand in ``reports.weekly.sections``, too: see ``FactType.holder``.
    """

    text: str = ""  # Markdown
    entry: Entry | None = None
    section_id: int = 0  # with ``text``: of the row that holds it, 0 where an entry does
    repeat_of: str = ""  # with ``text``: another mention of a project whose entry stands elsewhere
    metrics: tuple[MetricState, ...] = ()
    incident_counts: tuple[IncidentCountState, ...] = ()
    incident: IncidentState | None = None
    plan: tuple[PlanState, ...] = ()
    last_plan: tuple[PlanState, ...] = ()

    def facts(self) -> Iterator[tuple[FactType, tuple[Any, ...]]]:
        """The facts in the block by their type; at most one type is filled."""
        for fact_type in FACT_TYPES:
            held = getattr(self, fact_type.holder)
            if held:
                yield fact_type, held if isinstance(held, tuple) else (held,)

    def joined_to(self, last: Block) -> Block | None:
        """The previous block with this one's facts added, if both hold facts of one type."""
        for fact_type, facts in self.facts():
            held = getattr(last, fact_type.holder)
            if held and isinstance(held, tuple):
                joined: dict[str, Any] = {fact_type.holder: (*held, *facts)}
                return replace(last, **joined)
        return None


@dataclass(frozen=True, slots=True)
class PageSection:
    kind: Kind
    anchor: str  # unique on the page, fit for an address: focus, o1, metrics, own-2
    heading: str  # as written, or empty: the renderer then says it in the reader's language
    code: str = ""  # objective's code
    name: str = ""  # objective's name
    level: int = 2
    key_results: tuple[KeyResultState, ...] = ()
    blocks: tuple[Block, ...] = ()
    objective_id: int | None = None  # with ``code``; not in documents from before it was kept
    finished: tuple[Finished, ...] = ()  # of the objective, earlier in its cycle
    # Of the objective, as last week's page counted it; not in documents from before it was kept.
    last_percent: Decimal | None = None
    section_id: int = 0  # of the row that holds the heading, 0 where no row does
    has_parts: bool = False  # an imported heading whose text stands below deeper headings

    @property
    def is_empty(self) -> bool:
        return not self.blocks and not self.key_results and not self.has_parts


@dataclass(frozen=True, slots=True)
class WeeklyDocument:
    team_slug: str
    team_name: str
    week: date
    label: str  # 2024-W25 in the team's numbering
    title: str  # as an imported page wrote it, or empty
    sections: tuple[PageSection, ...]
    findings: tuple[Finding, ...] = ()  # all of the page, those of entries included
    updated: int = 0
    expected: int = 0
    is_imported: bool = False  # keeps the order and headings of the page it was read from
    is_history: bool = False  # of a week before the team's start: nothing on it is asked of anybody

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries in page order."""
        return tuple(b.entry for s in self.sections for b in s.blocks if b.entry is not None)


def dump(document: WeeklyDocument) -> dict[str, Any]:
    """The document as plain JSON values; decimals as strings, so that 99.990 stays 99.990."""
    built: dict[str, Any] = msgspec.to_builtins(document)
    return built


def canonical(document: WeeklyDocument) -> bytes:
    """The document as UTF-8 JSON with sorted keys: the bytes that an edition's hash is of."""
    return canonical_json(dump(document))


def canonical_json(data: dict[str, Any]) -> bytes:
    """The same of a stored document, whichever version wrote it."""
    return msgspec.json.encode(data, order="sorted")


def load(data: dict[str, Any]) -> WeeklyDocument:
    """The document that ``dump`` wrote. Raises ``msgspec.ValidationError`` for anything else."""
    return msgspec.convert(data, WeeklyDocument, strict=False)
