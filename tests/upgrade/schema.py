"""What a database's own catalogue says of its schema, in a form that can be compared.

The order of a table's columns is left out: it is the order in which they were added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

_POSTGRESQL = """
SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
    || coalesce(character_maximum_length::text, '') || ' ' || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""
_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def schema(database: BaseDatabaseWrapper) -> set[str]:
    """Columns, constraints, indexes and triggers, each as one line."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
            return {_without_chance(line) for (line,) in cursor.fetchall()}
        cursor.execute(_SQLITE)
        return {line for row in cursor.fetchall() for line in _sqlite_lines(*row)}


def _without_chance(line: str) -> str:
    """The line without what differs between an old and a new database, and means nothing.

    PostgreSQL writes the casts of a check otherwise once it was dumped and restored. Planned items
    belonged to ``reports`` once: the names that Django makes up for that table still say so.
    """
    line = re.sub(r"::(character varying|text)(\[\])?|[()]", "", line)
    line = re.sub(r"\breports_planneditem", "projects_planneditem", line)
    return re.sub(r"(planneditem_team_id)_[0-9a-f]{8}", r"\1", line)


def _sqlite_lines(kind: str, name: str, sql: str) -> Iterator[str]:
    if kind != "table":
        yield sql
        return
    part, depth = "", 0
    for sign in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            yield f"{name}: {part.strip()}"
            part = ""
        else:
            part += sign
    yield f"{name}: {part.strip()}"
