"""Store rows, and changes of rows, as plain JSON from which they can be restored exactly."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, TypedDict

from django.apps import apps
from django.core.serializers import deserialize, serialize
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class RowChange(TypedDict):
    """The values of some columns of one row, before and after."""

    model: str
    pk: int
    before: dict[str, Any]
    after: dict[str, Any]


class Moved(TypedDict):
    """The rows of a table whose reference in one column was moved from one row to another."""

    model: str
    column: str
    keys: list[int]


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds; Django's encoder cuts times down to milliseconds."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def stored(row: models.Model) -> dict[str, Any]:
    """The whole row: ``model``, ``pk`` and ``fields``."""
    (serialized,) = json.loads(serialize("json", [row], cls=_Exact))
    return dict(serialized)


def move(model: type[models.Model], column: str, old: int, new: int) -> Moved:
    """Make all rows that refer to ``old`` in that column refer to ``new``."""
    rows = model._default_manager.filter(**{column: old})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(**{column: new})
    return Moved(model=model._meta.label, column=column, keys=keys)


def move_back(moved: Moved, old: int, new: int) -> None:
    """Move those of the moved rows that still exist and refer to ``old`` on to ``new``."""
    column = moved["column"]
    rows = _manager(moved["model"]).filter(pk__in=moved["keys"], **{column: old})
    rows.update(**{column: new})


def restore(rows: Iterable[Mapping[str, Any]]) -> list[models.Model]:
    """Insert stored rows again, with the keys they had.

    Where a referenced row is gone, a nullable reference becomes null; a row with another kind of
    reference is left out.
    """
    restored: list[models.Model] = []
    for label, group in groupby(rows, key=lambda row: str(row["model"])):
        deserialized = deserialize("python", group, ignorenonexistent=True)
        complete = _without_lost_references([row.object for row in deserialized])
        restored += _manager(label).bulk_create(complete)
    return restored


def change(
    rows: Iterable[models.Model], values: Mapping[int, Mapping[str, Any]]
) -> list[RowChange]:
    """Set columns of rows of one table (``values`` by primary key) and return the changes."""
    changed = [row for row in rows if row.pk in values]
    changes = []
    for row in changed:
        new = values[row.pk]
        changes.append(change_of(row, {name: getattr(row, name) for name in new}, new))
        for name, value in new.items():
            setattr(row, name, value)
    if changed:
        names = {name.removesuffix("_id") for row in changed for name in values[row.pk]}
        type(changed[0])._default_manager.bulk_update(changed, sorted(names))
    return changes


def put_back(changes: Iterable[RowChange]) -> set[tuple[str, int]]:
    """Undo changes, the last first; a column that was changed since keeps its value.

    Returns model label and primary key of the rows that were put back wholly.
    """
    by_model: dict[str, list[RowChange]] = defaultdict(list)
    for entry in reversed(list(changes)):
        by_model[entry["model"]].append(entry)
    put_back_wholly = set()
    for label, of_model in by_model.items():
        manager = _manager(label)
        rows = manager.in_bulk([entry["pk"] for entry in of_model])
        changed_since = {
            entry["pk"] for entry in of_model if not _undo(rows.get(entry["pk"]), entry)
        }
        names = {name.removesuffix("_id") for entry in of_model for name in entry["before"]}
        manager.bulk_update(rows.values(), sorted(names))
        put_back_wholly |= {
            (label, entry["pk"]) for entry in of_model if entry["pk"] not in changed_since
        }
    return put_back_wholly


def change_of(row: models.Model, before: Mapping[str, Any], after: Mapping[str, Any]) -> RowChange:
    """The change as ``put_back`` takes it; the caller saves the row."""
    return RowChange(
        model=row._meta.label, pk=int(row.pk), before=_plain(before), after=_plain(after)
    )


def _undo(row: models.Model | None, entry: RowChange) -> bool:
    """Set the columns back on the instance; whether all of them still held what was changed."""
    if row is None:
        return False
    is_untouched = True
    for name, after in entry["after"].items():
        column: Any = row._meta.get_field(name)
        if getattr(row, name) == column.to_python(after):
            setattr(row, name, column.to_python(entry["before"][name]))
        else:
            is_untouched = False
    return is_untouched


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(dict(values), cls=_Exact)))


def _manager(label: str) -> models.Manager[Any]:
    manager: models.Manager[Any] = apps.get_model(label)._default_manager
    return manager


def _without_lost_references[M: models.Model](rows: list[M]) -> list[M]:
    for column in rows[0]._meta.concrete_fields if rows else ():
        target = column.related_model
        if target is None or isinstance(target, str):
            continue
        ids = {getattr(row, column.attname) for row in rows} - {None}
        lost = ids - set(target._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
        if not lost:
            continue
        if not column.null:
            rows = [row for row in rows if getattr(row, column.attname) not in lost]
        for row in rows:
            if getattr(row, column.attname) in lost:
                setattr(row, column.attname, None)
    return rows
