"""Emptying the tables between tests, although the database refuses to delete what was published.

Django's own way also takes away what it wrote after migrating (its types of content and their
permissions) and writes it again, which is most of the work; no test changes that, so it stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

_Operations: Final[type[BaseDatabaseOperations]] = type(connection.ops)
_sql_flush: Final = _Operations.sql_flush
_execute: Final = _Operations.execute_sql_flush
_WRITTEN_AFTER_MIGRATING: Final = {"django_content_type", "auth_permission"}
_OFF, _ON = False, True


def may_flush() -> None:
    """Let ``flush`` pass, and pass quickly, in this process."""
    is_sqlite = connection.vendor == "sqlite"
    flush.emit_post_migrate_signal = lambda *_args, **_options: None  # type: ignore[attr-defined]
    _Operations.sql_flush = _sql  # type: ignore[method-assign]
    if is_sqlite:
        _Operations.execute_sql_flush = _without_triggers  # type: ignore[method-assign]


def _sql(
    self: BaseDatabaseOperations, style: Any, tables: Sequence[str], **options: bool
) -> list[str]:
    emptied = [table for table in tables if table not in _WRITTEN_AFTER_MIGRATING]
    if connection.vendor != "postgresql" or not _is_superuser():
        return _sql_flush(self, style, emptied, **options)
    # The tables hold a few rows: deleting them without triggers takes a hundredth of TRUNCATE,
    # which makes new files for each table and index.
    deletions = [f"DELETE FROM {self.quote_name(table)}" for table in emptied]
    return ["SET LOCAL session_replication_role = replica", *deletions]


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _without_triggers(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
    """On SQLite, which deletes row by row: triggers are off meanwhile."""
    self.connection.ensure_connection()
    raw: Any = self.connection.connection
    raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, _OFF)
    try:
        _execute(self, sql_list)
    finally:
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, _ON)
