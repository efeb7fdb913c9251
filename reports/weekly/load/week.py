"""Reads a team's week from the database: eleven queries, however much there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from projects.models import Team
from projects.standing import begins_with
from projects.weeks import WEEK
from reports.weekly.document import Block, IncidentState, PlanState
from reports.weekly.load import queries
from reports.weekly.load.projects import load_projects, recent
from reports.weekly.rows import (
    FactRow,
    IncidentCountRow,
    KeyResultRow,
    ObjectiveRow,
    ReadingRow,
    SectionRow,
    VerdictRow,
    WeekRows,
)
from reports.weekly.sections import Kind

# Weeks that the chart of a metric shows on the dashboard, this one included.
COURSE: Final = 12


def load_week(team: Team, week: date, *, today: date | None = None) -> WeekRows:
    """The facts of the team's week as they stood at its end. ``today`` is the team's by default.

    The revision comes with the first query: a fact that changes while the rest is read makes the
    result stale, never wrongly fresh.
    """
    today = today or team.today()
    since = begins_with(week, team.starts_on)
    page = queries.page.rows(team=team.pk, week=week)
    projects = load_projects(team, week, today)
    return WeekRows(
        team_slug=team.slug,
        team_name=team.name,
        numbering=team.numbering,
        week=week,
        title=page[0]["page__title"] or "",
        today=today,
        objectives=_objectives(team, week, since),
        projects=projects.on_page,
        finished=projects.finished,
        closed_before=projects.closed_before,
        readings=_readings(team, week, since),
        incident_counts=_incident_counts(team, week, since),
        facts=tuple(_facts(team, week, since)),
        sections=tuple(_section(row) for row in page if row["page__sections__kind"]),
        warnings=tuple(page[0]["page__warnings"] or ()),
        revision=page[0]["revision"] or 0,
        verdicts=_verdicts(team, page[0]["page__verdicts"] or {}),
        is_history=team.is_history(week),
        cutoff_at=page[0]["cutoff_at"],
    )


def _verdicts(team: Team, stored: Mapping[str, Mapping[str, str]]) -> dict[str, VerdictRow]:
    return {
        key: VerdictRow(
            verdict["note"], verdict["by"], team.local(datetime.fromisoformat(verdict["at"]))
        )
        for key, verdict in stored.items()
    }


def _section(row: dict[str, Any]) -> SectionRow:
    return SectionRow(
        kind=row["page__sections__kind"],
        heading=row["page__sections__heading"],
        level=row["page__sections__level"],
        body=row["page__sections__body"],
        objective_id=row["page__sections__objective_id"],
        position=row["page__sections__position"],
        id=row["page__sections__pk"],
    )


def _objectives(team: Team, week: date, since: date) -> tuple[ObjectiveRow, ...]:
    """The objectives of the week's cycle, and those the page refers to.

    A week of the present without a cycle keeps the one before, until the next is made.
    """
    is_history = team.is_history(week)
    rows = queries.objectives.rows(team=team.pk, week=week, since=since, is_history=is_history)
    heads: dict[int, tuple[str, str, int]] = {}
    results: dict[int, list[KeyResultRow]] = {}
    for pk, code, name, position, metric, *figures in rows:
        heads[pk] = (code, name, position)
        if metric is not None:
            results.setdefault(pk, []).append(KeyResultRow(metric, *figures))
    return tuple(
        ObjectiveRow(pk, *head, key_results=tuple(results.get(pk, ())))
        for pk, head in heads.items()
    )


def _readings(team: Team, week: date, since: date) -> tuple[ReadingRow, ...]:
    """The team's metrics with recent readings, and those that were never read."""
    begin = recent(week, since, COURSE)
    rows = queries.readings.rows(team=team.pk, begin=begin, week=week)
    by_metric: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_metric.setdefault(row["pk"], []).append(row)
    is_history = team.is_history(week)
    readings = (
        _reading(rows, week, recent(week, since), is_history=is_history)
        for rows in by_metric.values()
    )
    # Of what was read before, but not of late, the page says nothing.
    return tuple(reading for reading in readings if reading.history or not reading.course)


def _reading(
    rows: list[dict[str, Any]], week: date, since: date, *, is_history: bool
) -> ReadingRow:
    """A metric from its readings, oldest first. Today's target is no measure of history."""
    metric = rows[0]
    by_week = {row["recent__week"]: row for row in rows if row["recent__week"]}
    now = by_week.get(week, {})
    course = tuple((day, row["recent__value"]) for day, row in by_week.items())
    return ReadingRow(
        metric=metric["name"],
        unit=metric["unit"],
        value=now.get("recent__value"),
        last_value=by_week.get(week - WEEK, {}).get("recent__value"),
        target=None if is_history else metric["target"],
        direction=metric["direction"],
        note=now.get("recent__note", ""),
        text=now.get("recent__text", ""),
        position=now.get("recent__position", 0),
        history=tuple(reading for reading in course if reading[0] >= since),
        course=course,
    )


def _incident_counts(team: Team, week: date, since: date) -> tuple[IncidentCountRow, ...]:
    """This week's incident counts, each with the counts of its severity in earlier weeks."""
    begin = recent(week, since, COURSE)
    columns = queries.incident_counts.rows(team=team.pk, begin=begin, week=week)
    history: dict[str, dict[date, Decimal]] = {}
    counts = []
    for of_week, severity, count, text, position in columns:
        by_week = history.setdefault(severity, {})
        by_week[of_week] = by_week.get(of_week, Decimal(0)) + count
        if of_week == week:
            counts.append((severity, count, text, position))
    begin = recent(week, since)
    rows_by_severity = []
    for row in counts:
        course = tuple(history[row[0]].items())
        shown = tuple(count for count in course if count[0] >= begin)
        rows_by_severity.append(IncidentCountRow(*row, shown, course))
    return tuple(rows_by_severity)


def _facts(team: Team, week: date, since: date) -> Iterator[FactRow]:
    """What the page prints as it stands in the database. Facts of a new type are read here, too."""
    yield from _incidents(team, week)
    yield from _planned(team, week, since)


def _incidents(team: Team, week: date) -> Iterator[FactRow]:
    for row in queries.incidents.rows(team=team.pk, week=week):
        incident = IncidentState(
            occurred_at=team.local(row.occurred_at),
            detected_by=row.detected_by,
            severity=row.severity,
            description=row.description,
            cause=row.cause,
            resolution=row.resolution,
            recovered_at=team.local(row.recovered_at) if row.recovered_at else None,
            link=row.link,
            text=row.text,
            id=row.pk,
        )
        yield FactRow(Kind.INCIDENTS, Block(incident=incident), row.position)


def _planned(team: Team, week: date, since: date) -> Iterator[FactRow]:
    """What was planned last week for this one, and this week for the next."""
    for row in queries.planned.rows(team=team.pk, week=week, since=since):
        item = PlanState(row.text, row.outcome, row.outcome_note, row.pk)
        if row.week == week:
            yield FactRow(Kind.PLAN, Block(plan=(item,)), row.position)
        else:
            # Its position is a line of last week's page.
            yield FactRow(Kind.LAST_PLAN, Block(last_plan=(item,)))
