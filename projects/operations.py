"""What the systems did in a week: readings of metrics, incidents, and how many there were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projects import audit, facts, weeks
from projects.models import Incident, IncidentCount, Metric, Reading, Team, User

# What is told of an incident, as the audit keeps it.
_TOLD: Final = (
    *("occurred_at", "detected_by", "severity", "description", "cause", "resolution"),
    *("recovered_at", "link", "project"),
)


@transaction.atomic
def save_metric(metric: Metric, *, by: User) -> Metric:
    """Save a new or changed metric; a new one stands last. Every page that prints it is stale."""
    fields = ("name", "unit", "target", "direction")
    before = Metric.objects.filter(pk=metric.pk).values(*fields).first()
    if before is None:
        last = Metric.objects.filter(team=metric.team).aggregate(last=Max("position"))["last"]
        metric.position = 0 if last is None else last + 1
    metric.save()
    now = {name: getattr(metric, name) for name in fields}
    if now != before:
        action = "metric.change" if before else "metric.new"
        audit.note(metric.team, action, metric, by=by, before=before, after=now)
        facts.announce(metric.team, [metric.team.this_week()])
    return metric


@transaction.atomic
def record_reading(metric: Metric, week: date, value: Decimal, note: str = "") -> Reading:
    """The metric's value in that week, in the metric's unit; replaces the one that was there."""
    reading, is_new = Reading.objects.select_for_update().get_or_create(
        metric=metric,
        week=week,
        defaults={"team_id": metric.team_id, "value": value, "note": note},
    )
    if not is_new:
        if (reading.value, reading.note) == (value, note):
            return reading
        reading.value, reading.note = value, note
        reading.save(update_fields=["value", "note"])
    facts.announce(metric.team, [week])
    return reading


@transaction.atomic
def record_count(team: Team, week: date, severity: str, count: Decimal) -> IncidentCount:
    """Book so many incidents of a severity (``C``) or a group of them (``AB``); 0.5 too."""
    booked, is_new = IncidentCount.objects.select_for_update().get_or_create(
        team=team, week=week, severity=severity, defaults={"count": count}
    )
    if not is_new:
        if booked.count == count:
            return booked
        booked.count = count
        booked.save(update_fields=["count"])
    facts.announce(team, [week])
    return booked


@dataclass(frozen=True, slots=True)
class WeekNumbers:
    """The numbers of a week as somebody enters them; ``None`` says that there is none.

    ``readings`` are value and note by the metric's id, ``counts`` are incidents by severity.
    """

    readings: Mapping[int, tuple[Decimal | None, str]] = field(default_factory=dict)
    counts: Mapping[str, Decimal | None] = field(default_factory=dict)


@transaction.atomic
def record_numbers(team: Team, week: date, numbers: WeekNumbers, *, by: User) -> bool:
    """Save all of them, or nothing; whether anything changed. A fixed number of queries.

    What is not among ``numbers`` stays as it is; a number that is ``None`` is taken away.
    """
    readings = _readings(team, week, numbers.readings)
    counts = _counts(team, week, numbers.counts)
    before, after = readings.before | counts.before, readings.after | counts.after
    if before == after:
        return False
    audit.note(team, "numbers.record", team.week_label(week), by=by, before=before, after=after)
    facts.announce(team, [week])
    return True


@dataclass(frozen=True, slots=True)
class _Changed:
    """What stood there and what stands there now, of what changed, by name."""

    before: dict[str, Any]
    after: dict[str, Any]


def _readings(team: Team, week: date, told: Mapping[int, tuple[Decimal | None, str]]) -> _Changed:
    metrics = Metric.objects.filter(team=team).in_bulk(told)
    rows = Reading.objects.select_for_update().filter(metric__in=metrics, week=week)
    known = {row.metric_id: row for row in rows}
    changed = _Changed({}, {})
    saved, gone = [], []
    for pk, metric in metrics.items():
        value, note = told[pk]
        row = known.get(pk)
        if (row and (row.value, row.note)) == ((value, note) if value is not None else None):
            continue
        if row is not None:
            changed.before[metric.name] = _with_note(row.value, row.note)
        if value is None:
            gone.append(pk)
            continue
        changed.after[metric.name] = _with_note(value, note)
        row = row or Reading(team=team, metric=metric, week=week)
        row.value, row.note = value, note
        saved.append(row)
    Reading.objects.filter(metric__in=gone, week=week).delete()
    Reading.objects.bulk_create(
        saved,
        update_conflicts=True,
        unique_fields=["metric", "week"],
        update_fields=["value", "note"],
    )
    return changed


def _counts(team: Team, week: date, told: Mapping[str, Decimal | None]) -> _Changed:
    rows = IncidentCount.objects.select_for_update().filter(team=team, week=week)
    known = {row.severity: row.count for row in rows}
    news = {name: count for name, count in told.items() if known.get(name) != count}
    kept = {name: count for name, count in news.items() if count is not None}
    gone = [name for name in news if name not in kept]
    IncidentCount.objects.filter(team=team, week=week, severity__in=gone).delete()
    IncidentCount.objects.bulk_create(
        [IncidentCount(team=team, week=week, severity=name, count=kept[name]) for name in kept],
        update_conflicts=True,
        unique_fields=["team", "week", "severity"],
        update_fields=["count"],
    )
    before = {name: known[name] for name in news if name in known}
    return _Changed(dict(before), dict(kept))


def _with_note(value: Decimal, note: str) -> str:
    return f"{value.normalize():f} {note}".strip()


@transaction.atomic
def record_incident(incident: Incident, *, by: User | None = None) -> Incident:
    """Save a new or changed incident under the week in which it occurred, on the team's calendar.

    An incident of an imported page stays in that page's week, whatever its date says.
    """
    before = Incident.objects.filter(pk=incident.pk).select_related("project").first()
    if not incident.text:
        incident.week = weeks.monday_of(incident.team.local(incident.occurred_at).date())
    incident.save()
    _note(incident, "incident.change" if before else "incident.new", before, by)
    facts.announce(incident.team, {before.week if before else incident.week, incident.week})
    return incident


@transaction.atomic
def review_incident(
    incident: Incident,
    *,
    cause: str,
    resolution: str,
    recovered_at: datetime | None,
    by: User,
    at: datetime | None = None,
) -> Incident:
    """Say why an incident happened and what was done about it; nobody is asked for it any more.

    A review may be written anew. Raises ``ValueError`` without a cause and a resolution, and when
    the incident would have been over before it began.
    """
    cause, resolution = cause.strip(), resolution.strip()
    if not (cause and resolution):
        raise ValueError("a review says the cause and the resolution")
    if recovered_at is not None and recovered_at < incident.occurred_at:
        raise ValueError("recovered before it occurred")
    before = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    incident.cause, incident.resolution, incident.recovered_at = cause, resolution, recovered_at
    incident.reviewed_at, incident.reviewed_by = at or timezone.now(), by
    fields = ["cause", "resolution", "recovered_at", "reviewed_at", "reviewed_by"]
    incident.save(update_fields=fields)
    _note(incident, "incident.review", before, by)
    facts.announce(incident.team, [incident.week])
    return incident


def _note(incident: Incident, action: str, before: Incident | None, by: User | None) -> None:
    """What of the incident is another than before; all of a new one."""
    was = {name: getattr(before, name) for name in _TOLD} if before else {}
    now = {name: getattr(incident, name) for name in _TOLD}
    told = [name for name in _TOLD if was.get(name) != now[name] and (now[name] or was.get(name))]
    audit.note(
        incident.team,
        action,
        incident,
        by=by,
        project=incident.project,
        before={name: was[name] for name in told if name in was},
        after={name: now[name] for name in told},
    )
