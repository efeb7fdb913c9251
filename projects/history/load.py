"""Reads a project's past for its page, in a fixed number of queries however long it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet

from projects import standing, weeks
from projects.checkin import ledger
from projects.history.forecast import Forecast, NoForecast, forecast
from projects.history.timeline import DueDate, Happening, Point, Timeline
from projects.models import (
    AuditRecord,
    Health,
    Incident,
    LedgerField,
    Metric,
    Milestone,
    ProgressChange,
    Project,
    Question,
    Reading,
    StatusEntry,
    Team,
)
from projects.models.deputies import signature
from projects.standing import Duty, Slips, printed_percent
from projects.weeks import WEEK

_READINGS: Final = 26  # weeks that a metric's line shows
_HAPPENING: Final = 80  # signs of an incident's text that the chart has room for


@dataclass(frozen=True, slots=True)
class WeekEntry:
    """What the entry of a week says, without its text."""

    week: date
    percent: Decimal | None
    health: str  # "" where an old page did not say it
    stage: str
    by_milestones: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """How the project stands: this week's entry, or what was last known when there is none."""

    duty: Duty  # what the project owes this week
    last_week: date | None  # of the latest entry; None: there never was one
    health: str  # "" where only history said one, unless the project was over by then
    stage: str
    percent: Decimal | None
    percent_week: date | None  # in which that percent was told
    change: Decimal | None  # since the latest percent before; None while this week has no entry
    by_milestones: Decimal | None  # as the latest entry tells it
    last_week_percent: Decimal | None  # that last week told; None while this week has no entry
    is_carried: bool  # the latest entry tells no percent: this one is of an earlier week
    is_closed: bool
    weeks_silent: int = 0  # since the latest entry

    @property
    def is_updated(self) -> bool:
        return self.duty is Duty.REPORTED


@dataclass(frozen=True, slots=True)
class MetricHistory:
    metric: Metric
    history: tuple[tuple[date, Decimal], ...]  # oldest first, the last weeks with a reading
    change: Decimal | None  # from the reading before to the latest
    is_better: bool | None
    note: str  # of the latest reading

    @property
    def value(self) -> Decimal | None:
        return self.history[-1][1] if self.history else None

    @property
    def week(self) -> date | None:
        return self.history[-1][0] if self.history else None


@dataclass(frozen=True, slots=True)
class History:
    latest: Latest
    timeline: Timeline
    forecast: Forecast | None
    no_forecast: NoForecast | None  # why there is none
    milestones: tuple[tuple[Milestone, Slips | None], ...]
    incidents: tuple[Incident, ...]  # the newest first
    deciding: Milestone | None  # decides when the project is due
    deciding_slips: Slips | None
    time_gone: Decimal | None  # of its plan; None once it is over
    starts_on: date | None = None  # the team's start, where the project has a history before it
    is_whole: bool = False  # that history is shown, too

    @property
    def plain_milestones(self) -> list[Milestone]:
        return [milestone for milestone, _slips in self.milestones]

    @property
    def weeks_after_due(self) -> int | None:
        """By how many weeks the forecast is later than the due date; negative: earlier."""
        due = self.timeline.due
        return self.forecast.weeks_after(due.due_on) if self.forecast and due else None


def _timeline(
    project: Project,
    entries: Sequence[WeekEntry],
    deciding: Milestone | None,
    since: date,
    happenings: tuple[Happening, ...],
) -> Timeline:
    points = tuple(Point(e.week, e.percent) for e in entries if e.percent is not None)
    started_on = project.started_on
    return Timeline(
        today=project.team.today(),
        points=points,
        due_dates=_due_dates(deciding, since, is_alone=not points and not happenings),
        incidents=happenings,
        milestone=deciding.name if deciding else "",
        # Nobody knows how far it was at the border: no plan begins with nothing before it.
        started_on=started_on if started_on and started_on >= since else None,
    )


