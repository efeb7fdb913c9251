"""The team's metrics, their readings of a week, and how many incidents there were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from projects import audit, facts
from projects.conflicts import EditConflict, Opened, merge
from projects.models import IncidentCount, Metric, Reading, Team, User
from projects.operations import metric_names
from projects.operations.metric_names import MetricNameTaken
from projects.ordering import next_position
from projects.text.numbers import plain

# What people say of a metric; the audit keeps it, too.
_COLUMNS: Final = ("name", "unit", "target", "direction")


@transaction.atomic
def save_metric(metric: Metric, *, by: User, opened: Opened | None = None) -> Metric:
    """Save a new or changed metric; a new one stands last. Every page that prints it is stale.

    Raises ``MetricNameTaken``, ``EditConflict``.
    """
    team = Team.objects.locked().get(pk=metric.team_id)
    standing = Metric.objects.get(pk=metric.pk) if metric.pk else None
    before = _values(standing) if standing else {}
    after = merge(before, _values(metric), opened)
    meant = metric_names.meant_by(team, metric.project_id, after["name"])
    if meant is not None and meant.pk != metric.pk:
        raise MetricNameTaken(after["name"])
    if standing is None:
        metric.position = next_position(Metric.objects.filter(team=team))
    for name, value in after.items():
        setattr(metric, name, value)
    metric.save(update_fields=None if standing is None else _COLUMNS)
    if after != before:
        action = "metric.change" if standing else "metric.new"
        audit.note(team, action, metric, by=by, before=before or None, after=after)
        facts.announce(team, [team.this_week()])
    return metric


@transaction.atomic
def record_reading(
    metric: Metric,
    week: date,
    value: Decimal,
    note: str | None = None,
    *,
    opened: Opened | None = None,
) -> Reading:
    """The metric's value in that week, in the metric's unit; replaces the one that was there.

    Its note stays unless another is given. Raises ``EditConflict``.
    """
    Metric.objects.select_for_update(no_key=True).get(pk=metric.pk)
    reading = Reading.objects.filter(metric=metric, week=week).first()
    standing: dict[str, Any] = {"value": None, "note": ""}
    if reading is not None:
        standing = {"value": reading.value, "note": reading.note}
    typed = {"value": value} if note is None else {"value": value, "note": note}
    wanted = merge(standing, typed, opened)
    if wanted == standing and reading is not None:
        return reading
    reading = reading or Reading(team_id=metric.team_id, metric=metric, week=week)
    reading.value, reading.note = wanted["value"], wanted["note"]
    reading.save()
    facts.announce(metric.team, [week])
    return reading


@dataclass(frozen=True, slots=True)
class NumberTaken:
    """A metric's value that was taken from a text; ``opened`` is the week's value then, or ""."""

    metric_id: int
    value: Decimal
    opened: str


class NumberChanged(Exception):
    """Somebody has entered another number of this metric since it was taken from the text."""


@transaction.atomic
def record_from_text(week: date, numbers: Iterable[NumberTaken]) -> None:
    """Save the numbers as readings of the week, all or none. Raises ``NumberChanged``."""
    by_metric = {number.metric_id: number for number in numbers}
    for metric in Metric.objects.filter(pk__in=by_metric).order_by("pk"):
        number = by_metric[metric.pk]
        try:
            record_reading(metric, week, number.value, opened={"value": number.opened})
        except EditConflict:
            raise NumberChanged(metric.name) from None


@dataclass(frozen=True, slots=True)
class WeekNumbers:
    """The numbers of a week as somebody enters them; ``None`` says that there is none.

    ``readings`` are value and note by the metric's id, ``counts`` are incidents by severity.
    """

    readings: Mapping[int, tuple[Decimal | None, str]] = field(default_factory=dict)
    counts: Mapping[str, Decimal | None] = field(default_factory=dict)

    def by_field(self) -> dict[str, Any]:
        """Each number by the name that it has in ``opened`` and in an ``EditConflict``."""
        values = {value_field(pk): value for pk, (value, _) in self.readings.items()}
        notes = {note_field(pk): note for pk, (_, note) in self.readings.items()}
        counts = {count_field(severity): count for severity, count in self.counts.items()}
        return values | notes | counts


def value_field(metric_id: int) -> str:
    return f"value:{metric_id}"


def note_field(metric_id: int) -> str:
    return f"note:{metric_id}"


def count_field(severity: str) -> str:
    return f"count:{severity}"


@transaction.atomic
def record_numbers(
    team: Team, week: date, numbers: WeekNumbers, *, by: User, opened: Opened | None = None
) -> bool:
    """Save all of them, or nothing; whether anything changed. A fixed number of queries.

    What is not among ``numbers`` stays as it is; a number that is ``None`` is taken away.
    ``opened`` names its fields as ``WeekNumbers.by_field`` does. Raises ``EditConflict``.
    """
    Team.objects.locked().get(pk=team.pk)
    in_order = Metric.objects.filter(team=team, pk__in=numbers.readings).order_by("pk")
    metrics = {metric.pk: metric for metric in in_order.select_for_update(no_key=True)}
    readings_before = {
        row.metric_id: row for row in Reading.objects.filter(metric__in=metrics, week=week)
    }
    counts = IncidentCount.objects.filter(team=team, week=week)
    counted = {row.severity: row.count for row in counts}
    standing = _standing(
        metrics, readings_before, counted | dict.fromkeys(numbers.counts.keys() - counted)
    )
    typed = {name: value for name, value in numbers.by_field().items() if name in standing}
    wanted = merge(standing, typed, opened)
    _refuse_lost_notes(metrics, standing, wanted)
    readings = {pk: (wanted[value_field(pk)], wanted[note_field(pk)]) for pk in metrics}
    read = _save_readings(team, week, metrics, readings_before, readings)
    severities = numbers.counts
    booked = _save_counts(team, week, counted, {s: wanted[count_field(s)] for s in severities})
    before, after = read.before | booked.before, read.after | booked.after
    if before == after:
        return False
    audit.note(team, "numbers.record", team.week_label(week), by=by, before=before, after=after)
    facts.announce(team, [week])
    return True


def _standing(
    metrics: Iterable[int],
    readings_before: Mapping[int, Reading],
    counts: Mapping[str, Decimal | None],
) -> dict[str, Any]:
    readings: dict[int, tuple[Decimal | None, str]] = {
        pk: (readings_before[pk].value, readings_before[pk].note)
        if pk in readings_before
        else (None, "")
        for pk in metrics
    }
    return WeekNumbers(readings, counts).by_field()


def _refuse_lost_notes(
    metrics: Iterable[int], standing: Mapping[str, Any], wanted: Mapping[str, Any]
) -> None:
    """Taking a value away would take somebody else's new note with it: a conflict, too."""
    lost = [
        pk for pk in metrics if wanted[value_field(pk)] is None and wanted[note_field(pk)].strip()
    ]
    if lost:
        raise EditConflict({note_field(pk): standing[note_field(pk)] for pk in lost})


