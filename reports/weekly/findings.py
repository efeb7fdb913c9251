"""The honesty checks: what on a page contradicts itself. They flag, they never correct. Pure.

A finding is a code and the figures of its sentence; the words are the renderers'
(``reports.render.wording``). That a project was not updated is a state of its entry, no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from projects import names, prose, weeks
from projects.prose import Mentions, Percent, State, StateKind
from projects.weeks import WEEK
from reports.weekly.document import Entry, Finding, MetricState, MilestoneState
from reports.weekly.entries import is_open
from reports.weekly.lines import plain
from reports.weekly.rows import DropRow, ProjectRow, WeekRows

_HUNDRED: Final = Decimal(100)
_STALLED_WEEKS: Final = 3
# A lead's own estimate and the mean of the milestones are never quite the same.
_TOLERANCE: Final = Decimal(5)
_RESTING: Final = ("done", "paused")
# What a percentage of the whole project is called; any other label is of a part of it.
_WHOLE: Final = frozenset(
    {"", "进度", "进展", "整体", "总体", "完成", "完成度", "progress", "complete", "overall"}
) | frozenset(f"{a}{b}" for a in ("整体", "总体", "项目", "总") for b in ("进度", "进展", "完成度"))
_RELIABILITY: Final = re.compile(r"成功率|可用性|可用率|success|availab|uptime", re.IGNORECASE)
_LABEL: Final = re.compile(r"(?<!\d)\d{4}[-\s]?W\d{1,2}(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Case:
    """One entry under examination, with what its texts of this week say."""

    entry: Entry
    row: ProjectRow
    day: date
    text: str
    said: Mentions
    own_names: frozenset[str]  # folded

    def is_of_project(self, mention: Percent | State) -> bool:
        """Whether a mention is of the project itself: no narrower thing is named or stands above.

        An indented line speaks of the line that it is indented under.
        """
        if mention.subject and names.key(mention.subject) not in self.own_names:
            return False
        line = self.text[self.text.rfind("\n", 0, mention.start) + 1 :]
        return not line[:1].isspace()

    @property
    def of_whole(self) -> list[Percent]:
        """The percents that the words give to the project itself."""
        return [
            said
            for said in self.said.percents
            if said.label.lower() in _WHOLE and self.is_of_project(said)
        ]

    def found(self, code: str, **params: str) -> Finding:
        return Finding(code, self.entry.project_id, self.entry.project, params)


def of_entry(entry: Entry, row: ProjectRow, week: date, day: date) -> tuple[Finding, ...]:
    """What contradicts itself in one project's entry; ``day`` decides what is past due."""
    text = _words(row)
    own_names = frozenset((*names.keys(entry.project), *names.keys(entry.name)))
    case = _Case(entry, row, day, text, _read(text, week), own_names)
    return tuple(finding for check in _CHECKS for finding in check(case))


def of_page(rows: WeekRows, metrics: Iterable[MetricState]) -> tuple[Finding, ...]:
    """What contradicts itself on the page as a whole."""
    return (*_wrong_label(rows), *_failures_without_incident(rows, metrics))


# A page is compiled after each save, and each save changes one text of many.
@lru_cache(maxsize=4096)
def _read(text: str, week: date) -> Mentions:
    return prose.read(text, week=week)


def _words(row: ProjectRow) -> str:
    """Everything that this week's page says of the project."""
    if row.entry is None:
        return ""
    texts = (row.entry.text, *(repeat.text for repeat in row.entry.repeats))
    return "\n".join(text for text in texts if text)


# --- one entry ------------------------------------------------------------------------------


def _dropped(case: _Case) -> Iterator[Finding]:
    """The percent fell, and neither change of this week says why."""
    entry = case.entry
    if entry.drop_reason:
        return
    if entry.change is not None and entry.change < 0:
        yield case.found("percent_dropped", **_from_to(entry.last_percent, entry.percent))
        return
    for milestone in case.row.milestones:
        for change in milestone.percent_changes:
            if _is_drop(change):
                figures = _from_to(change.old, change.new)
                yield case.found("milestone_dropped", milestone=milestone.name, **figures)


def _is_drop(change: DropRow) -> bool:
    return change.new < change.old and not change.reason


