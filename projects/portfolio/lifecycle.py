"""The projects of a team: begun, described, put in order, closed and re-opened.

Whoever may do it is decided by the caller (``projects.access``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from django.db import transaction

from projects import audit, facts, ordering, weeks
from projects.conflicts import EditConflict, Opened, merge
from projects.models import Alias, Cycle, Objective, Project, StatusEntry, Team, User
from projects.ordering import next_position, place_of
from projects.portfolio import aliases
from projects.text import names

# What a description of a project refers to, as far as placing this week's entry reads it.
_DESCRIBED: Final = ("lead", "objective__cycle", "objective__carried_from__cycle")


class NoReasonToClose(Exception):
    """A project is closed or brought back only with a line that says why."""


class ClosedBeforeStart(Exception):
    """A project would be closed on a day before it began."""


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to begin. ``lead_name`` is that of a lead who has no account yet."""

    name: str
    objective: Objective | None = None
    lead: User | None = None
    lead_name: str = ""


class NamesRefused(Exception):
    """Some of the names mean a project already, or nothing.

    ``lines``: by the place in the list the project that is meant, ``None`` for nothing.
    """

    def __init__(self, lines: dict[int, Project | None]) -> None:
        self.lines = lines
        super().__init__(", ".join(str(line) for line in lines))


@dataclass(frozen=True, slots=True)
class Description:
    """What a manager decides of a project."""

    name: str
    objective: Objective | None = None
    lead: User | None = None
    is_focus: bool = False
    started_on: date | None = None


@transaction.atomic
def create_projects(
    team: Team,
    wanted: Sequence[NewProject],
    *,
    by: User | None,
    started_on: date | None = None,
) -> list[Project]:
    """All of them, in this order after the team's last one, or none: raises ``NamesRefused``."""
    team = Team.objects.locked().get(pk=team.pk)
    begun = _after_the_last(team, wanted, started_on)
    _require_free(team, begun)
    Project.objects.bulk_create(begun)
    Alias.objects.bulk_create(
        Alias(team=team, project=project, name=project.name, key=names.key(project.name))
        for project in begun
    )
    columns = ("name", "objective", "lead", "started_on")
    audit.note_all(
        audit.record_of(
            team,
            "project.create",
            project,
            by=by,
            project=project,
            after={column: getattr(project, column) for column in columns},
        )
        for project in begun
    )
    facts.announce(team, [team.this_week()])
    return begun


def _after_the_last(
    team: Team, wanted: Sequence[NewProject], started_on: date | None
) -> list[Project]:
    """The rows to insert, in this order after the team's last project."""
    first = next_position(Project.objects.filter(team=team))
    return [
        Project(
            team=team,
            name=new.name.strip(),
            objective=new.objective,
            lead=new.lead,
            lead_name="" if new.lead else new.lead_name,
            started_on=started_on,
            position=position,
        )
        for position, new in enumerate(wanted, first)
    ]


def _require_free(team: Team, begun: Iterable[Project]) -> None:
    """Each of the names means none of the team's projects, and no other one of these."""
    keys = [names.key(new.name) for new in begun]
    taken = Alias.objects.filter(team=team, key__in=keys).select_related("project")
    meant = {alias.key: alias.project for alias in taken}
    refused: dict[int, Project | None] = {}
    for line, (key, project) in enumerate(zip(keys, begun, strict=True)):
        if not key or key in meant:
            refused[line] = meant.get(key)
        meant.setdefault(key, project)
    if refused:
        raise NamesRefused(refused)


