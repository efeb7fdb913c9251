"""What the systems did in a week: readings of metrics, incidents, and how many there were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from projects import facts, weeks
from projects.models import Incident, IncidentCount, Metric, Reading, Team


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


@transaction.atomic
def record_incident(incident: Incident) -> Incident:
    """Save a new or changed incident under the week in which it occurred, on the team's calendar.

    An incident of an imported page stays in that page's week, whatever its date says.
    """
    changed = set(Incident.objects.filter(pk=incident.pk).values_list("week", flat=True))
    if not incident.text:
        incident.week = weeks.monday_of(incident.team.local(incident.occurred_at).date())
    incident.save()
    facts.announce(incident.team, changed | {incident.week})
    return incident
