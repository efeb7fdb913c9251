"""What the dashboard shows of a week, made of the same document as the weekly page. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final

from projects.weeks import WEEK
from reports.weekly.comparison import (
    NO_CHANGE,
    Compare,
    ObjectiveCard,
    ProjectChange,
    objectives_of,
    with_last_week,
    with_week,
)
from reports.weekly.document import (
    Entry,
    Finding,
    IncidentCountState,
    IncidentState,
    MetricState,
    Move,
    OpenQuestion,
    PageSection,
    WeeklyDocument,
)
from reports.weekly.news import slips_this_week
from reports.weekly.sections import Kind

_LONG: Final = timedelta(weeks=3)


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody has to do something about."""

    silent: tuple[Entry, ...]
    moved: tuple[tuple[Entry, Move], ...]  # dates that moved later this week
    findings: tuple[Finding, ...]
    questions: tuple[tuple[Entry, OpenQuestion], ...]

    def __bool__(self) -> bool:
        return bool(self.silent or self.moved or self.findings or self.questions)


def move_key(entry: Entry, move: Move) -> str:
    """What a move is acknowledged by: it is another one when the date moves again."""
    return f"{entry.project_id} {move.new} {move.milestone}"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A project in the table, the section it stands in, and what changed on it."""

    entry: Entry
    section: PageSection
    change: ProjectChange = NO_CHANGE


@dataclass(frozen=True, slots=True)
class Completeness:
    """The entries of a week by what became of them."""

    news: int
    unchanged: int  # confirmed without change: an update, but no news
    silent: int  # still owed
    paused: int  # not counted

    @property
    def updated(self) -> int:
        return self.news + self.unchanged

    @property
    def expected(self) -> int:
        return self.updated + self.silent

    @property
    def parts(self) -> tuple[tuple[str, str, str], ...]:
        """What the bar is made of: name, where it begins and how long it is, in percent."""
        begin, parts = 0.0, []
        for name, count in (("news", self.news), ("unchanged", self.unchanged)):
            share = 100 * count / self.expected if self.expected else 0.0
            if count:
                parts.append((name, f"{begin:.2f}%", f"{share:.2f}%"))
            begin += share
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class IncidentTile:
    """The week's incident counts by severity, and how many they were together in the weeks."""

    counts: tuple[IncidentCountState, ...]
    change: Decimal | None  # of the total since last week; ``None`` when nobody counted then
    history: tuple[tuple[date, Decimal], ...]  # totals, oldest first

    @property
    def is_better(self) -> bool | None:
        """Of the change: fewer are better. ``None`` when there is none."""
        return self.change < 0 if self.change else None


@dataclass(frozen=True, slots=True)
class Dashboard:
    document: WeeklyDocument
    attention: Attention
    objectives: tuple[ObjectiveCard, ...]
    rows: tuple[BoardRow, ...]
    metrics: tuple[MetricState, ...]
    incident_tile: IncidentTile | None
    incidents: tuple[IncidentState, ...]
    quiet_since: date | None  # the latest week with an update, when all have been silent for long

    @property
    def unread(self) -> int:
        """How many metrics have no value of the week yet."""
        return sum(metric.value is None for metric in self.metrics)


def dashboard_of(document: WeeklyDocument, then: WeeklyDocument | None = None) -> Dashboard:
    """The dashboard of the document's week; changes are since last week, or since ``then``'s."""
    blocks = [block for section in document.sections for block in section.blocks]
    compare = with_last_week(document) if then is None else with_week(then)
    return Dashboard(
        document=document,
        attention=attention_of(document),
        objectives=objectives_of(document, then),
        rows=tuple(_rows(document, compare)),
        metrics=tuple(metric for block in blocks for metric in block.metrics),
        incident_tile=_incident_tile(
            tuple(count for block in blocks for count in block.incident_counts), document.week
        ),
        incidents=tuple(block.incident for block in blocks if block.incident is not None),
        quiet_since=_quiet_since(document),
    )


def completeness_of(document: WeeklyDocument) -> Completeness:
    """How far the week is reported: ``updated`` and ``expected`` as the document counts them."""
    entries = document.entries
    unchanged = sum(entry.is_updated and entry.is_confirmed for entry in entries)
    return Completeness(
        news=document.updated - unchanged,
        unchanged=unchanged,
        silent=max(document.expected - document.updated, 0),
        paused=sum(entry.health == "paused" and not entry.is_updated for entry in entries),
    )


def _rows(document: WeeklyDocument, compare: Compare) -> Iterator[BoardRow]:
    """Every project under its objective, in the page's order.

    The page prints focus projects before all others, so under their objective they come first;
    those of no objective stay where they are.
    """
    sections = document.sections
    objectives = {
        section.code: place
        for place, section in enumerate(sections)
        if section.kind is Kind.OBJECTIVE and section.code
    }
    placed = [
        (objectives.get(block.entry.objective_code, place), block.entry)
        if section.kind is Kind.FOCUS
        else (place, block.entry)
        for place, section in enumerate(sections)
        for block in section.blocks
        if block.entry is not None
    ]
    for place, entry in sorted(placed, key=itemgetter(0)):
        yield BoardRow(entry, sections[place], compare(entry))


def _incident_tile(counts: tuple[IncidentCountState, ...], week: date) -> IncidentTile | None:
    """``None`` where nobody counted. A week without a count of each severity has no total."""
    if not counts:
        return None
    by_severity = [dict(count.course or count.history) for count in counts]
    counted = sorted(set.intersection(*(set(history) for history in by_severity)))
    totals = {day: sum((h[day] for h in by_severity), Decimal(0)) for day in counted}
    last = totals.get(week - WEEK)
    now = totals.get(week)
    change = None if last is None or now is None else now - last
    return IncidentTile(counts, change, tuple(totals.items()))


def _quiet_since(document: WeeklyDocument) -> date | None:
    """The latest week with an update, when nobody has reported for more than three weeks.

    Shown instead of a list of all projects, as after an import of old pages.
    """
    last_weeks = [entry.last_week for entry in document.entries if entry.last_week is not None]
    if not last_weeks or any(entry.is_updated for entry in document.entries):
        return None
    return max(last_weeks) if document.week - max(last_weeks) > _LONG else None


def attention_of(document: WeeklyDocument) -> Attention:
    """Nothing of history needs anybody."""
    if document.is_history:
        return Attention((), (), (), ())
    entries = document.entries
    silent = [entry for entry in entries if entry.is_owed]
    return Attention(
        silent=tuple(sorted(silent, key=lambda entry: -entry.weeks_silent)),
        moved=tuple((slip.entry, slip.move) for slip in slips_this_week(entries)),
        findings=tuple(finding for finding in document.findings if finding.verdict is None),
        questions=tuple((e, question) for e in entries for question in e.questions),
    )
