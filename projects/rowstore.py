"""Rows and changes of rows as plain JSON, exact enough to be written back later."""

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


class Change(TypedDict):
    """Some columns of one row, before and after."""

    model: str
    pk: int
    before: dict[str, Any]
    after: dict[str, Any]


class Moved(TypedDict):
    """The rows of a table in which a column referred to one row, and now does to another."""

    model: str
    column: str
    keys: list[int]


class _Exact(DjangoJSONEncoder):
    """Django's own, which cuts moments down to milliseconds."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def stored(row: models.Model) -> dict[str, Any]:
    """The whole row: ``model``, ``pk`` and ``fields``."""
    (found,) = json.loads(serialize("json", [row], cls=_Exact))
    return dict(found)


def move(of: type[models.Model], column: str, old: int, new: int) -> Moved:
    """Let all rows that refer to ``old`` in that column refer to ``new``."""
    rows = of._default_manager.filter(**{column: old})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(**{column: new})
    return Moved(model=of._meta.label, column=column, keys=keys)


def move_back(moved: Moved, old: int, new: int) -> None:
    """The same for the rows that were moved, where they still are there and refer to ``old``."""
    column = moved["column"]
    rows = _manager(moved["model"]).filter(pk__in=moved["keys"], **{column: old})
    rows.update(**{column: new})


def restore(rows: Iterable[Mapping[str, Any]]) -> list[models.Model]:
    """Write stored rows again, with the keys they had.

    What they refer to may be gone: then they refer to nothing, or stay away where they cannot.
    """
    restored: list[models.Model] = []
    for label, group in groupby(rows, key=lambda row: str(row["model"])):
        found = [one.object for one in deserialize("python", group, ignorenonexistent=True)]
        restored += _manager(label).bulk_create(_without_lost_references(found))
    return restored


def change(rows: Iterable[models.Model], values: Mapping[int, Mapping[str, Any]]) -> list[Change]:
    """Set columns of rows of one table, by their keys, and tell what they were."""
    found = [row for row in rows if row.pk in values]
    changes = []
    for row in found:
        new = values[row.pk]
        changes.append(change_of(row, {name: getattr(row, name) for name in new}, new))
        for name, value in new.items():
            setattr(row, name, value)
    if found:
        names = {name.removesuffix("_id") for row in found for name in values[row.pk]}
        type(found[0])._default_manager.bulk_update(found, sorted(names))
    return changes


def put_back(changes: Iterable[Change]) -> set[tuple[str, int]]:
    """Undo changes, the last first; a column that was changed since keeps what it has.

    Returns table and key of the rows of which no column was.
    """
    last_first = list(changes)[::-1]
    by_model: dict[str, list[Change]] = defaultdict(list)
    for one in last_first:
        by_model[one["model"]].append(one)
    untouched = set()
    for label, found in by_model.items():
        manager = _manager(label)
        rows = manager.in_bulk([one["pk"] for one in found])
        later = {one["pk"] for one in found if not _undo(rows.get(one["pk"]), one)}
        names = {name.removesuffix("_id") for one in found for name in one["before"]}
        manager.bulk_update(rows.values(), sorted(names))
        untouched |= {(label, one["pk"]) for one in found} - {(label, pk) for pk in later}
    return untouched


def change_of(row: models.Model, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """A change of some columns of the row, whoever writes it."""
    return Change(model=row._meta.label, pk=int(row.pk), before=_plain(before), after=_plain(after))


def _undo(row: models.Model | None, one: Change) -> bool:
    """Whether every column stood as the change had left it."""
    if row is None:
        return False
    is_untouched = True
    for name, after in one["after"].items():
        column: Any = row._meta.get_field(name)
        if getattr(row, name) == column.to_python(after):
            setattr(row, name, column.to_python(one["before"][name]))
        else:
            is_untouched = False
    return is_untouched


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(dict(values), cls=_Exact)))


def _manager(label: str) -> models.Manager[Any]:
    """Of the table that ``app.Model`` names."""
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