def _stalled(case: _Case) -> Iterator[Finding]:
    """The same percent for three weeks or more, and not done."""
    entry = case.entry
    is_resting = entry.health in _RESTING or entry.percent in (None, _HUNDRED)
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
        params["days"] = str((entry.due_on - case.day).days)
    yield case.found("percent_stalled", **params)


def _open_at_100(case: _Case) -> Iterator[Finding]:
    """The project says 100%, a milestone of it does not."""
    if case.entry.percent != _HUNDRED:
        return
    for milestone in filter(is_open, case.entry.milestones):
        percent = "" if milestone.percent is None else plain(milestone.percent)
        yield case.found("open_milestone", milestone=milestone.name, percent=percent)


def _launched(case: _Case) -> Iterator[Finding]:
    """The text says that the project itself is live, the percent says that it is not done."""
    percent = case.entry.percent
    if percent is None or percent >= _HUNDRED:
        return
    for state in case.said.states:
        is_live = state.kind is StateKind.LAUNCHED and not state.is_future
        if is_live and case.is_of_project(state):
            yield case.found("launched_below_100", words=state.text, percent=plain(percent))
            return


def _past_due(case: _Case) -> Iterator[Finding]:
    """An open milestone's date has passed and the project is still called on track."""
    if case.entry.health != "on_track" or case.entry.percent == _HUNDRED:
        return
    late = [m for m in case.entry.milestones if is_open(m) and _is_past(m, case.day)]
    first = min(late, key=lambda milestone: milestone.due_on or date.max, default=None)
    if first is None or first.due_on is None:
        return
    yield case.found(
        "past_due_on_track",
        milestone=first.name,
        due=first.due_on.isoformat(),
        precision=first.due_precision,
        days=str((case.day - first.due_on).days),
    )


def _is_past(milestone: MilestoneState, day: date) -> bool:
    return milestone.due_on is not None and milestone.due_on < day


def _differs(case: _Case) -> Iterator[Finding]:
    """The words say another percent than the field: of the project, or of one of its milestones."""
    entry = case.entry
    whole = {said.value for said in case.of_whole}
    if len(whole) == 1 and entry.percent is not None and entry.percent not in whole:
        figures = {"text": plain(*whole), "field": plain(entry.percent)}
        yield case.found("text_differs", milestone="", **figures)
    fields = {names.key(m.name): m for m in entry.milestones if m.percent is not None}
    for said in case.said.percents:
        named = names.key(said.subject + said.label), names.key(said.subject)
        milestone = next((fields[name] for name in named if name in fields), None)
        if milestone and milestone.percent not in (None, said.value):
            figures = {"text": plain(said.value), "field": plain(milestone.percent)}
            yield case.found("text_differs", milestone=milestone.name, **figures)


def _far_from_milestones(case: _Case) -> Iterator[Finding]:
    """The lead's percent and the mean of the milestones are far apart."""
    reported = case.row.entry.percent if case.row.entry else None
    weighted = case.entry.weighted_percent
    if reported is not None and weighted is not None and abs(reported - weighted) > _TOLERANCE:
        figures = {"reported": plain(reported), "weighted": plain(weighted)}
        yield case.found("milestones_differ", **figures)


def _said_twice(case: _Case) -> Iterator[Finding]:
    """The same thing has two percents in this week's words."""
    values: dict[str, list[Decimal]] = {"": [said.value for said in case.of_whole]}
    for said in case.said.percents:
        thing = said.subject + said.label
        if thing.lower() not in _WHOLE:
            values.setdefault(thing, []).append(said.value)
    for thing, (first, *others) in ((t, v) for t, v in values.items() if v):
        second = next((value for value in others if value != first), None)
        if second is not None:
            figures = {"first": plain(first), "second": plain(second)}
            yield case.found("said_twice", thing=thing, **figures)


def _from_to(old: Decimal | None, new: Decimal | None) -> dict[str, str]:
    return {
        "old": "" if old is None else plain(old),
        "new": "" if new is None else plain(new),
    }


_CHECKS: Final = (
    _dropped,
    _stalled,
    _open_at_100,
    _launched,
    _past_due,
    _differs,
    _far_from_milestones,
    _said_twice,
)

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