def history_of(project: Project, *, is_whole: bool = False) -> History:
    """Its course since the team's start; with ``is_whole`` all of it.

    A project that was over before the start has no other. Takes five queries.
    """
    team = project.team
    every_entry = _week_entries(project)
    border = team.starts_on or date.min
    is_whole = is_whole or standing.is_closed(project.closed_on, border)
    since = date.min if is_whole else border
    entries = [entry for entry in every_entry if entry.week >= since]
    milestones = _milestones(project, is_whole=is_whole)
    slips, incidents = ledger.slips([project], since), list(project.incidents.all())
    deciding = standing.deciding(milestones)
    latest = _latest(project, every_entry, team.this_week())
    happenings = tuple(_happening(team, row) for row in incidents if row.week >= since)
    timeline = replace(
        _timeline(project, entries, deciding, since, happenings),
        border=team.starts_on if is_whole else None,
        ended_on=_ended_on(project, entries, latest),
    )
    outlook = _outlook(timeline, latest)
    return History(
        latest=latest,
        timeline=timeline,
        forecast=outlook if isinstance(outlook, Forecast) else None,
        no_forecast=outlook if isinstance(outlook, NoForecast) else None,
        milestones=tuple((milestone, slips.get(milestone.pk)) for milestone in milestones),
        incidents=tuple(reversed(incidents)),
        deciding=deciding,
        deciding_slips=slips.get(deciding.pk) if deciding else None,
        time_gone=_time_gone(project, latest, deciding),
        starts_on=border if any(entry.week < border for entry in every_entry) else None,
        is_whole=is_whole,
    )


def _milestones(project: Project, *, is_whole: bool) -> list[Milestone]:
    rows = project.milestones.select_related("stage")
    return [row for row in rows if is_whole or not row.is_history]


def _time_gone(project: Project, latest: Latest, deciding: Milestone | None) -> Decimal | None:
    if latest.health == Health.DONE or latest.is_closed or deciding is None:
        return None
    return standing.time_gone(project.started_on, deciding.due_on, project.team.today())


def _outlook(timeline: Timeline, latest: Latest) -> Forecast | NoForecast:
    """When it will be done, or why nobody can say."""
    return forecast(
        [(point.week, point.percent) for point in timeline.points],
        timeline.today,
        health=latest.health,
        is_closed=latest.is_closed,
    )


def _happening(team: Team, incident: Incident) -> Happening:
    return Happening(
        team.local(incident.occurred_at).date(),
        _headline(incident.description or incident.text),
        incident.severity,
    )


def entries_of(project: Project) -> QuerySet[StatusEntry]:
    """Every week's entry with its ``told_percent``, the newest first."""
    entries = StatusEntry.objects.filter(project=project).with_told_percent()
    return entries.select_related("author", "on_behalf_of", "stage").order_by("-week")


def changes_of(project: Project, field: str = "") -> QuerySet[ProgressChange]:
    """The ledger, the newest first; with a ``LedgerField``, of that alone."""
    changes = ProgressChange.objects.filter(milestone__project=project)
    if field in LedgerField.values:
        changes = changes.filter(field=field)
    return changes.select_related("milestone", "by", "on_behalf_of").order_by("-week", "-pk")


def questions_of(project: Project) -> list[Question]:
    """All questions with their answers: the open ones first, the newest first among each."""
    people = ("asked_by", "asked_on_behalf_of", "answered_by", "answered_on_behalf_of")
    questions = project.questions.select_related(*people).order_by("-asked_at")
    return sorted(questions, key=lambda question: question.answered_at is not None)


def audit_of(project: Project) -> QuerySet[AuditRecord]:
    """What was changed besides percents and dates, the newest first."""
    return AuditRecord.objects.filter(project=project).select_related("by", "on_behalf_of")


def metrics_of(project: Project, *, is_whole: bool = False) -> list[MetricHistory]:
    """The project's own metrics with their latest readings, since the team's start or all of them.

    Of a metric without a reading since then the newest one is known. Two queries.
    """
    since = date.min if is_whole else project.team.starts_on or date.min
    readings: dict[int, list[tuple[date, Decimal, str]]] = defaultdict(list)
    rows = Reading.objects.filter(metric__project=project).order_by("week")
    for metric, week, value, note in rows.values_list("metric", "week", "value", "note"):
        readings[metric].append((week, value, note))
    return [_metric(m, _shown(readings[m.pk], since)) for m in project.metrics.all()]


def _shown[R: tuple[date, Decimal, str]](readings: list[R], since: date) -> list[R]:
    """The readings since then, else the last one before."""
    return [reading for reading in readings if reading[0] >= since] or readings[-1:]


