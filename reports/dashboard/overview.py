"""What the dashboard shows of a week, made of the same document as the weekly page. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final

from projects.weeks import WEEK
from reports.dashboard.comparison import (
    NO_CHANGE,
    Change,
    Compare,
    mean,
    mean_change,
    with_last_week,
    with_week,
)
from reports.weekly.document import (
    Entry,
    Finding,
    Finished,
    IncidentCountState,
    IncidentState,
    MetricState,
    Move,
    OpenQuestion,
    PageSection,
    WeeklyDocument,
)
from reports.weekly.sections import Kind

_LONG: Final = timedelta(weeks=3)
# Worst first, as an objective takes over the worst of its projects. Done and paused worry nobody.
_SEVERITY: Final = ("off_track", "at_risk", "on_track", "paused", "done", "")


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody has to do something about."""

    silent: tuple[Entry, ...]
    moved: tuple[tuple[Entry, Move], ...]  # dates that moved later this week
    findings: tuple[Finding, ...]
    questions: tuple[tuple[Entry, OpenQuestion], ...]

    def __bool__(self) -> bool:
        return bool(self.silent or self.moved or self.findings or self.questions)


@dataclass(frozen=True, slots=True)
class ObjectiveCard:
    code: str
    name: str
    percent: Decimal | None  # mean of its projects' percents, whole percent
    change: Decimal | None  # over the projects that have a percent now and had one then
    health: str  # the worst of its projects
    projects: int  # those done earlier in its cycle included
    measured: int  # those of its projects whose percent is known
    key_results: int
    reached: int  # key results whose score is 1
    objective_id: int | None = None  # not in documents from before it was kept


@dataclass(frozen=True, slots=True)
class Row:
    """A project in the table, the section it stands in, and what changed on it."""

    entry: Entry
    section: PageSection
    change: Change = NO_CHANGE

    @property
    def severity(self) -> int:
        return severity(self.entry.health)


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
    rows: tuple[Row, ...]
    metrics: tuple[MetricState, ...]
    incident_tile: IncidentTile | None
    incidents: tuple[IncidentState, ...]
    quiet_since: date | None  # the latest week with an update, when all have been silent for long


def dashboard_of(document: WeeklyDocument, then: WeeklyDocument | None = None) -> Dashboard:
    """The dashboard of the document's week; changes are since last week, or since ``then``'s."""
    blocks = [block for section in document.sections for block in section.blocks]
    compare = with_last_week(document) if then is None else with_week(then)
    return Dashboard(
        document=document,
        attention=attention_of(document),
        objectives=tuple(_objectives(document, compare, then)),
        rows=tuple(_rows(document, compare)),
        metrics=tuple(metric for block in blocks for metric in block.metrics),
        incident_tile=_incident_tile(
            tuple(count for block in blocks for count in block.incident_counts), document.week
        ),
        incidents=tuple(block.incident for block in blocks if block.incident is not None),
        quiet_since=_quiet_since(document),
    )


def _rows(document: WeeklyDocument, compare: Compare) -> Iterator[Row]:
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
        yield Row(entry, sections[place], compare(entry))


def _incident_tile(counts: tuple[IncidentCountState, ...], week: date) -> IncidentTile | None:
    """``None`` where nobody counted. A week without a count of each severity has no total."""
    if not counts:
        return None
    by_severity = [dict(count.history) for count in counts]
    counted = sorted(set.intersection(*(set(history) for history in by_severity)))
    totals = {day: sum((h[day] for h in by_severity), Decimal(0)) for day in counted}
    last = totals.get(week - WEEK)
    now = totals.get(week)
    change = None if last is None or now is None else now - last
    return IncidentTile(counts, change, tuple(totals.items()))


def _quiet_since(document: WeeklyDocument) -> date | None:
    """So that a team whose old pages were imported is not met by its silence alone."""
    told = [entry.last_week for entry in document.entries if entry.last_week is not None]
    if not told or any(entry.is_updated for entry in document.entries):
        return None
    return max(told) if document.week - max(told) > _LONG else None


def severity(health: str) -> int:
    """0 for the worst."""
    return _SEVERITY.index(health)


def attention_of(document: WeeklyDocument) -> Attention:
    entries = document.entries
    silent = [entry for entry in entries if entry.is_owed]
    return Attention(
        silent=tuple(sorted(silent, key=lambda entry: -entry.weeks_silent)),
        moved=tuple((e, move) for e in entries for move in e.moves if move.days > 0),
        findings=tuple(found for found in document.findings if found.verdict is None),
        questions=tuple((e, question) for e in entries for question in e.questions),
    )


def _objectives(
    document: WeeklyDocument, compare: Compare, then: WeeklyDocument | None
) -> Iterator[ObjectiveCard]:
    """A card for each; what is done owes no update and leaves the page, but counts on."""
    for section in document.sections:
        if section.kind != "objective":
            continue
        entries = _counting_for(section, document)
        scores = [result.score for result in section.key_results]
        pairs = [(entry.percent, compare(entry).before) for entry in entries]
        pairs += [(done.percent, _percent_then(done, then)) for done in section.finished]
        healths = [entry.health for entry in entries] + ["done"] * len(section.finished)
        yield ObjectiveCard(
            code=section.code,
            name=section.name,
            percent=mean(now for now, _ in pairs),
            change=mean_change(pairs),
            health=min(healths, key=severity, default=""),
            projects=len(pairs),
            measured=sum(now is not None for now, _ in pairs),
            key_results=len(scores),
            reached=sum(score == 1 for score in scores),
            objective_id=section.objective_id,
        )


def _percent_then(done: Finished, then: WeeklyDocument | None) -> Decimal | None:
    """What a finished project stood at in the other week: last week it was done already."""
    if then is None or done.week <= then.week:
        return done.percent
    before = (entry.percent for entry in then.entries if entry.project_id == done.project_id)
    return next(before, None)


def _counting_for(section: PageSection, document: WeeklyDocument) -> list[Entry]:
    """The objective's projects, those included that stand in another section, as focus projects."""
    here = [block.entry for block in section.blocks if block.entry is not None]
    if not section.code:
        return here
    ids = {entry.project_id for entry in here}
    return here + [
        entry
        for entry in document.entries
        if entry.objective_code == section.code and entry.project_id not in ids
    ]
