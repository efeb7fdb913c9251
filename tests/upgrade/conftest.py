"""Databases beside the suite's own, to migrate: on the same server or, with SQLite, in files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture
def first_database(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """An empty database."""
    with django_db_blocker.unblock(), _database("first", tmp_path) as database:
        yield database


@pytest.fixture
def second_database(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[BaseDatabaseWrapper]:
    """Another one."""
    with django_db_blocker.unblock(), _database("second", tmp_path) as database:
        yield database


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