def _metric(metric: Metric, readings: list[tuple[date, Decimal, str]]) -> MetricHistory:
    change = readings[-1][1] - readings[-2][1] if len(readings) > 1 else None
    return MetricHistory(
        metric=metric,
        history=tuple((week, value) for week, value, _note in readings[-_READINGS:]),
        change=change,
        is_better=(change > 0) is (metric.direction == "up") if change else None,
        note=readings[-1][2] if readings else "",
    )


def _week_entries(project: Project) -> list[WeekEntry]:
    rows = StatusEntry.objects.filter(project=project).with_told_percent().order_by("week")
    return [
        WeekEntry(week, percent, health, stage or "", by_milestones)
        for week, percent, health, stage, by_milestones in rows.values_list(
            "week", "told_percent", "health", "stage__name", "weighted_percent"
        )
    ]


def _compared_with(entries: Sequence[WeekEntry], border: date) -> list[WeekEntry]:
    """Those before the last with a percent; none where only the last one is of the present."""
    before = [entry for entry in entries[:-1] if entry.percent is not None]
    if not before or before[-1].week >= border or entries[-1].percent is None:
        return before
    return [] if entries[-1].week >= border else before


def _latest(project: Project, entries: Sequence[WeekEntry], this_week: date) -> Latest:
    """Of all entries. What a page of history said is known of a project that comes from there.

    Nothing of the present is compared with it.
    """
    starts_on = project.team.starts_on
    border = starts_on or date.min
    if not standing.comes_from_history(project.started_on, starts_on):
        entries = [entry for entry in entries if entry.week >= border]
    last = entries[-1] if entries else None
    is_updated = last is not None and last.week >= this_week
    is_of_present = last is not None and last.week >= border
    is_over = standing.is_closed(project.closed_on, border)
    before = _compared_with(entries, border)
    is_after_last_week = bool(before) and is_updated and before[-1].week == this_week - WEEK
    printed = printed_percent(
        last.percent if last else None, before[-1].percent if before else None
    )
    return Latest(
        duty=standing.duty_in(
            this_week,
            this_week=this_week,
            started_on=project.started_on,
            closed_on=project.closed_on,
            has_entry=is_updated,
            last_health=last.health if last and is_of_present else None,
            starts_on=project.team.starts_on,
        ),
        last_week=last.week if last else None,
        health=last.health if last and (is_of_present or is_over) else "",
        stage=str(project.stage or (last.stage if last else "")),
        percent=printed.percent,
        percent_week=next((e.week for e in reversed(entries) if e.percent is not None), None),
        change=printed.change if is_updated else None,
        by_milestones=last.by_milestones if last else None,
        last_week_percent=before[-1].percent if is_after_last_week else None,
        is_carried=printed.is_carried or not (is_of_present or printed.percent is None),
        is_closed=standing.is_closed(project.closed_on, project.team.today()),
        weeks_silent=max((this_week - last.week) // WEEK, 0) if last else 0,
    )


def _due_dates(milestone: Milestone | None, since: date, *, is_alone: bool) -> tuple[DueDate, ...]:
    """Each date that was said of it, in the order of the weeks; the same day said anew is none.

    With ``since`` the first is the one that stood at that week's beginning. Where it ``is_alone``,
    nothing else being known since then, it draws no picture: only history said it.
    """
    if milestone is None:
        return ()
    rows = milestone.changes.filter(field=LedgerField.DUE_ON, is_undone=False)
    rows = rows.select_related("by", "on_behalf_of").order_by("week", "pk")
    dates: list[DueDate] = []
    for row in rows:
        if row.new_due_on is None:
            continue
        week = max(row.week, since)
        by = signature(milestone.project.team, row.by, row.on_behalf_of)
        due = DueDate(week, row.new_due_on, row.new_precision, row.reason, by)
        if row.week < since:
            dates = [due]
            continue
        if dates and dates[-1].due_on == due.due_on:
            continue
        dates.append(due)
    is_of_history = is_alone and not any(row.week >= since for row in rows)
    return () if is_of_history else tuple(dates)


def _ended_on(project: Project, entries: Sequence[WeekEntry], latest: Latest) -> date | None:
    """When it was closed, or with which week it was last reported as done."""
    today = project.team.today()
    if latest.is_closed:
        return project.closed_on
    if latest.health == Health.DONE and entries:
        return weeks.judged_on(entries[-1].week, today)
    return None


def _headline(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "").strip()
    return line if len(line) <= _HAPPENING else f"{line[:_HAPPENING]}…"
