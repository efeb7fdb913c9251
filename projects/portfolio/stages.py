"""The team's stages: the ordered list of steps that a project goes through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from projects import audit, facts, ordering
from projects.conflicts import EditConflict, Opened, as_text, merge
from projects.models import Milestone, Project, Stage, StatusEntry, Team, User
from projects.ordering import next_position
from projects.portfolio.lifecycle import BulkOutcome, WantedChange
from projects.text import names

type Way = Literal["up", "down"]


# The tables with rows that are in a stage.
_IN_STAGES: Final = (StatusEntry, Milestone, Project)


class StageNameTaken(Exception):
    """The team has a stage of that name already."""


class StageInUse(Exception):
    """Something is in this stage: it goes only when another takes its place."""


def stages_of(team: Team) -> QuerySet[Stage]:
    """In order; each with ``uses``: how many entries, milestones and projects are in it."""
    used = (
        model._default_manager.filter(stage=OuterRef("pk")).order_by().values("stage")
        for model in _IN_STAGES
    )
    counted = (Subquery(rows.annotate(n=Count("pk")).values("n")) for rows in used)
    entered, planned, put = (Coalesce(number, 0) for number in counted)
    rows = Stage.objects.filter(team=team).annotate(uses=entered + planned + put)
    return rows.order_by("position")


@transaction.atomic
def add_stage(team: Team, name: str, *, by: User | None) -> Stage:
    """A new stage, the last of the list. Raises ``StageNameTaken``."""
    _lock(team)
    _require_free(team, name)
    position = next_position(Stage.objects.filter(team=team))
    stage = Stage.objects.create(team=team, name=name, position=position)
    audit.note(team, "stage.create", stage, by=by)
    return stage


@transaction.atomic
def rename_stage(stage: Stage, name: str, *, by: User | None, opened: Opened | None = None) -> None:
    """Pages of the past show the new name too, once they are compiled.

    Raises ``StageNameTaken``, ``EditConflict``; ``Stage.DoesNotExist`` when it was removed
    meanwhile.
    """
    _lock(stage.team)
    stage = Stage.objects.select_related("team").get(pk=stage.pk)
    name = merge({"name": stage.name}, {"name": name}, opened)["name"]
    if name == stage.name:
        return
    _require_free(stage.team, name, stage)
    before, stage.name = stage.name, name
    stage.save(update_fields=["name"])
    audit.note(
        stage.team, "stage.rename", name, by=by, before={"name": before}, after={"name": name}
    )
    facts.announce(stage.team, [_first_week(stage)])


@transaction.atomic
def move_stage(stage: Stage, direction: Way, *, by: User | None, seen: int | None = None) -> None:
    """One place up or down; at its end of the list it stays.

    ``seen`` is its place as the sender saw it, from 1; raises ``ordering.MovedAlready``.
    """
    _lock(stage.team)
    order = list(Stage.objects.filter(team=stage.team).order_by("position", "pk"))
    if not ordering.move(order, stage, -1 if direction == "up" else 1, seen):
        return
    Stage.objects.bulk_update(order, ["position"])
    audit.note(stage.team, "stage.move", stage, by=by, after={"direction": direction})


@transaction.atomic
def remove_stage(stage: Stage, replacement: Stage | None, *, by: User | None) -> None:
    """Take a stage off the list; what is in it goes on in the replacement.

    Raises ``StageInUse`` when something is in it and nothing replaces it.
    """
    _lock(stage.team)
    in_it = [model._default_manager.filter(stage=stage) for model in _IN_STAGES]
    is_used = any(rows.exists() for rows in in_it)
    if is_used and replacement is None:
        raise StageInUse(stage.name)
    team, first = stage.team, _first_week(stage)
    for rows in in_it:
        rows.update(stage=replacement)
    audit.note(team, "stage.remove", stage, by=by, after={"replacement": replacement})
    stage.delete()
    if is_used:
        facts.announce(team, [first])


@transaction.atomic
def put_projects(team: Team, wanted: Iterable[WantedChange], *, by: User | None) -> BulkOutcome:
    """Put projects into the stage ``values["stage"]``, as ``lifecycle.change_projects`` does it.

    Where the present week has an entry, that entry says it; else the next entry takes it over.
    """
    _lock(team)
    by_project = {change.project_id: change for change in wanted}
    rows = Project.objects.with_stage().filter(team=team, pk__in=by_project)
    names = dict(Stage.objects.filter(team=team).values_list("pk", "name"))
    changed, conflicts, records = [], [], []
    for project in rows.locked():
        now, change = project.stage_now, by_project[project.pk]  # type: ignore[attr-defined]  # annotated
        try:
            stage = merge({"stage": now}, change.values, change.opened)["stage"]
        except EditConflict as conflict:
            conflicts.append((project, conflict))
            continue
        if as_text(stage) == as_text(now):
            continue
        project.stage = stage
        changed.append(project)
        before, after = {"stage": names.get(now)}, {"stage": stage}
        record = audit.record_of(
            team, "project.change", project, by=by, project=project, before=before, after=after
        )
        records.append(record)
    if changed:
        _put(changed, team.this_week())
        audit.note_all(records)
        facts.announce(team, [team.this_week()])
    return BulkOutcome(tuple(changed), tuple(conflicts))


def _put(projects: Iterable[Project], week: date) -> None:
    """Write the new stages into the entries of that week; of projects without one, into them."""
    by_project = {project.pk: project for project in projects}
    entries = list(StatusEntry.objects.filter(project__in=by_project, week=week))
    for entry in entries:
        entry.stage, entry.revision = by_project[entry.project_id].stage, entry.revision + 1
        by_project[entry.project_id].stage = None
    StatusEntry.objects.bulk_update(entries, ["stage", "revision"])
    Project.objects.bulk_update(by_project.values(), ["stage"])


def _lock(team: Team) -> None:
    """Two managers who edit the list at the same moment follow each other."""
    Team.objects.locked().get(pk=team.pk)


def _require_free(team: Team, name: str, own: Stage | None = None) -> None:
    others = Stage.objects.filter(team=team).exclude(pk=own.pk if own else 0)
    if names.namesake(others, name) is not None:
        raise StageNameTaken(name)


def _first_week(stage: Stage) -> date:
    """The pages from that week on may print the stage."""
    first = StatusEntry.objects.filter(stage=stage).order_by("week").first()
    return first.week if first else stage.team.this_week()
