"""Two projects that turn out to be one are made one, and can be taken apart again.

Whatever refers to the project that is merged moves to the one that is kept. Where both have a row
that there is only one of (a week's entry, a draft), the two become one and both stay in the record
of the merge; where both use a name (of a milestone, of a metric), the one that moves says where it
comes from. Undoing restores every row; what was changed since is kept where it does not conflict,
and where it does the undoing is refused and says why. Whoever may do it is decided by the caller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone

from projects import audit, facts
from projects.checkin import recording
from projects.models import (
    Alias,
    Draft,
    Incident,
    Metric,
    Milestone,
    ProgressChange,
    Project,
    ProjectMerge,
    Question,
    Reading,
    StatusEntry,
    Team,
    User,
)
from projects.portfolio import aliases, rowstore
from projects.reported import FURTHER_TEXTS, OF_ITS_WEEK, REPORTED
from projects.text import names

_LONGEST_NAME: Final = 120
# From here on it is worth asking whether two names are one project's (``names.likeness``).
_ALIKE: Final = 0.6
# What of an entry the other one is joined to; the rest of it stays.
_JOINED: Final = (*REPORTED, "weighted_percent", "repeats")
# Of these, what both entries say stands below each other; of the rest the first that says anything.
_TEXTS: Final = (*OF_ITS_WEEK, *FURTHER_TEXTS)


class SameProject(Exception):
    """A project is not merged with itself, nor with one of another team."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a merge cannot be undone. ``kind`` is one of these, ``subject`` what it is about:

    ``name_taken`` (the name, which means another project by now), ``entry_edited`` (the label of a
    week whose joined entry was changed since), ``merged_on`` (the project that it was merged into
    meanwhile).
    """

    kind: str
    subject: str


class UndoRefused(Exception):
    """Nothing was undone; ``conflicts`` say why."""

    def __init__(self, conflicts: Iterable[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(
            ", ".join(f"{conflict.kind}: {conflict.subject}" for conflict in self.conflicts)
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do."""

    entries: int
    joined_weeks: tuple[date, ...]  # in which both projects have an entry, the newest first
    milestones: tuple[str, ...]
    renamed: tuple[str, ...]  # milestones and metrics, as they would be called
    metrics: int
    incidents: int
    questions: int
    names: tuple[str, ...]  # by which the project that is kept will go too


def preview(kept_project: Project, merged: Project) -> Preview:
    """What merging would move, join and rename. Changes nothing."""
    theirs = StatusEntry.objects.filter(project=merged)
    both = theirs.filter(week__in=StatusEntry.objects.filter(project=kept_project).values("week"))
    milestones = Milestone.objects.filter(project=merged)
    clashes = [
        *_clashing(Milestone, kept_project, merged),
        *_clashing(Metric, kept_project, merged),
    ]
    return Preview(
        entries=theirs.count(),
        joined_weeks=tuple(both.order_by("-week").values_list("week", flat=True)),
        milestones=tuple(milestones.values_list("name", flat=True)),
        renamed=tuple(_name_with_origin(row.name, merged) for row in clashes),
        metrics=Metric.objects.filter(project=merged).count(),
        incidents=Incident.objects.filter(project=merged).count(),
        questions=Question.objects.filter(project=merged).count(),
        names=tuple(Alias.objects.filter(project=merged).values_list("name", flat=True)),
    )


def alike(project: Project) -> list[Project]:
    """The team's projects whose names are so alike that they may be this one, the likest first."""
    names_of_project: dict[Project, list[str]] = defaultdict(list)
    for alias in Alias.objects.filter(team=project.team_id).select_related("project"):
        names_of_project[alias.project].append(alias.name)
    mine = names_of_project.pop(project, [project.name])
    likeness = {
        other: max(names.likeness(a, b) for a in mine for b in theirs)
        for other, theirs in names_of_project.items()
    }
    similar = [other for other, value in likeness.items() if value >= _ALIKE]
    return sorted(similar, key=lambda other: -likeness[other])


@transaction.atomic
def merge(kept_project: Project, merged: Project, *, by: User | None) -> ProjectMerge:
    """Make the two one: ``kept_project``, which takes over all that refers to ``merged``.

    Raises ``SameProject``; ``Project.DoesNotExist`` when one of them is gone meanwhile.
    """
    if kept_project.pk == merged.pk or kept_project.team_id != merged.team_id:
        raise SameProject(kept_project.name)
    kept_project, merged = _held(kept_project, merged)
    weeks = _weeks_of(merged)
    record = _Record(kept=kept_project.pk, project=rowstore.stored(merged))
    _begin_earlier(kept_project, merged, record)
    _join_entries(kept_project, merged, record)
    _join_drafts(kept_project, merged, record)
    for model in (Milestone, Metric):
        _tell_apart(model, kept_project, merged, record)
    _move_all(kept_project, merged, record)
    merged.delete()
    this_week = kept_project.team.this_week()
    _follow(kept_project, this_week, record)
    done = ProjectMerge.objects.create(
        team=kept_project.team, kept=kept_project, name=merged.name, record=asdict(record), by=by
    )
    audit.note(
        kept_project.team,
        "project.merge",
        merged.name,
        by=by,
        project=kept_project,
        after={"kept": kept_project},
    )
    facts.announce(kept_project.team, weeks | {this_week})
    return done


