"""Queries whose SQL is built once and sent again with other values.

Building the SQL of a query takes Django some ten times as long as the database takes to answer it.
For the few queries that stand in the way of every request, the first call finds out which
parameters of the statement come from which value; later calls only put in theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from projects.standing import is_history
from projects.weeks import WEEK

# A tuple holds keys of rows, or weeks, for ``…__in``.
type Value = int | bool | str | date | datetime | tuple[int, ...] | tuple[date, ...] | None

# Statements of one query that are remembered: one for each ``shape`` that occurs.
_MOST_SHAPES: Final = 64


@dataclass(frozen=True, slots=True)
class _Place:
    """A parameter that holds a value, a date so many days after it, or one of its keys."""

    name: str
    days: int = 0
    index: int | None = None


@dataclass(frozen=True, slots=True)
class _Statement:
    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[object, ...]  # as they are, or a _Place


class Prepared[Row]:
    """Decorates a function that makes a queryset from values; ``rows`` are the rows of it.

    The statement is the same for all values of one ``shape``: where the function decides by a
    value (``if week < start``), the decision is part of the shape. Booleans and whether a value is
    ``None`` always are. A parameter is a value itself, a date some days off one, or a key of a
    tuple. Whatever else depends on a value is found out at the first call, and the query is then
    built anew every time.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Row]],
        *,
        shape: Callable[..., Hashable] = lambda **_values: None,
    ) -> None:
        self.build = build
        self.shape = shape
        self._statements: dict[Hashable, _Statement | None] = {}

    def rows(self, **values: Value) -> list[Row]:
        values = {name: _padded(value) for name, value in values.items()}
        statement = self._statement(values)
        if statement is None:
            return list(self.build(**values))
        return list(_filled_in(statement, values))

    def sql(self, **values: Value) -> tuple[str, tuple[object, ...]] | None:
        """What ``rows`` sends; ``None`` where the query is built anew."""
        values = {name: _padded(value) for name, value in values.items()}
        statement = self._statement(values)
        return (statement.sql, _parameters(statement, values)) if statement else None

    def fresh_sql(self, **values: Value) -> tuple[str, tuple[object, ...]]:
        """The same as Django builds it."""
        values = {name: _padded(value) for name, value in values.items()}
        queryset = self.build(**values)
        sql, params = queryset.query.get_compiler(queryset.db).as_sql()
        return sql, tuple(params)

    def _statement(self, values: Mapping[str, Value]) -> _Statement | None:
        kinds = tuple(_kind(value) for value in values.values())
        key = (connections["default"].vendor, kinds, self.shape(**values))
        if key not in self._statements and len(self._statements) < _MOST_SHAPES:
            self._statements[key] = self._first(values)
        return self._statements.get(key)

    def _first(self, values: Mapping[str, Value]) -> _Statement | None:
        """The statement of these values, if other values of the shape only change parameters."""
        try:
            queryset = self.build(**values)
            compiler = queryset.query.get_compiler(queryset.db)
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        own = vars(queryset)
        if own["_prefetch_related_lookups"] or own["_known_related_objects"]:
            return None  # they hold rows or a query of these values
        places: list[object] = list(params)
        for name, value in values.items():
            for number, place in self._places(values, name, value, (sql, tuple(params))):
                if place is None or isinstance(places[number], _Place):
                    return None
                places[number] = place
        return _Statement(queryset, compiler, sql, tuple(places))

    def _places(
        self,
        values: Mapping[str, Value],
        name: str,
        value: Value,
        stood: tuple[str, tuple[object, ...]],
    ) -> Iterator[tuple[int, _Place | None]]:
        """The parameters that change with this value; ``None`` where it is not clear how."""
        if value is None or value == () or isinstance(value, bool):
            return
        shape = self.shape(**values)
        alike = (
            other for other in _others(value) if self.shape(**{**values, name: other}) == shape
        )
        other = next(alike, None)
        if other is None:
            yield 0, None
            return
        sql, params = self.fresh_sql(**{**values, name: other})
        if sql != stood[0]:
            yield 0, None
            return
        place_of = _place_of(name, value)
        for number, (param, changed) in enumerate(zip(stood[1], params, strict=True)):
            if param != changed:
                place = place_of(param)
                is_right = place is not None and _parameter(place, other) == changed
                yield number, place if is_right else None


