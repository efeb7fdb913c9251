"""A number that was given to a row once is not given again, whatever a migration does.

To change a table SQLite builds it anew, and the new one only knows the highest number that still
has a row. Links and traces name rows by number, so a deleted row's number must not come back.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

_highest: dict[str, list[tuple[str, int]]] = {}


def keep(sender: object) -> None:
    """From now on migrations of this application's databases keep what numbers were given."""
    pre_migrate.connect(_remember, sender=sender)
    post_migrate.connect(_restore, sender=sender)


def _remember(using: str, **_signal: Any) -> None:
    database = connections[using]
    if database.vendor == "sqlite" and "sqlite_sequence" in _own_tables(using):
        with database.cursor() as cursor:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            _highest[using] = cursor.fetchall()


def _restore(using: str, **_signal: Any) -> None:
    for table, number in _highest.pop(using, []):
        with connections[using].cursor() as cursor:
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = %s AND seq < %s",
                [number, table, number],
            )


def _own_tables(using: str) -> set[str]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in cursor.fetchall()}
