"""The rules of a row that many tables share, as named database constraints.

They are plain SQL: a database's own tools (``sqlite3``, ``pg_restore``) can evaluate them without
Django's functions.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, CheckConstraint, DateField, Func, Q, Value
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler


class IsMonday(Func):
    """True where a date is a Monday. Migrations name this class.

    The lookup ``iso_week_day`` would call a Python function of Django on SQLite. There,
    ``date(…, 'weekday 1')`` is the first Monday on or after the date.
    """

    arity = 1
    output_field = BooleanField()
    template = "EXTRACT(ISODOW FROM %(expressions)s) = 1"

    def as_sqlite(
        self, compiler: SQLCompiler, *_args: Any, **_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        [day] = self.get_source_expressions()
        monday = Func(day, Value("weekday 1"), function="date", output_field=DateField())
        return compiler.compile(Exact(monday, day))


def is_monday(field: str, name: str) -> CheckConstraint:
    """A week is stored as its Monday, and as nothing else."""
    return CheckConstraint(condition=IsMonday(field), name=name)


def is_percent(field: str, name: str) -> CheckConstraint:
    """0 to 100, or unknown (null)."""
    in_range = Q(**{f"{field}__gte": 0, f"{field}__lte": 100})
    return CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | in_range, name=name)
