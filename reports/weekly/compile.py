"""Makes the week's document of its rows, with a finding for each contradiction. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from projects import weeks
from projects.standing import time_gone
from projects.text.numbers import mean_share
from reports.weekly import findings, layout, states
from reports.weekly.document import (
    Entry,
    Finding,
    PageSection,
    Verdict,
    WeeklyDocument,
)
from reports.weekly.rows import EntryRow, ProjectRow, WeekRows
from reports.weekly.sections import Kind
from reports.weekly.states import entry_of, objective_of


def compile_week(rows: WeekRows) -> WeeklyDocument:
    """The document of the week.

    A page that is kept here has the order of ``sections.SECTIONS``, with a section for each
    objective and for everything that nobody filled. An imported page keeps the order and the
    headings of its source.
    """
    entries = _entries(rows)
    lay_out = layout.imported_sections if rows.is_imported else layout.sections_kept_here
    laid_out = lay_out(rows, entries)
    # A page of history prints what it said, not what the team wants to reach since.
    sections = laid_out if rows.is_history else _with_results(laid_out, rows)
    metrics = [state for _, state in states.metrics(rows.readings)]
    of_page = findings.of_page(rows, metrics)
    return WeeklyDocument(
        team_slug=rows.team_slug,
        team_name=rows.team_name,
        week=rows.week,
        label=weeks.label(rows.week, rows.numbering),
        title=rows.title,
        sections=tuple(_anchored(sections)),
        findings=(
            *_judged(of_page, rows),
            *(finding for entry in entries for finding in entry.findings),
        ),
        updated=sum(entry.is_updated for entry in entries),
        expected=_expected(entries, rows),
        is_imported=rows.is_imported,
        is_history=rows.is_history,
    )


def _expected(entries: Iterable[Entry], rows: WeekRows) -> int:
    """How many entries the week wants; one of history wants none."""
    if rows.is_history:
        return 0
    return sum(entry.is_updated or entry.is_owed for entry in entries)


def _entries(rows: WeekRows) -> tuple[Entry, ...]:
    """One entry for each of ``rows.projects``, in their order, findings included."""
    day = weeks.judged_on(rows.week, rows.today)
    codes = {objective.id: objective.code for objective in rows.objectives}
    entries = []
    for row in rows.projects:
        # The importer closes what later pages do not name: no imported page has said so itself.
        is_quiet = rows.is_imported or rows.is_history
        as_told = replace(row, closed_on=None) if is_quiet else row
        entry = entry_of(as_told, rows.week)
        objective = objective_of(row, rows)
        entry = replace(
            entry,
            findings=_judged(findings.of_entry(entry, row, rows.week, day), rows),
            objective_code=codes[objective] if objective is not None else "",
            objective_id=objective,
            time_gone=None if is_quiet else _time_gone(entry, row, day),
            is_late=not is_quiet and _is_late(row.entry, rows.cutoff_at),
        )
        entries.append(entry)
    return tuple(entries)


def _is_late(entry: EntryRow | None, cutoff_at: datetime | None) -> bool:
    """Whether it was reported after the cutoff; a late correction is, too."""
    return entry is not None and cutoff_at is not None and entry.reported_at > cutoff_at


def _time_gone(entry: Entry, row: ProjectRow, day: date) -> Decimal | None:
    """Of its plan; none where nothing of it is to come."""
    if entry.health == "done" or entry.closed_on is not None:
        return None
    return time_gone(row.started_on, entry.due_on, day)


def _judged(findings_of_page: tuple[Finding, ...], rows: WeekRows) -> tuple[Finding, ...]:
    """The findings with the manager's verdicts."""
    if not rows.verdicts:
        return findings_of_page
    return tuple(
        replace(finding, verdict=Verdict(verdict.note, verdict.by, verdict.at))
        if (verdict := rows.verdicts.get(finding.key))
        else finding
        for finding in findings_of_page
    )


def _with_results(sections: Iterable[PageSection], rows: WeekRows) -> Iterator[PageSection]:
    """Key results and finished projects in the first section of each objective."""
    waiting = {objective.id: objective for objective in rows.objectives}
    for section in sections:
        objective = waiting.pop(section.objective_id or 0, None)
        if objective is None:
            yield section
            continue
        finished = [row for row in rows.finished if row.objective_id == objective.id]
        yield replace(
            section,
            key_results=tuple(map(states.key_result, objective.key_results)),
            finished=tuple(map(states.finished, finished)),
            last_percent=_last_percent(objective.id, rows),
        )


def _last_percent(objective: int, rows: WeekRows) -> Decimal | None:
    """The objective's percent as last week's page counts it, with what has left the page since."""
    percents = [
        row.last_percent
        for row in rows.projects
        if (row.previous or row).objective_id == objective
        and not (row.is_last_of_history or row.is_back)
    ]
    percents += [row.percent for row in rows.finished if row.objective_id == objective]
    percents += [row.percent for row in rows.closed_before if row.objective_id == objective]
    return mean_share(percents, places=0)


def _anchored(sections: Iterable[PageSection]) -> Iterator[PageSection]:
    """Each section with a unique anchor: o1, metrics, own, own-2."""
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    for section in sections:
        anchor = stem = _stem(section)
        while anchor in taken:
            numbers[stem] += 1
            anchor = f"{stem}-{numbers[stem] + 1}"
        taken.add(anchor)
        yield replace(section, anchor=anchor)


def _stem(section: PageSection) -> str:
    if section.kind is Kind.OBJECTIVE:
        return re.sub(r"[^0-9a-z]+", "-", section.code.lower()).strip("-") or "objective"
    return "own" if section.kind is Kind.CUSTOM else section.kind.replace("_", "-")
