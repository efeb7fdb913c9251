"""Reads a team's week from the database: eleven queries, however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery

from projects.models import (
    Cycle,
    Incident,
    IncidentCount,
    Metric,
    Objective,
    PlannedItem,
    Reading,
    StatusEntry,
    Team,
    WeekFacts,
)
from projects.standing import begins_with
from projects.weeks import WEEK
from reports.models import Section, Step, WeekStep
from reports.weekly.document import Block, IncidentState, PlanState
from reports.weekly.load_projects import load_projects, recent
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
    page = _page(team, week)
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


def _page(team: Team, week: date) -> list[dict[str, Any]]:
    """The revision of the week's facts, its cutoff, the page if there is one, and its sections: a
    row each. The cutoff is as it was when the week was closed: the schedule may change later.
    """
    facts = WeekFacts.objects.filter(team=OuterRef("pk"), week=week)
    closing = WeekStep.objects.filter(team=OuterRef("pk"), week=week, step=Step.CLOSE)
    rows = (
        Team.objects.filter(pk=team.pk)
        .annotate(
            revision=Subquery(facts.values("revision")[:1]),
            cutoff_at=Subquery(closing.values("due_at")[:1]),
            page=FilteredRelation("weekly_pages", condition=Q(weekly_pages__week=week)),
        )
        .order_by("page__sections__position", "page__sections__pk")
    )
    section = [
        f"page__sections__{name}"
        for name in ("pk", "kind", "heading", "level", "body", "objective_id", "position")
    ]
    columns = ("revision", "cutoff_at", "page__title", "page__warnings", "page__verdicts")
    return list(rows.values(*columns, *section))


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
    """The objectives of the cycle that the week belongs to, and those the page refers to."""
    entries = StatusEntry.objects.filter(team=team, week=week)
    sections = Section.objects.filter(page__team=team, page__week=week)
    readings = Reading.objects.filter(
        metric=OuterRef("key_results__metric"), week__range=(since, week)
    )
    rows = (
        Objective.objects.filter(team=team)
        .filter(
            Q(cycle=Subquery(Cycle.objects.of_week(team, week).values("pk")))
            | Q(pk__in=entries.values("objective"))
            | Q(pk__in=sections.values("objective"))
        )
        .annotate(value=Subquery(readings.order_by("-week").values("value")[:1]))
        .order_by("cycle__starts_on", "position", "code", "key_results__position", "key_results")
        .values_list(
            "pk",
            "code",
            "name",
            "position",
            "key_results__metric__name",
            "key_results__metric__unit",
            "key_results__baseline",
            "key_results__target",
            "value",
        )
    )
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
    window = Q(readings__week__range=(recent(week, since, COURSE), week))
    rows = (
        Metric.objects.filter(team=team, project=None)
        .annotate(
            recent=FilteredRelation("readings", condition=window),
            is_read=Exists(Reading.objects.filter(metric=OuterRef("pk"))),
        )
        .filter(Q(recent__isnull=False) | Q(is_read=False))
        .order_by("position", "name", "pk", "recent__week")
        .values(
            *("pk", "name", "unit", "target", "direction"),
            *(f"recent__{name}" for name in ("week", "value", "note", "text", "position")),
        )
    )
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
    window = IncidentCount.objects.filter(
        team=team, week__range=(recent(week, since, COURSE), week)
    )
    rows = window.order_by("week", "position", "pk")
    columns: Iterable[tuple[date, str, Decimal, str, int]] = rows.values_list(
        "week", "severity", "count", "text", "position"
    )
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
    for row in Incident.objects.filter(team=team, week=week).order_by("occurred_at", "pk"):
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
    rows = PlannedItem.objects.filter(team=team, week__in=(week - WEEK, week), week__gte=since)
    for row in rows.order_by("week", "position", "pk"):
        item = PlanState(row.text, row.outcome, row.outcome_note, row.pk)
        if row.week == week:
            yield FactRow(Kind.PLAN, Block(plan=(item,)), row.position)
        else:
            # Its position is a line of last week's page.
            yield FactRow(Kind.LAST_PLAN, Block(last_plan=(item,)))
