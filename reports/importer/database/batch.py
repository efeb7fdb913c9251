"""The journal of a batch: every row that an import makes or changes, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from reports.models import ImportBatch, ImportPage, ImportRecord, WeeklyPage

# Tables with the beginning of the actions that their traces name; those of a project go by it.
_TRACES: Final = {
    "projects.Incident": "incident.",
    "projects.Metric": "metric.",
    "projects.Objective": "objective.",
    "projects.PlannedItem": "planned_item.",
}


class ImportUndoRefused(Exception):
    """People changed rows of the batch, or built on them (``rows``). Nothing was undone."""

    def __init__(self, rows: Sequence[str]) -> None:
        self.rows = tuple(rows)
        super().__init__("; ".join(self.rows[:5]))


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

    Raises ``ImportUndoRefused`` when a person, or a later import, has since built on it.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at is not None:
        return batch
    records = list(batch.records.order_by("-pk"))
    created: dict[str, set[int]] = {}
    for record in records:
        if record.before is None:
            created.setdefault(record.model, set()).add(record.object_id)
    _refuse_if_built_on(created)
    _refuse_if_changed(batch, created)
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


def _refuse_if_built_on(created: dict[str, set[int]]) -> None:
    rows: list[str] = []
    edited = StatusEntry.objects.filter(
        pk__in=created.get("projects.StatusEntry", ()), revision__gt=1
    )
    rows += [str(entry) for entry in edited.select_related("project")[:20]]
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
            created_keys = created.get(model._meta.label, set())
            rows += [str(row) for row in nested if row.pk not in created_keys]
        # An edition of an imported page: what was published stays.
        rows += [f"{row._meta.verbose_name} {row}" for row in collector.protected]
    if rows:
        raise ImportUndoRefused(sorted(set(rows)))


def _refuse_if_changed(batch: ImportBatch, created: dict[str, set[int]]) -> None:
    """What people do with a row leaves a trace, also where the row alone does not show it."""
    traces = AuditRecord.objects.filter(team=batch.team)
    of_projects = traces.filter(project__in=created.get("projects.Project", ()))
    # A name that became a member by itself is no change of a person's.
    of_projects = of_projects.exclude(action="project.hand_over").select_related("project")
    rows = {str(trace.project) for trace in of_projects}
    for label, prefix in _TRACES.items():
        if label in created:
            since = traces.filter(action__startswith=prefix, at__gte=batch.applied_at)
            rows |= _traced(label, created[label], since)
    rows |= _changed_on_pages(batch, created)
    if rows:
        raise ImportUndoRefused(sorted(rows))


def _traced(label: str, created: set[int], traces: models.QuerySet[AuditRecord]) -> set[str]:
    """The created rows of which there is a trace; one that holds no id goes by the row's name."""
    by_id = traces.filter(subject_id__in=created).values_list("subject", flat=True)
    by_name = set(traces.filter(subject_id=None).values_list("subject", flat=True))
    if by_name:
        made = apps.get_model(label)._default_manager.filter(pk__in=created)
        by_name &= {str(row)[:200] for row in made}
    return {*by_id, *by_name}


def _changed_on_pages(batch: ImportBatch, created: dict[str, set[int]]) -> set[str]:
    """The imported weeks and sections whose numbers, plan, words or findings people changed."""
    traces = AuditRecord.objects.filter(team=batch.team, at__gte=batch.applied_at)
    weeks = {date.fromisoformat(source["week"]) for source in batch.sources}
    labels = [batch.team.week_label(week) for week in weeks]
    of_weeks = traces.filter(action__in=("numbers.record", "plan.edit"), subject__in=labels)
    pages = WeeklyPage.objects.filter(pk__in=created.get("reports.WeeklyPage", ()))
    judged = pages.exclude(verdicts={}).select_related("team")
    sections = created.get("reports.Section", set())
    edited = traces.filter(action="section.edit")
    return {
        *of_weeks.values_list("subject", flat=True),
        *(str(page) for page in judged),
        *(trace.subject for trace in edited if trace.after.get("section") in sections),
    }


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
    for name, value in (record.before or {}).items():
        setattr(row, name, model._meta.get_field(name).to_python(value))
    row.save(update_fields=list(record.before or {}))