@transaction.atomic
def undo(done: ProjectMerge, *, by: User | None) -> Project:
    """Take the two apart again, and return the one that had been merged.

    Each of its rows goes back, with what was changed in it since. Raises ``UndoRefused``.
    A merge that was undone already is left as it is.
    """
    kept_project = Project.objects.locked().get(pk=done.kept_id)
    done = ProjectMerge.objects.select_for_update(of=("self",)).get(pk=done.pk)
    record = _Record(**done.record)
    if done.undone_at is not None:
        return Project.objects.select_related("team").get(pk=record.project["pk"])
    if conflicts := _conflicts(record, kept_project):
        raise UndoRefused(conflicts)
    rowstore.restore([record.project])
    merged = Project.objects.select_related("team").get(pk=record.project["pk"])
    for moved in record.moved:
        rowstore.move_back(moved, kept_project.pk, merged.pk)
    untouched = rowstore.put_back(record.changed)
    untouched |= {(row._meta.label, row.pk) for row in rowstore.restore(record.deleted)}
    aliases.claim(merged, merged.name)
    done.undone_by, done.undone_at = by, timezone.now()
    done.save(update_fields=["undone_by", "undone_at"])
    this_week = kept_project.team.this_week()
    _follow_apart((kept_project, merged), this_week, untouched)
    audit.note(kept_project.team, "project.unmerge", merged, by=by, project=kept_project)
    facts.announce(kept_project.team, _weeks_of(merged) | {this_week})
    return merged


@dataclass(slots=True)
class _Record:
    """What undo needs: rows as ``rowstore`` keeps them.

    ``moved`` has the keys of the rows that moved, ``changed`` what was changed in rows, ``deleted``
    the rows that were joined to another, ``joined`` key and revision of the entries that others
    were joined to, by their week.
    """

    kept: int
    project: dict[str, Any]
    moved: list[rowstore.Moved] = field(default_factory=list)
    changed: list[rowstore.RowChange] = field(default_factory=list)
    deleted: list[dict[str, Any]] = field(default_factory=list)
    joined: dict[str, tuple[int, int]] = field(default_factory=dict)


def _held(kept_project: Project, merged: Project) -> tuple[Project, Project]:
    """Both as they stand now, held in the order of their keys until the transaction ends."""
    Team.objects.locked().get(pk=kept_project.team_id)
    projects = Project.objects.locked().filter(pk__in=(kept_project.pk, merged.pk)).order_by("pk")
    by_key = {project.pk: project for project in projects}
    if len(by_key) < 2:
        raise Project.DoesNotExist
    return by_key[kept_project.pk], by_key[merged.pk]


def _weeks_of(project: Project) -> set[date]:
    """The weeks in which something was told of the project."""
    of_project = {"project": project}
    rows: Sequence[models.QuerySet[Any]] = (
        StatusEntry.objects.filter(**of_project),
        Question.objects.filter(**of_project),
        Incident.objects.filter(**of_project),
        ProgressChange.objects.filter(milestone__project=project),
        Reading.objects.filter(metric__project=project),
    )
    return {
        week for queryset in rows for week in queryset.values_list("week", flat=True).distinct()
    }


def _begin_earlier(kept_project: Project, merged: Project, record: _Record) -> None:
    """The one project began when the first of the two did; unknown stays unknown."""
    if (
        kept_project.started_on
        and merged.started_on
        and merged.started_on < kept_project.started_on
    ):
        record.changed += rowstore.change(
            [kept_project], {kept_project.pk: {"started_on": merged.started_on}}
        )


def _join_entries(kept_project: Project, merged: Project, record: _Record) -> None:
    """Of each week that both tell of, one entry: the texts below each other.

    An entry that an imported page told of is printed where it stands there, so it becomes a
    further place of the project on that page.
    """
    mine = {entry.week: entry for entry in StatusEntry.objects.filter(project=kept_project)}
    joined = list(StatusEntry.objects.filter(project=merged, week__in=mine))
    record.deleted += [rowstore.stored(entry) for entry in joined]
    values = {mine[other.week].pk: _both(mine[other.week], other, merged) for other in joined}
    record.changed += rowstore.change([mine[other.week] for other in joined], values)
    for entry in (mine[other.week] for other in joined):
        record.joined[entry.week.isoformat()] = (entry.pk, entry.revision)
    StatusEntry.objects.filter(pk__in=[entry.pk for entry in joined]).delete()


