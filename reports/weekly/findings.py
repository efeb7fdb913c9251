"""The honesty checks: what on a page contradicts itself. They flag, they never correct. Pure.

A finding is a code and the figures of its sentence; the words are the renderers'
(``reports.render.wording``). ``projects.checkin.reading.contradictions`` knows what contradicts
itself within one entry. That a project was not updated is a state of its entry, no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from projects import weeks
from projects.checkin.reading import contradictions
from projects.checkin.reading.contradictions import ReportedMilestone, Statement
from projects.standing import RESTING, is_dropped, is_open
from projects.text.numbers import HUNDRED, plain
from projects.weeks import WEEK
from reports.weekly.document import Entry, Finding, MetricState
from reports.weekly.rows import DropRow, EntryRow, ProjectRow, WeekRows

_STALLED_WEEKS: Final = 3
_RELIABILITY: Final = re.compile(r"成功率|可用性|可用率|success|availab|uptime", re.IGNORECASE)
_LABEL: Final = re.compile(r"(?<!\d)\d{4}[-\s]?W\d{1,2}(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Case:
    """One entry under examination."""

    entry: Entry
    row: ProjectRow
    day: date

    def finding(self, code: str, **params: str) -> Finding:
        return Finding(code, self.entry.project_id, self.entry.project, params)


def of_entry(entry: Entry, row: ProjectRow, week: date, day: date) -> tuple[Finding, ...]:
    """What contradicts itself in one project's entry. Dates before ``day`` are past due."""
    case = _Case(entry, row, day)
    against_the_past = [finding for check in _CHECKS for finding in check(case)]
    within = contradictions.printed(_statement(case, week))
    return (
        *against_the_past,
        *(case.finding(contradiction.code, **contradiction.params) for contradiction in within),
    )


def of_page(rows: WeekRows, metrics: Iterable[MetricState]) -> tuple[Finding, ...]:
    """What contradicts itself on the page as a whole."""
    return (*_wrong_label(rows), *_failures_without_incident(rows, metrics))


def _statement(case: _Case, week: date) -> Statement:
    entry = case.entry
    return Statement(
        text=_words(case.row),
        week=week,
        day=case.day,
        project_names=(entry.project, entry.name),
        health=entry.health,
        percent=_percent_of_word(case),
        reported=case.row.entry.percent if case.row.entry else None,
        weighted=entry.weighted_percent,
        milestones=tuple(
            ReportedMilestone(
                *(m.name, m.percent, m.due_on, m.due_precision),
                is_open=is_open(m.percent, is_closed=m.is_closed),
            )
            for m in entry.milestones
            if not is_dropped(m.percent, is_closed=m.is_closed)
        ),
    )


def _percent_of_word(case: _Case) -> Decimal | None:
    """The percent that somebody stands for, and that other figures may contradict.

    A carried percent is not the word of this entry, so its words do not contradict it; what
    history told last nobody is asked about before the project is reported on.
    """
    if case.entry.is_updated:
        return case.entry.told_percent
    return None if case.row.last_of_history else case.entry.percent


def _words(row: ProjectRow) -> str:
    """Everything that this week's page says of the project."""
    if row.entry is None:
        return ""
    texts = (row.entry.text, *(repeat.text for repeat in row.entry.repeats))
    return "\n".join(text for text in texts if text)


# --- one entry, against the weeks before ----------------------------------------------------


def _dropped(case: _Case) -> Iterator[Finding]:
    """The percent fell, and neither change of this week says why."""
    entry = case.entry
    if entry.drop_reason:
        return
    if entry.change is not None and entry.change < 0 and _is_of_one_kind(case.row):
        yield case.finding("percent_dropped", **_from_to(entry.last_percent, entry.percent))
        return
    for milestone in case.row.milestones:
        for change in milestone.percent_changes:
            if _is_drop(change):
                figures = _from_to(change.old, change.new)
                yield case.finding("milestone_dropped", milestone=milestone.name, **figures)


def _is_of_one_kind(row: ProjectRow) -> bool:
    """Whether the percents of two weeks surely measure the same.

    Whoever reports here is asked for the reason. An old page could not be: there a mean that fell
    because the page names one milestone more is no drop, nor is a mean below a percent of before
    that was said of the whole.
    """
    entry, before = row.entry, row.previous
    if entry is None or entry.source != "imported":
        return True
    if before is not None and _is_mean(entry) != _is_mean(before):
        return False
    changes = (change for milestone in row.milestones for change in milestone.percent_changes)
    return not _is_mean(entry) or any(map(_is_drop, changes))


def _is_mean(entry: EntryRow) -> bool:
    """Whether the milestones give the percent; the lead reported no other."""
    return entry.percent in (None, entry.weighted_percent) and entry.weighted_percent is not None


def _is_drop(change: DropRow) -> bool:
    return change.new < change.old and not change.reason


def _stalled(case: _Case) -> Iterator[Finding]:
    """The same percent for three weeks or more, and not done."""
    entry = case.entry
    is_resting = entry.health in RESTING or entry.percent in (None, HUNDRED)
    if is_resting or not entry.is_updated or not entry.history:
        return
    last, percent = entry.history[-1]
    since = last
    for week, value in reversed(entry.history):
        if value != percent:
            break
        since = week
    unchanged = (last - since) // WEEK
    if unchanged < _STALLED_WEEKS:
        return
    params = {"percent": plain(percent), "weeks": str(unchanged)}
    if entry.due_on is not None and entry.due_on >= case.day:
        params |= {"due": entry.due_on.isoformat(), "days": str((entry.due_on - case.day).days)}
    yield case.finding("percent_stalled", **params)


def _from_to(old: Decimal | None, new: Decimal | None) -> dict[str, str]:
    return {
        "old": "" if old is None else plain(old),
        "new": "" if new is None else plain(new),
    }


_CHECKS: Final = (_dropped, _stalled)

# --- the page -------------------------------------------------------------------------------


def _wrong_label(rows: WeekRows) -> Iterator[Finding]:
    """The title names another week than the page's dates, or the page was written in another."""
    written = _LABEL.search(rows.title)
    if written and not _is_week(written[0], rows):
        last = weeks.last_day(rows.week)
        params = {"title": rows.title, "start": rows.week.isoformat(), "end": last.isoformat()}
        yield Finding("label_mismatch", params=params)
    elif "label_mismatch" in rows.warnings:
        label = weeks.label(rows.week, rows.numbering)
        yield Finding("written_in_another_week", params={"label": label})


def _is_week(label: str, rows: WeekRows) -> bool:
    try:
        return weeks.parse(label, rows.numbering) == rows.week
    except ValueError:
        return False


def _failures_without_incident(rows: WeekRows, metrics: Iterable[MetricState]) -> Iterator[Finding]:
    """A success rate or an availability missed its target in a week without any incident."""
    if rows.incidents or any(count.count for count in rows.incident_counts):
        return
    for metric in metrics:
        if metric.misses_target and _RELIABILITY.search(metric.metric):
            params = {
                "metric": metric.metric,
                "unit": metric.unit,
                "value": plain(metric.value or Decimal(0)),
                "target": plain(metric.target or Decimal(0)),
            }
            yield Finding("target_missed_without_incident", params=params)