@dataclass(frozen=True, slots=True)
class WantedChange:
    """What to change of one of many projects; a field that is not in ``values`` stays."""

    project_id: int
    values: Mapping[str, Any]  # by the name of the field
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of a change of many: those of ``conflicts`` were left as they are."""

    changed: tuple[Project, ...]
    conflicts: tuple[tuple[Project, EditConflict], ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """A locked project and the values to write into it; ``before`` names the same fields."""

    project: Project
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@transaction.atomic
def change_project(
    project: Project, description: Description, *, by: User | None, opened: Opened | None = None
) -> Project:
    """Describe the project anew; what is as it was is no change.

    A new name is claimed among the aliases, and the old one stays there: old pages, and people,
    go on using it. The entry of the present week follows the project to its objective and its
    place among the focus projects; those of past weeks stay where they were told.
    Raises ``aliases.ProjectNameTaken``, ``aliases.NameEmpty``, ``ClosedBeforeStart`` and
    ``EditConflict``.
    """
    # The team first, as everybody does who locks both: its names and its order are the team's.
    team = Team.objects.locked().get(pk=project.team_id)
    project = Project.objects.locked().select_related(*_DESCRIBED).get(pk=project.pk)
    typed = {field.name: getattr(description, field.name) for field in fields(description)}
    typed["name"] = description.name.strip()
    change = _change(project, typed, opened)
    if change is None:
        return project
    _require_start_before_close(project, change.after.get("started_on"))
    if "name" in change.after:
        aliases.claim(project, change.after["name"])
    _save(team, [change], by)
    return project


@transaction.atomic
def change_projects(team: Team, wanted: Iterable[WantedChange], *, by: User | None) -> BulkOutcome:
    """Change the same things of many projects; each is compared with what it was opened with.

    Where somebody else has changed the same meanwhile, that project is left alone and the others
    are changed. A project that is gone is passed over. The number of queries does not depend on
    the number of projects.
    """
    team = Team.objects.locked().get(pk=team.pk)
    by_project = {change.project_id: change for change in wanted}
    rows = Project.objects.locked().filter(team=team, pk__in=by_project)
    changes, conflicts = [], []
    for project in rows.select_related(*_DESCRIBED):
        change_wanted = by_project[project.pk]
        try:
            change = _change(project, change_wanted.values, change_wanted.opened)
        except EditConflict as conflict:
            conflicts.append((project, conflict))
        else:
            changes += [change] if change else []
    if changes:
        _save(team, changes, by)
    return BulkOutcome(tuple(change.project for change in changes), tuple(conflicts))


def hand_projects_over(team: Team, lead: User, to: User, *, by: User | None) -> BulkOutcome:
    """Every open project of the team that ``lead`` leads is led by ``to`` from now on.

    Its open questions go along: they stand in the form of whoever leads it.
    """
    led = Project.objects.filter(team=team, lead=lead, closed_on=None)
    values = {"lead": to, "lead_name": ""}
    wanted = [WantedChange(pk, values, None) for pk in led.values_list("pk", flat=True)]
    return change_projects(team, wanted, by=by)


def _change(project: Project, typed: Mapping[str, Any], opened: Opened | None) -> _Change | None:
    """What to write, ``None`` when all is as it was. Raises ``EditConflict``."""
    if "lead" in typed and typed["lead"] != project.lead:
        typed = {"lead_name": "", **typed}  # the name on the pages was that of another lead
    before = {field: getattr(project, field) for field in typed}
    wanted = merge(before, typed, opened)
    changed = [field for field in wanted if wanted[field] != before[field]]
    return _Change(project, _only(before, changed), _only(wanted, changed)) if changed else None


def _save(team: Team, changes: Sequence[_Change], by: User | None) -> None:
    """Write the changes with their traces; the entries of the present week follow them."""
    for change in changes:
        for field, value in change.after.items():
            setattr(change.project, field, value)
    columns = sorted({field for change in changes for field in change.after})
    Project.objects.bulk_update([change.project for change in changes], columns)
    this_week = team.this_week()
    _place_entries([change.project for change in changes], this_week)
    audit.note_all(
        audit.record_of(
            team,
            "project.change",
            change.project,
            by=by,
            project=change.project,
            before=change.before,
            after=change.after,
        )
        for change in changes
    )
    facts.announce(team, [this_week])


def _require_start_before_close(project: Project, starts_on: date | None) -> None:
    if starts_on and project.closed_on and project.closed_on < starts_on:
        raise ClosedBeforeStart(project.name)


def _place_entries(projects: Iterable[Project], week: date) -> None:
    """Let the entries of that week stand where their projects stand now."""
    standing = {project.pk: project for project in projects}
    entries = list(StatusEntry.objects.filter(project__in=standing, week=week))
    if not entries:
        return
    cycle = Cycle.objects.of_week(entries[0].team_id, week).first()
    for entry in entries:
        project = standing[entry.project_id]
        entry.is_focus = project.is_focus
        objective = project.objective and project.objective.standing_in(week, cycle)
        if objective or project.objective is None:  # not ahead of time into a cycle to come
            entry.objective = objective
    StatusEntry.objects.bulk_update(entries, ["is_focus", "objective"])


@transaction.atomic
def place_after(
    project: Project, other: Project | None, *, by: User | None, opened: Opened | None = None
) -> None:
    """Put the project behind another one in the team's order; before all of them with ``None``.

    The order is that of the pages, within each of their sections. Raises ``EditConflict``.
    """
    team = Team.objects.locked().get(pk=project.team_id)
    before = list(Project.objects.filter(team=team))
    place = place_of(before, project)
    standing = before[place - 1] if place else None
    other = merge({"after": standing}, {"after": other}, opened)["after"]
    order = list(before)
    behind = -1 if other is None else place_of(order, other)
    ordering.put(order, place, behind if behind > place else behind + 1)
    if order == before:
        return
    Project.objects.bulk_update(order, ["position"])
    after = {"after": other}
    audit.note(team, "project.place", project, by=by, project=project, after=after)
    facts.announce(team, [team.this_week()])


@transaction.atomic
def close_project(
    project: Project, reason: str, *, by: User | None, on: date | None = None
) -> Project:
    """The project is over from that day, today unless said otherwise; it owes no entry after it.

    One that is closed already stays as it is. Raises ``NoReasonToClose``, ``ClosedBeforeStart``;
    ``DecidedAlready`` where it was closed for another reason.
    """
    project, reason = Project.objects.locked().get(pk=project.pk), reason.strip()
    if project.closed_on is not None:
        audit.require_same_reason("project.close", project, reason)
        return project
    if not reason:
        raise NoReasonToClose(project.name)
    on = on or project.team.today()
    if project.started_on and on < project.started_on:
        raise ClosedBeforeStart(project.name)
    return _closed(project, on, reason, by)


@transaction.atomic
def close_projects(
    team: Team, projects: Iterable[Project], reason: str, *, by: User | None
) -> list[Project]:
    """Those of them that are open are over from today; at the earliest on their first day.

    Plans have a project begin on a day to come, which can be done before it.
    """
    chosen = [project.pk for project in projects]
    rows = Project.objects.locked().filter(team=team, pk__in=chosen, closed_on=None)
    closed, today = list(rows), team.today()
    if not closed:
        return []
    for project in closed:
        project.closed_on = max(today, project.started_on or today)
    Project.objects.bulk_update(closed, ["closed_on"])
    audit.note_all(
        audit.record_of(
            team,
            "project.close",
            project,
            by=by,
            project=project,
            before={"closed_on": None},
            after={"closed_on": project.closed_on, "reason": reason},
        )
        for project in closed
    )
    ends = {weeks.monday_of(project.closed_on) for project in closed if project.closed_on}
    facts.announce(team, ends | {team.this_week()})
    return closed


@transaction.atomic
def reopen_project(project: Project, reason: str, *, by: User | None) -> Project:
    """The project goes on. One that is open stays as it is.

    Raises ``NoReasonToClose``; ``DecidedAlready`` where it was opened for another reason.
    """
    project, reason = Project.objects.locked().get(pk=project.pk), reason.strip()
    if project.closed_on is None:
        audit.require_same_reason("project.reopen", project, reason)
        return project
    if not reason:
        raise NoReasonToClose(project.name)
    return _closed(project, None, reason, by)


def _closed(project: Project, on: date | None, reason: str, by: User | None) -> Project:
    before, project.closed_on = project.closed_on, on
    project.save(update_fields=["closed_on"])
    audit.note(
        project.team,
        "project.close" if on else "project.reopen",
        project,
        by=by,
        project=project,
        before={"closed_on": before},
        after={"closed_on": on, "reason": reason},
    )
    this_week = project.team.this_week()
    facts.announce(project.team, {this_week, weeks.monday_of(on or before or this_week)})
    return project


def _only(values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {field: values[field] for field in fields}
