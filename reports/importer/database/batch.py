"""The journal of a batch: every row that an import makes or changes, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.apps import apps
from django.contrib.admin.utils import NestedObjects
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from projects import facts
from projects.models import AuditRecord, StatusEntry, Team, TeamOwned, WeekFacts
from reports.models import ImportBatch, ImportPage, ImportRecord, Section, WeeklyPage

# Tables with the beginning of the actions that their traces name; those of a project go by it.
_TRACES: Final = {
    "projects.Incident": "incident.",
    "projects.Metric": "metric.",
    "projects.Objective": "objective.",
    "projects.PlannedItem": "planned_item.",
}


class ImportUndoRefused(Exception):
    """People changed rows of the batch, or built on them (``rows``). Nothing was undone."""

    def __init__(self, rows: Iterable[models.Model]) -> None:
        by_key = {(row._meta.label, row.pk): row for row in rows}
        self.rows = sorted(by_key.values(), key=lambda row: (row._meta.label, str(row)))
        super().__init__("; ".join(str(row) for row in self.rows[:5]))


@dataclass(frozen=True, slots=True)
class RestoredField:
    """A field of a row that was there before an import: its value now, and the one before."""

    row: models.Model
    label: str
    now: object
    before: object
    is_kept: bool  # people have changed it since: it stays as it is


@dataclass(slots=True)
class Journal:
    """Makes and changes rows, and remembers it."""

    team: Team
    batch: ImportBatch
    records: list[ImportRecord] = field(default_factory=list)

    def create[M: models.Model](self, rows: Iterable[M]) -> list[M]:
        """The rows, saved, with their keys."""
        saved = list(rows)
        if saved:
            type(saved[0])._default_manager.bulk_create(saved, batch_size=500)
            self.records += [self._record(row, None, None) for row in saved]
        return saved

    def update(self, row: models.Model, **values: Any) -> None:
        """Sets the fields of a row that was there before the batch."""
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        self.records.append(self._record(row, before, values))

    def close(self) -> None:
        """Writes the records; a row that was changed twice keeps its first state."""
        merged: dict[tuple[str, int], ImportRecord] = {}
        for record in self.records:
            first = merged.setdefault((record.model, record.object_id), record)
            if first is not record and first.before is not None:
                first.before = {**(record.before or {}), **first.before}
                first.after = {**(first.after or {}), **(record.after or {})}
        ImportRecord.objects.bulk_create(merged.values(), batch_size=500)

    def _record(
        self, row: models.Model, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> ImportRecord:
        return ImportRecord(
            team=self.team,
            batch=self.batch,
            model=row._meta.label,
            object_id=row.pk,
            before=_plain(before),
            after=_plain(after),
        )


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    encoder = DjangoJSONEncoder()
    if values is None:
        return None
    return {
        name: value
        if value is None or isinstance(value, (str, int, list))
        else encoder.default(value)
        for name, value in values.items()
    }


@transaction.atomic
def undo(batch: ImportBatch) -> ImportBatch:
    """Takes back all that the batch made and changed; its record stays, marked as undone.

    A field of a row that was there before, and that people have changed since, stays as it is.
    Raises ``ImportUndoRefused`` when a person, or a later import, has since built on it.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at is not None:
        return batch
    records = list(batch.records.order_by("-pk"))
    created = _created(record for record in records if record.before is None)
    _refuse_if_touched(batch, created)
    pages = WeeklyPage.objects.filter(pk__in=created.get("reports.WeeklyPage", ()))
    new_weeks = set(pages.values_list("week", flat=True))
    weeks = _weeks(created, records)
    for record in records:
        if record.before is not None:
            _restore(record)
    for label in dict.fromkeys(record.model for record in records if record.before is None):
        model = apps.get_model(label)
        model._default_manager.filter(pk__in=created[label]).delete()
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    facts.forget(batch.team, new_weeks - _weeks_in_use(batch.team, new_weeks), changed=weeks)
    return batch


def blocking_rows(batch: ImportBatch) -> list[models.Model]:
    """What undoing it would lose of people's work; empty where it can be undone."""
    created = _created(batch.records.filter(before__isnull=True))
    try:
        _refuse_if_touched(batch, created)
    except ImportUndoRefused as refused:
        return refused.rows
    return []


def restored_fields(batch: ImportBatch) -> list[RestoredField]:
    """What undoing it does with the rows that it only changed."""
    fields = []
    for record in batch.records.filter(before__isnull=False).order_by("pk"):
        row = apps.get_model(record.model)._default_manager.filter(pk=record.object_id).first()
        if row is None:
            continue
        for name, before in (record.before or {}).items():
            column = _column(row, name)
            is_kept = not _is_as_imported(row, name, record)
            value = column.to_python(before)
            label = str(column.verbose_name)
            fields.append(RestoredField(row, label, getattr(row, name), value, is_kept))
    return fields


def _column(row: models.Model, name: str) -> models.Field[Any, Any]:
    return next(
        column for column in row._meta.concrete_fields if name in {column.name, column.attname}
    )


def _is_as_imported(row: models.Model, name: str, record: ImportRecord) -> bool:
    """Whether the field says what the import wrote: else people have changed it since."""
    imported, now = (record.after or {}).get(name), getattr(row, name)
    same = _column(row, name).to_python(imported) == now
    return same or (_plain({name: now}) or {}).get(name) == imported


