"""Emptying the tables between tests, although the database refuses to delete what was published."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper

# By way of the wrapper: their own module is half a circle.
_Operations: Final = DatabaseWrapper.ops_class
_flush: Final = _Operations.execute_sql_flush
_OFF, _ON = False, True


def may_flush() -> None:
    """Let ``flush`` pass on SQLite, where it deletes row by row: triggers are off meanwhile.

    PostgreSQL truncates, which fires none.
    """
    _Operations.execute_sql_flush = _without_triggers  # type: ignore[method-assign]


def _without_triggers(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
    self.connection.ensure_connection()
    raw: Any = self.connection.connection
    raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, _OFF)
    try:
        _flush(self, sql_list)
    finally:
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, _ON)