@dataclass(frozen=True, slots=True)
class _Changed:
    """The values before and after, of what changed, by name."""

    before: dict[str, Any]
    after: dict[str, Any]


def _save_readings(
    team: Team,
    week: date,
    metrics: Mapping[int, Metric],
    readings_before: Mapping[int, Reading],
    wanted: Mapping[int, tuple[Decimal | None, str]],
) -> _Changed:
    changed = _Changed({}, {})
    saved, gone = [], []
    for pk, metric in metrics.items():
        value, note = wanted[pk]
        row = readings_before.get(pk)
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


def _save_counts(
    team: Team,
    week: date,
    counts_before: Mapping[str, Decimal],
    wanted: Mapping[str, Decimal | None],
) -> _Changed:
    changed = {name: count for name, count in wanted.items() if counts_before.get(name) != count}
    kept_counts = {name: count for name, count in changed.items() if count is not None}
    gone = [name for name in changed if name not in kept_counts]
    IncidentCount.objects.filter(team=team, week=week, severity__in=gone).delete()
    IncidentCount.objects.bulk_create(
        [
            IncidentCount(team=team, week=week, severity=name, count=kept_counts[name])
            for name in kept_counts
        ],
        update_conflicts=True,
        unique_fields=["team", "week", "severity"],
        update_fields=["count"],
    )
    before = {name: counts_before[name] for name in changed if name in counts_before}
    return _Changed(dict(before), dict(kept_counts))


def _with_note(value: Decimal, note: str) -> str:
    return f"{plain(value)} {note}".strip()


def _values(metric: Metric) -> dict[str, Any]:
    return {name: getattr(metric, name) for name in _COLUMNS}
