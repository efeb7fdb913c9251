"""Emptying the tables between tests, although the database refuses to delete what was published."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from django.db.backends.sqlite3.operations import DatabaseOperations

_flush: Final = DatabaseOperations.execute_sql_flush


def may_flush() -> None:
    """Let ``flush`` pass on SQLite, where it deletes row by row: triggers are off meanwhile.

    PostgreSQL truncates, which fires none.
    """
    DatabaseOperations.execute_sql_flush = _without_triggers  # type: ignore[method-assign]


def _without_triggers(self: DatabaseOperations, sql_list: Iterable[str]) -> None:
    self.connection.ensure_connection()
    raw = self.connection.connection
    raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
    try:
        _flush(self, sql_list)
    finally:
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, True)