def _created(records: Iterable[ImportRecord]) -> dict[str, set[int]]:
    """The rows that the batch made, by the label of their table."""
    created: dict[str, set[int]] = {}
    for record in records:
        created.setdefault(record.model, set()).add(record.object_id)
    return created


def _refuse_if_touched(batch: ImportBatch, created: dict[str, set[int]]) -> None:
    """Raises ``ImportUndoRefused``."""
    rows = [*_built_on(created), *_changed(batch, created)]
    if rows:
        raise ImportUndoRefused(rows)


def _built_on(created: dict[str, set[int]]) -> Iterator[models.Model]:
    """Entries that were edited, and rows of others that hang on what the batch made."""
    edited = StatusEntry.objects.filter(
        pk__in=created.get("projects.StatusEntry", ()), revision__gt=1
    )
    yield from edited.select_related("project")[:20]
    for label in (
        "projects.Project",
        "reports.WeeklyPage",
        "projects.Metric",
        "projects.Objective",
    ):
        if label not in created:
            continue
        collector = NestedObjects(using=connection.alias)
        collector.collect(apps.get_model(label)._default_manager.filter(pk__in=created[label]))
        for model, nested in collector.data.items():
            made = created.get(model._meta.label, set())
            yield from (row for row in nested if row.pk not in made)
        # An edition of an imported page: what was published stays.
        yield from collector.protected


def _changed(batch: ImportBatch, created: dict[str, set[int]]) -> Iterator[models.Model]:
    """What people do with a row leaves a trace, also where the row alone does not show it."""
    traces = AuditRecord.objects.filter(team=batch.team)
    of_projects = traces.filter(project__in=created.get("projects.Project", ()))
    # A name that became a member by itself is no change of a person's.
    of_projects = of_projects.exclude(action="project.hand_over").select_related("project")
    yield from (trace.project for trace in of_projects if trace.project is not None)
    for label, prefix in _TRACES.items():
        if label in created:
            since = traces.filter(action__startswith=prefix, at__gte=batch.applied_at)
            made = apps.get_model(label)._default_manager.filter(pk__in=created[label])
            yield from _traced(made, since)
    yield from _changed_on_pages(batch, created)


def _traced(
    rows: models.QuerySet[models.Model], traces: models.QuerySet[AuditRecord]
) -> Iterator[models.Model]:
    """Those of which there is a trace; one that holds no id goes by the row's name."""
    ids = set(traces.filter(subject_id__isnull=False).values_list("subject_id", flat=True))
    names = set(traces.filter(subject_id=None).values_list("subject", flat=True))
    yield from (row for row in rows if row.pk in ids or str(row)[:200] in names)


def _changed_on_pages(batch: ImportBatch, created: dict[str, set[int]]) -> Iterator[models.Model]:
    """The imported pages and sections whose numbers, plan, words or findings people changed."""
    traces = AuditRecord.objects.filter(team=batch.team, at__gte=batch.applied_at)
    weeks = {date.fromisoformat(source["week"]) for source in batch.sources}
    by_label = {batch.team.week_label(week): week for week in weeks}
    of_weeks = traces.filter(action__in=("numbers.record", "plan.edit"), subject__in=by_label)
    changed = {by_label[label] for label in of_weeks.values_list("subject", flat=True)}
    pages = WeeklyPage.objects.filter(team=batch.team).select_related("team")
    yield from pages.filter(week__in=changed)
    yield from pages.filter(pk__in=created.get("reports.WeeklyPage", ())).exclude(verdicts={})
    edited = {
        trace.after.get("section") for trace in traces.filter(action="section.edit")
    } & created.get("reports.Section", set())
    yield from Section.objects.filter(pk__in=edited).select_related("page__team")


def _weeks_in_use(team: Team, weeks: set[date]) -> set[date]:
    """Those of the weeks in which anything of the team stands."""
    in_use: set[date] = set()
    for model in apps.get_models():
        if not issubclass(model, TeamOwned) or model in (WeekFacts, ImportPage):
            continue
        if any(column.name == "week" for column in model._meta.concrete_fields):
            rows: models.QuerySet[Any] = model._default_manager.filter(team=team)
            of_weeks = rows.filter(week__in=weeks).order_by()
            in_use |= set(of_weeks.values_list("week", flat=True))
    return in_use


def _weeks(created: dict[str, set[int]], records: Iterable[ImportRecord]) -> set[date]:
    """The weeks whose facts the batch touched."""
    pages = WeeklyPage.objects.filter(pk__in=created.get("reports.WeeklyPage", ()))
    entries = StatusEntry.objects.filter(
        pk__in=[r.object_id for r in records if r.model == "projects.StatusEntry"]
    )
    return {
        *pages.values_list("week", flat=True),
        *entries.values_list("week", flat=True),
    }


def _restore(record: ImportRecord) -> None:
    model = apps.get_model(record.model)
    row = model._default_manager.filter(pk=record.object_id).first()
    if row is None:
        return
    before = {
        name: _column(row, name).to_python(value)
        for name, value in (record.before or {}).items()
        if _is_as_imported(row, name, record)
    }
    for name, value in before.items():
        setattr(row, name, value)
    row.save(update_fields=list(before))
