"""What of a team's history goes on in its present, and what is left behind at the border.

The border is the team's start. Nobody is asked for a reason: the work was over, or went on, before
anybody reported here. Who may decide it is decided by the caller; the default is
``standing.goes_on``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from projects import audit, facts, weeks
from projects.models import Milestone, Project, StatusEntry, Team, User
from projects.standing import is_closed

_DAY = timedelta(days=1)


class NoStart(Exception):
    """The team has no start, so nothing of it is history."""


@transaction.atomic
def close_as_history(
    team: Team,
    projects: Iterable[Project] = (),
    milestones: Iterable[Milestone] = (),
    *,
    by: User | None,
) -> list[Project]:
    """Leave these behind, with the open milestones of the projects; returns the projects.

    A project is closed with the last week that spoke of it, so no page of the present shows that.
    One that began or was reported on since the start is no history, and stays as it is. Raises
    ``NoStart``.
    """
    team, starts_on = _held(team)
    entries = StatusEntry.objects.filter(project=OuterRef("pk"))
    chosen = Project.objects.locked().filter(team=team, pk__in=_keys(projects), closed_on=None)
    chosen = chosen.exclude(started_on__gte=starts_on)
    closed = list(chosen.exclude(Exists(entries.filter(week__gte=starts_on))))
    entries_of_closed = StatusEntry.objects.filter(project__in=closed).order_by()
    last_weeks = dict(entries_of_closed.values_list("project").annotate(Max("week")))
    for project in closed:
        last_day = starts_on - _DAY
        if project.pk in last_weeks:
            last_day = min(last_day, weeks.last_day(last_weeks[project.pk]))
        project.closed_on = max(last_day, project.started_on or last_day)
    Project.objects.bulk_update(closed, ["closed_on"])
    rows = Milestone.objects.filter(team=team)
    left = [*rows.filter(project__in=closed).open(), *rows.filter(pk__in=_keys(milestones))]
    _leave_behind({milestone.pk: milestone for milestone in left}.values(), team, starts_on)
    _note("history", team, closed, left, by)
    return closed


@transaction.atomic
def carry_on(
    team: Team,
    projects: Iterable[Project] = (),
    milestones: Iterable[Milestone] = (),
    *,
    by: User | None,
) -> list[Project]:
    """Let these go on that were left behind; returns the projects. Raises ``NoStart``.

    A milestone goes on as it stood; one that was done counts again. One of a project that stays
    closed is asked of nobody.
    """
    team, starts_on = _held(team)
    chosen = Project.objects.locked().filter(team=team, pk__in=_keys(projects))
    opened = [row for row in chosen if is_closed(row.closed_on, starts_on - _DAY)]
    Project.objects.filter(pk__in=_keys(opened)).update(closed_on=None)
    rows = Milestone.objects.filter(team=team, pk__in=_keys(milestones), is_history=True)
    going = list(rows)
    for milestone in going:
        milestone.is_history = False
        milestone.closed_at = milestone.closed_at if milestone.is_done else None
    Milestone.objects.bulk_update(going, ["is_history", "closed_at"])
    _note("carry_on", team, opened, going, by)
    return opened


def _held(team: Team) -> tuple[Team, date]:
    """The team, locked until the transaction ends, and its start."""
    team = Team.objects.locked().get(pk=team.pk)
    if team.starts_on is None:
        raise NoStart(team.slug)
    return team, team.starts_on


def end_of_history(team: Team, starts_on: date) -> datetime:
    """The last moment before the start, by the team's clock."""
    return datetime.combine(starts_on, time(), tzinfo=team.zone) - timedelta(seconds=1)


def _leave_behind(milestones: Iterable[Milestone], team: Team, starts_on: date) -> None:
    left = list(milestones)
    for milestone in left:
        milestone.is_history = True
        milestone.closed_at = milestone.closed_at or end_of_history(team, starts_on)
    Milestone.objects.bulk_update(left, ["is_history", "closed_at"])


def _keys(rows: Iterable[Project | Milestone]) -> list[int]:
    return [row.pk for row in rows]


def _note(
    verb: str,
    team: Team,
    projects: Iterable[Project],
    milestones: Iterable[Milestone],
    by: User | None,
) -> None:
    """The trace of each, and the stale pages: those of the present, and what projects end with."""
    projects, milestones = list(projects), list(milestones)
    if not (projects or milestones):
        return
    by_key = {project.pk: project for project in projects}
    missing = {milestone.project_id for milestone in milestones} - by_key.keys()
    by_key |= Project.objects.in_bulk(missing)
    audit.note_all(
        [
            audit.record_of(team, f"project.{verb}", project, by=by, project=project)
            for project in projects
        ]
        + [
            audit.record_of(
                team, f"milestone.{verb}", milestone, by=by, project=by_key[milestone.project_id]
            )
            for milestone in milestones
        ]
    )
    ends = {weeks.monday_of(project.closed_on) for project in projects if project.closed_on}
    facts.announce(team, ends | {team.starts_on or team.this_week(), team.this_week()})
