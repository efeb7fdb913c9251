"""SQLite's connections stay open, and harm nothing by it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from okrtracker.environment import database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(made)) as opened:
        opened.execute("CREATE TABLE words (word TEXT)")
    return made


@pytest.fixture
def connection(path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    wrapper = ConnectionHandler({"default": database("", path)})["default"]
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()


def test_its_files_are_the_owner_s_alone(connection: BaseDatabaseWrapper, path: Path) -> None:
    path.chmod(0o644)  # as it was made before
    add(connection, "贝易转")
    files = list(path.parent.glob(f"{path.name}*"))
    assert len(files) == 3
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}


def add(connection: BaseDatabaseWrapper, word: str) -> None:
    connection.cursor().execute("INSERT INTO words VALUES (%s)", [word])


def words(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [word for (word,) in opened.execute("SELECT word FROM words")]


def test_what_was_saved_survives_a_power_cut(connection: BaseDatabaseWrapper) -> None:
    cursor = connection.cursor()
    assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_connection_serves_one_request_after_the_other(
    connection: BaseDatabaseWrapper, path: Path
) -> None:
    add(connection, "first")
    opened = connection.connection
    connection.close_if_unusable_or_obsolete()  # as Django does before and after each request
    add(connection, "second")
    assert connection.connection is opened
    assert words(path) == ["first", "second"]


def test_the_file_that_was_put_in_its_place_is_opened(
    connection: BaseDatabaseWrapper, path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "restored.sqlite3"
    shutil.copy(path, other)
    add(connection, "lost with the old file")
    connection.close_if_unusable_or_obsolete()
    for left in tmp_path.glob("db.sqlite3-*"):
        left.unlink()
    other.rename(path)

    add(connection, "in the new one")

    assert words(path) == ["in the new one"]


_FORK = """
import os, sys
import django
django.setup()
from django.db import connection
connection.cursor().execute("CREATE TABLE words (word TEXT)")
child = os.fork()
connection.cursor().execute("INSERT INTO words VALUES (%s)", ["child" if child == 0 else "parent"])
if child == 0:
    sys.exit()
assert os.waitpid(child, 0)[1] == 0
connection.cursor().execute("INSERT INTO words VALUES ('parent, later')")
"""


def test_a_forked_process_opens_its_own(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "okrtracker.settings",
    }
    subprocess.run(
        [sys.executable, "-c", _FORK], cwd=settings.BASE_DIR, env=environment, check=True
    )
    assert sorted(words(path)) == ["child", "parent", "parent, later"]
