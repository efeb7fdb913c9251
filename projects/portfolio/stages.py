"""The team's stages: the ordered list of steps that a project goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

from django.db import transaction
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from projects import audit, facts, ordering
from projects.conflicts import EditConflict, Opened, RowsToSave, as_text, merge, merge_rows
from projects.models import Milestone, Project, Stage, StatusEntry, Team, User
from projects.ordering import next_position
from projects.portfolio.lifecycle import BulkOutcome, WantedChange
from projects.text import names

type Way = Literal["up", "down"]


# The tables with rows that are in a stage.
_IN_STAGES: Final = (StatusEntry, Milestone, Project)


class StageNameTaken(Exception):
    """The team has a stage of that name already; ``key`` is of the one that was to get it."""

    def __init__(self, name: str, key: int | None = None) -> None:
        self.key = key
        super().__init__(name)


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
    if names.namesake(Stage.objects.filter(team=team), name) is not None:
        raise StageNameTaken(name)
    position = next_position(Stage.objects.filter(team=team))
    stage = Stage.objects.create(team=team, name=name, position=position)
    audit.note(team, "stage.create", stage, by=by)
    return stage


@transaction.atomic
def rename_stages(
    team: Team, wanted: Mapping[int, str], *, by: User | None, opened: Opened | None = None
) -> RowsToSave:
    """Give the team's stages these names, by their keys: all of them or none.

    Pages of the past show the new names too, once they are compiled. ``opened`` has the names by
    key. Raises ``StageNameTaken``, ``EditConflict``.
    """
    _lock(team)
    stages = {stage.pk: stage for stage in Stage.objects.filter(team=team)}
    rows = merge_rows({pk: stage.name for pk, stage in stages.items()}, wanted, opened)
    if not rows.changed:
        return rows
    changed = [stages[pk] for pk in rows.changed]
    before = {stage.pk: stage.name for stage in changed}
    for stage in changed:
        stage.name = rows.changed[stage.pk]
    for stage in changed:
        if names.namesake((other for other in stages.values() if other != stage), stage.name):
            raise StageNameTaken(stage.name, stage.pk)
    _write_names(changed)
    audit.note_all(
        [
            audit.record_of(
                team,
                "stage.rename",
                stage.name,
                by=by,
                before={"name": before[stage.pk]},
                after={"name": stage.name},
            )
            for stage in changed
        ]
    )
    facts.announce(team, [_first_week(team, changed)])
    return rows


def _write_names(stages: list[Stage]) -> None:
    """Two that swap their names would have the same one for a moment, which the table refuses."""
    rows = Stage.objects.filter(pk__in=[stage.pk for stage in stages])
    rows.update(name=Concat(Value("/"), Cast("pk", CharField())))
    Stage.objects.bulk_update(stages, ["name"])


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
    team, first = stage.team, _first_week(stage.team, [stage])
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


def _first_week(team: Team, stages: Iterable[Stage]) -> date:
    """The pages from that week on may print one of the stages."""
    first = StatusEntry.objects.filter(stage__in=stages).order_by("week").first()
    return first.week if first else team.this_week()
