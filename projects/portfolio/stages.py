"""The team's stages: the ordered list of steps that a project goes through."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.db import transaction
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from projects import audit, facts
from projects.conflicts import Opened, merge
from projects.models import Milestone, Stage, StatusEntry, Team, User

type Direction = Literal["up", "down"]


class StageNameTaken(Exception):
    """The team has a stage of that name already."""


class StageInUse(Exception):
    """Entries or milestones are in this stage: it goes only when another takes its place."""


def stages_of(team: Team) -> QuerySet[Stage]:
    """In order; each with ``uses``, the number of entries and milestones that are in it."""
    entries, milestones = (
        model.objects.filter(stage=OuterRef("pk")).order_by().values("stage")
        for model in (StatusEntry, Milestone)
    )
    counted = (Subquery(rows.annotate(n=Count("pk")).values("n")) for rows in (entries, milestones))
    entered, planned = (Coalesce(number, 0) for number in counted)
    return Stage.objects.filter(team=team).annotate(uses=entered + planned).order_by("position")


@transaction.atomic
def add_stage(team: Team, name: str, *, by: User | None) -> Stage:
    """A new stage, the last of the list. Raises ``StageNameTaken``."""
    _lock(team)
    _require_free(team, name)
    last = Stage.objects.filter(team=team).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
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
    _require_free(stage.team, name)
    before, stage.name = stage.name, name
    stage.save(update_fields=["name"])
    audit.note(
        stage.team, "stage.rename", name, by=by, before={"name": before}, after={"name": name}
    )
    facts.announce(stage.team, [_first_week(stage)])


@transaction.atomic
def move_stage(stage: Stage, direction: Direction, *, by: User | None) -> None:
    """One place up or down; at its end of the list it stays."""
    _lock(stage.team)
    order = list(Stage.objects.filter(team=stage.team).order_by("position", "pk"))
    here = order.index(stage)
    there = here - 1 if direction == "up" else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for position, moved in enumerate(order):
        moved.position = position
    Stage.objects.bulk_update(order, ["position"])
    audit.note(stage.team, "stage.move", stage, by=by, after={"direction": direction})


@transaction.atomic
def remove_stage(stage: Stage, replacement: Stage | None, *, by: User | None) -> None:
    """Take a stage off the list; what is in it goes on in the replacement.

    Raises ``StageInUse`` when something is in it and nothing replaces it.
    """
    _lock(stage.team)
    in_it = (StatusEntry.objects.filter(stage=stage), Milestone.objects.filter(stage=stage))
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


def _lock(team: Team) -> None:
    """Two managers who edit the list at the same moment follow each other."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _require_free(team: Team, name: str) -> None:
    if Stage.objects.filter(team=team, name=name).exists():
        raise StageNameTaken(name)


def _first_week(stage: Stage) -> date:
    """The pages from that week on may print the stage."""
    first = StatusEntry.objects.filter(stage=stage).order_by("week").first()
    return first.week if first else stage.team.this_week()