def prepared[Row](
    shape: Callable[..., Hashable],
) -> Callable[[Callable[..., QuerySet[Any, Row]]], Prepared[Row]]:
    """``Prepared`` for a function that decides by its values."""
    return lambda build: Prepared(build, shape=shape)


def history_shape(*, starts_on: date | None, week: date, **_others: object) -> Hashable:
    """For what goes by a team's start (``standing.is_history``): of the week, and of the last."""
    return is_history(week, starts_on), is_history(week - WEEK, starts_on)


def _kind(value: Value) -> tuple[object, ...]:
    if value is None or isinstance(value, bool):
        return (value,)
    return type(value), len(value) if isinstance(value, tuple) else 1


def _padded(value: Value) -> Value:
    """Few lengths, few statements: what no row has fills a tuple up to a power of two."""
    if not isinstance(value, tuple) or not value:
        return value
    missing = range((1 << (len(value) - 1).bit_length()) - len(value))
    if isinstance(value[0], date):
        return (*value, *(date.min + timedelta(number) for number in missing))
    return (*value, *(-1 - number for number in missing))


def _others(value: Any) -> Iterator[Any]:
    """What the value is exchanged for to see which parameters follow it. Mondays stay Mondays."""
    match value:
        case tuple():
            later = timedelta(1) if isinstance(value[0], date) else 1 << 32
            yield tuple(key + later for key in value)
        case date():
            yield from (value + timedelta(weeks=weeks) for weeks in (1, -1, 60, -60))
        case int():
            yield value + (1 << 32)
        case _:
            yield f"{value}-other"


def _adapted(value: Any) -> object:
    """The value as the database's driver takes it: SQLite has dates as texts."""
    if not isinstance(value, date):
        return value
    operations = connections["default"].ops
    if isinstance(value, datetime):
        return operations.adapt_datetimefield_value(value)
    return operations.adapt_datefield_value(value)


def _place_of(name: str, value: Any) -> Callable[[object], _Place | None]:
    """Finds for a parameter where it comes from the value: among 500 keys, or in one date."""
    if not isinstance(value, tuple):
        return lambda param: _place(name, value, param)
    places = {_adapted(key): _Place(name, index=index) for index, key in enumerate(value)}
    return places.get


def _place(name: str, value: Any, param: object) -> _Place | None:
    if _adapted(value) == param:
        return _Place(name)
    if isinstance(value, datetime) or not isinstance(value, date):
        return None
    day = date.fromisoformat(param) if isinstance(param, str) and len(param) == 10 else param
    return _Place(name, (day - value).days) if isinstance(day, date) else None


def _parameter(place: _Place, value: Any) -> object:
    if place.index is not None:
        value = value[place.index]
    return _adapted(value + timedelta(place.days) if place.days else value)


def _parameters(statement: _Statement, values: Mapping[str, Value]) -> tuple[object, ...]:
    return tuple(
        _parameter(param, values[param.name]) if isinstance(param, _Place) else param
        for param in statement.params
    )


def _filled_in(statement: _Statement, values: Mapping[str, Value]) -> QuerySet[Any, Any]:
    """A queryset like the statement's that sends these values. It cannot be filtered further."""
    compiler = copy(statement.compiler)
    compiler.connection = connections["default"]
    sent = statement.sql, _parameters(statement, values)
    vars(compiler)["as_sql"] = lambda *_args, **_kwargs: sent
    query = copy(statement.queryset.query)
    vars(query)["get_compiler"] = lambda *_args, **_kwargs: compiler
    queryset = statement.queryset.__class__.__new__(statement.queryset.__class__)
    queryset.__dict__ |= statement.queryset.__dict__ | {"_query": query}
    return queryset
