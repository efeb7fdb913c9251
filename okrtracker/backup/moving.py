"""All rows of a SQLite database written into an empty PostgreSQL database, keys and bytes kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.core.management.base import CommandError
from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from reports.models import Edition, EditionFile
from reports.weekly import document

_ROWS: Final = 500  # held in memory at once


def move(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> dict[str, int]:
    """Copy every table, prove the copy, and only then commit; the number of rows by table.

    References are checked at the end (they are deferred), so the order of tables is free. The
    triggers of editions watch changes, not new rows, and stay as they are.
    """
    with transaction.atomic(using=source.alias), transaction.atomic(using=target.alias):
        moved = _tables()
        _empty(target, moved)
        counts = {model._meta.db_table: _copy(model, source, target) for model in moved}
        with target.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a lost reference is told here
        _set_sequences(source, target, moved)
        _prove_counts(counts, target)
        _prove_hashes(target)
    return counts


def _tables() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]


def _empty(target: BaseDatabaseWrapper, moved: list[type[models.Model]]) -> None:
    """Take away what migrating has written: types of content and permissions, with other keys."""
    names = sql.SQL(", ").join([sql.Identifier(model._meta.db_table) for model in moved])
    with target.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))


def _copy(
    model: type[models.Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper
) -> int:
    fields: list[Any] = [f for f in model._meta.concrete_fields if not f.generated]
    columns = sql.SQL(", ").join([sql.Identifier(field.column) for field in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), columns
    )
    count = 0
    try:
        with target.cursor() as cursor, cursor.copy(statement) as copy:
            for row in _rows(model, fields, source, target):
                copy.write_row(row)
                count += 1
    except (DatabaseError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        table = model._meta.db_table
        raise CommandError(f"{table}, near row {count}, cannot be moved: {reason}") from None
    return count


def _rows(
    model: type[models.Model],
    fields: list[Any],
    source: BaseDatabaseWrapper,
    target: BaseDatabaseWrapper,
) -> Iterator[list[Any]]:
    names = [field.attname for field in fields]
    rows: Any = models.QuerySet(model, using=source.alias).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_ROWS):
        yield [
            field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)
        ]


def _set_sequences(
    source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, moved: list[type[models.Model]]
) -> None:
    """A key that was given once, also of a row that is gone, is not given again."""
    with source.cursor() as read, target.cursor() as write:
        read.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")
        given = dict(read.fetchall())
        for meta in (model._meta for model in moved):
            if meta.db_table in given:
                write.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                    [meta.db_table, meta.pk.column, given[meta.db_table]],
                )


def _prove_counts(counts: dict[str, int], target: BaseDatabaseWrapper) -> None:
    with target.cursor() as cursor:
        for table, count in counts.items():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            [arrived] = cursor.fetchone()
            if arrived != count:
                raise CommandError(f"{table} has {arrived} rows instead of {count}: nothing moved")


def _prove_hashes(target: BaseDatabaseWrapper) -> None:
    editions = Edition.objects.using(target.alias).values_list("pk", "document", "sha256")
    for key, content, sha256 in editions.iterator(chunk_size=_ROWS):
        if hashlib.sha256(document.canonical_json(content)).hexdigest() != sha256:
            raise CommandError(f"edition {key} does not have its hash any more: nothing moved")
    files = EditionFile.objects.using(target.alias).values_list("pk", "content", "sha256")
    for key, content, sha256 in files.iterator(chunk_size=1):
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CommandError(f"file {key} of an edition is not as it was: nothing moved")
