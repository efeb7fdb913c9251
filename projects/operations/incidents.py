"""Production incidents: recorded, reviewed, and listed week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from projects import audit, facts, weeks
from projects.conflicts import EditConflict, Opened, changed_by_others, merge
from projects.models import Incident, Team, User
from projects.operations.incident_line import IncidentLine, read_line

# What people say of an incident; the audit keeps it, too.
_COLUMNS: Final = (
    *("occurred_at", "detected_by", "severity", "description", "cause", "resolution"),
    *("recovered_at", "link", "project"),
)
_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class IncidentChoices:
    """What a team's incidents are chosen from: its list, and what stands in older incidents."""

    severities: tuple[str, ...]
    detections: tuple[str, ...]


def choices_of(team: Team) -> IncidentChoices:
    """By one query."""
    used = list(
        Incident.objects.filter(team=team).values_list("severity", "detected_by").distinct()
    )
    with translation.override(team.language):
        found_by = (_("monitoring"), _("user feedback"), _("colleagues"), _("partners"))
    return IncidentChoices(
        _choices(team.severities, ("A", "B", "C", "D"), {severity for severity, _by in used}),
        _choices(team.detections, found_by, {detected_by for _severity, detected_by in used}),
    )


def read(team: Team, line: str) -> IncidentLine | None:
    """What a line that was pasted says, in the team's words; ``None`` for an empty one."""
    if not line.strip():
        return None
    choices = choices_of(team)
    return read_line(
        line, timezone.localtime(timezone=team.zone), choices.severities, choices.detections
    )


def _choices(own: str, default: tuple[str, ...], used: set[str]) -> tuple[str, ...]:
    listed = tuple(own.splitlines()) or default
    return (*listed, *sorted(used - {"", *listed}))


def page_of(team: Team, number: str | None) -> Page[Incident]:
    """One page of them, the latest week first; the nearest page where ``number`` is none."""
    incidents = (
        Incident.objects.filter(team=team)
        .select_related("project", "reviewed_by")
        .order_by("-week", "-occurred_at", "-pk")
    )
    return Paginator(incidents, _PAGE).get_page(number)


def grouped_by_week(team: Team, page: Page[Incident]) -> list[tuple[str, list[Incident]]]:
    """The incidents of a page below the labels of their weeks."""
    by_week = groupby(page.object_list, key=lambda incident: incident.week)
    return [(team.week_label(week), list(rows)) for week, rows in by_week]


@transaction.atomic
def record_incident(
    incident: Incident, *, by: User | None = None, opened: Opened | None = None
) -> Incident:
    """Save a new or changed incident under the week in which it occurred, on the team's calendar.

    An incident of an imported page stays in that page's week, whatever its date says. The same
    incident recorded twice is one. Raises ``EditConflict``.
    """
    team = Team.objects.locked().get(pk=incident.team_id)
    before = _standing(incident) if incident.pk else None
    typed = _values(incident)
    if before is None and not incident.text:
        same = Incident.objects.filter(team=team, **typed).select_related("team", "project")
        if (recorded := same.first()) is not None:
            return recorded
    wanted = merge(_values(before) if before else {}, typed, opened)
    _refuse_reversed(before, wanted, opened)
    for name, value in wanted.items():
        setattr(incident, name, value)
    if not incident.text:
        incident.week = weeks.monday_of(team.local(incident.occurred_at).date())
    incident.save(update_fields=None if before is None else [*_COLUMNS, "week"])
    _note(incident, "incident.change" if before else "incident.new", before, by)
    facts.announce(team, {before.week if before else incident.week, incident.week})
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
    opened: Opened | None = None,
) -> Incident:
    """Say why an incident happened and what was done about it; nobody is asked for it any more.

    A review may be written anew. Raises ``ValueError`` without a cause and a resolution, and when
    the incident would have been over before it began; ``EditConflict``.
    """
    cause, resolution = cause.strip(), resolution.strip()
    if not (cause and resolution):
        raise ValueError("a review says the cause and the resolution")
    Team.objects.locked().get(pk=incident.team_id)
    before = _standing(incident)
    typed = {"cause": cause, "resolution": resolution, "recovered_at": recovered_at}
    standing = _values(before)
    wanted = merge(standing, typed, opened)
    _refuse_reversed(before, wanted, opened)
    for name, value in wanted.items():
        setattr(incident, name, value)
    incident.reviewed_at, incident.reviewed_by = at or timezone.now(), by
    incident.save(update_fields=[*typed, "reviewed_at", "reviewed_by"])
    _note(incident, "incident.review", before, by)
    facts.announce(incident.team, [incident.week])
    return incident


def _standing(incident: Incident) -> Incident:
    """As it stands now, held until the transaction ends."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("project")
    return rows.get(pk=incident.pk)


def _refuse_reversed(
    before: Incident | None, wanted: Mapping[str, Any], opened: Opened | None
) -> None:
    begun, over = wanted["occurred_at"], wanted["recovered_at"]
    if over is None or over >= begun:
        return
    if before is not None and (theirs := changed_by_others(_values(before), opened)):
        raise EditConflict(theirs)
    raise ValueError("recovered before it occurred")


def _note(incident: Incident, action: str, before: Incident | None, by: User | None) -> None:
    """What of the incident is another than before; all of a new one."""
    was = _values(before) if before else {}
    now = _values(incident)
    changed = [name for name in now if was.get(name) != now[name] and (now[name] or was.get(name))]
    audit.note(
        incident.team,
        action,
        incident,
        by=by,
        project=incident.project,
        before={name: was[name] for name in changed if name in was},
        after={name: now[name] for name in changed},
    )


def _values(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in _COLUMNS}