def _both(mine: StatusEntry, other: StatusEntry, merged: Project) -> dict[str, Any]:
    """What the entry of the project that is kept says, with the other's in it."""
    is_placed = bool(other.position)
    here = {
        "section": other.section,
        "name": other.name or merged.name,
        "text": other.text,
        "position": other.position,
        "is_focus": other.is_focus,
    }
    joined = {name: getattr(mine, name) for name in _JOINED}
    for name in _JOINED:
        if name in _TEXTS:
            joined[name] = _below(joined[name], getattr(other, name))
        elif joined[name] in (None, ""):
            joined[name] = getattr(other, name)
    if is_placed:
        joined["text"] = mine.text
    joined["repeats"] = [*mine.repeats, *([here] if is_placed else []), *other.repeats]
    return {**joined, "revision": mine.revision + 1}


def _below(upper: str, other: str) -> str:
    parts = [part for part in (upper.rstrip(), other.strip()) if part]
    return "\n".join(dict.fromkeys(parts))


def _join_drafts(kept_project: Project, merged: Project, record: _Record) -> None:
    """Of a field that somebody left unsent in both, one draft, with both texts in it."""
    mine = {_place_of(draft): draft for draft in Draft.objects.filter(project=kept_project)}
    theirs = [draft for draft in Draft.objects.filter(project=merged) if _place_of(draft) in mine]
    record.deleted += [rowstore.stored(draft) for draft in theirs]
    both = [(mine[_place_of(other)], other) for other in theirs if other.field in _TEXTS]
    values = {draft.pk: {"value": _below(draft.value, other.value)} for draft, other in both}
    record.changed += rowstore.change([draft for draft, _ in both], values)
    Draft.objects.filter(pk__in=[draft.pk for draft in theirs]).delete()


def _place_of(draft: Draft) -> tuple[int, date, str]:
    return draft.user_id, draft.week, draft.field


def _clashing(
    model: type[Milestone] | type[Metric], kept_project: Project, merged: Project
) -> list[Milestone | Metric]:
    """The rows of the project to be merged whose name one of the other's has."""
    taken = model._default_manager.filter(project=kept_project).values("name")
    return list(model._default_manager.filter(project=merged, name__in=taken))


def _tell_apart(
    model: type[Milestone] | type[Metric], kept_project: Project, merged: Project, record: _Record
) -> None:
    """Two of one name stay two: the one that moves says which project it comes from."""
    clashing = _clashing(model, kept_project, merged)
    if not clashing:
        return
    taken = set(
        model._default_manager.filter(project__in=(kept_project, merged)).values_list(
            "name", flat=True
        )
    )
    values = {}
    for row in clashing:
        name = _name_with_origin(row.name, merged)
        while name in taken:
            name = f"{name[: _LONGEST_NAME - 1]}*"
        taken.add(name)
        values[row.pk] = {"name": name}
    record.changed += rowstore.change(clashing, values)


def _name_with_origin(name: str, merged: Project) -> str:
    origin = f"（{merged.name}）"
    return (name[: max(_LONGEST_NAME - len(origin), 1)] + origin)[:_LONGEST_NAME]


def _move_all(kept_project: Project, merged: Project, record: _Record) -> None:
    """Whatever refers to the one now refers to the other, in whichever application it is."""
    for relation in Project._meta.related_objects:
        model: Any = relation.related_model
        record.moved.append(
            rowstore.move(model, relation.field.attname, merged.pk, kept_project.pk)
        )


def _follow(kept_project: Project, week: date, record: _Record) -> None:
    """The entry of the present week says what the milestones of both add up to now."""
    entry = StatusEntry.objects.filter(project=kept_project, week=week).first()
    if entry is None:
        return
    columns = ("percent", "weighted_percent")
    before = {name: getattr(entry, name) for name in columns}
    recording.follow_milestones(kept_project, week)
    entry.refresh_from_db(fields=columns)
    after = {name: getattr(entry, name) for name in columns}
    # Also when it is the same: it says that the entry was seen to.
    record.changed.append(rowstore.change_of(entry, before, after))


def _follow_apart(projects: Iterable[Project], week: date, untouched: set[tuple[str, int]]) -> None:
    """What was reported since the merge counted the milestones of both: now only its own."""
    for project in projects:
        entry = StatusEntry.objects.filter(project=project, week=week).first()
        if entry is not None and (entry._meta.label, entry.pk) not in untouched:
            recording.follow_milestones(project, week)


def _conflicts(record: _Record, kept_project: Project) -> list[Conflict]:
    """What stands in the way of undoing the merge."""
    if record.kept != kept_project.pk:
        return [Conflict("merged_on", kept_project.name)]
    conflicts = []
    name = record.project["fields"]["name"]
    meant = aliases.meant_by(kept_project.team, name)
    if meant is not None and (
        meant != kept_project or names.key(name) == names.key(kept_project.name)
    ):
        conflicts.append(Conflict("name_taken", name))
    entries = StatusEntry.objects.filter(pk__in=[pk for pk, _ in record.joined.values()])
    revisions = dict(entries.values_list("pk", "revision"))
    for week, (pk, revision) in sorted(record.joined.items()):
        if revisions.get(pk) != revision:
            label = kept_project.team.week_label(date.fromisoformat(week))
            conflicts.append(Conflict("entry_edited", label))
    return conflicts
