"""A database beside the suite's own, to migrate: on the same server or, with SQLite, in a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker

_HERE: Final = Path(__file__).parent


@pytest.fixture(scope="module")
def old(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """A database of before release 0.1.0 (commit 55694ce), with a row or two in each table."""
    folder = tmp_path_factory.mktemp("old")
    with django_db_blocker.unblock(), _database("old", folder) as database:
        _fill(database)
        yield database


def _fill(database: BaseDatabaseWrapper) -> None:
    script = (_HERE / f"before_0_1.{database.vendor}.sql").read_text()
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.executescript(script)
        else:
            cursor.execute(script)


@contextmanager
def _database(alias: str, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    is_server = connection.vendor == "postgresql"
    name = f"test_okrtracker_{alias}_{os.getpid()}" if is_server else str(folder / alias)
    if is_server:
        _on_server(f"CREATE DATABASE {name}")
    connections.settings[alias] = connections.settings["default"] | {"NAME": name}
    database = connections[alias]
    try:
        yield database
    finally:
        database.close()
        if is_server:
            database.close_pool()  # type: ignore[attr-defined]  # only PostgreSQL's has one
            _on_server(f"DROP DATABASE {name}")
        del connections[alias]
        del connections.settings[alias]


def _on_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
