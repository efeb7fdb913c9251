"""Emptying the tables between tests, although the database refuses to delete what was published."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseOperations  # its own module is half a circle

_flush: Final = DatabaseOperations.execute_sql_flush


def may_flush() -> None:
    """Let ``flush`` pass on SQLite, where it deletes row by row: triggers are off meanwhile.

    PostgreSQL truncates, which fires none.
    """
    DatabaseOperations.execute_sql_flush = _without_triggers  # type: ignore[assignment,method-assign]


def _without_triggers(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
    self.connection.ensure_connection()
    raw: Any = self.connection.connection
    raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)  # noqa: FBT003  by position only
    try:
        _flush(self, sql_list)  # type: ignore[arg-type]  # it is SQLite's
    finally:
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, True)  # noqa: FBT003
