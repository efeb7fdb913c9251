"""A database as one file, and such a file as a database again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo


def dump(database: BaseDatabaseWrapper, path: Path) -> None:
    """Write the database, as it stands at one moment, to ``path``; it may be in use meanwhile."""
    if database.vendor == "sqlite":
        _copy_of_sqlite(database, path)
    else:
        _run(database, "pg_dump", "--format=custom", f"--file={path}")


def load(path: Path, database: BaseDatabaseWrapper) -> None:
    """Put what ``dump`` wrote in the place of a database without people or teams."""
    if database.vendor == "sqlite":
        _take_place(path, Path(database.settings_dict["NAME"]), database)
        return
    _drop_tables(database)
    # What migrations have made besides tables is made by the dump as well: hence `--clean`.
    clean = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
    _run(database, "pg_restore", *clean, "--single-transaction", "--exit-on-error", str(path))


def migrate(database: BaseDatabaseWrapper) -> None:
    """Bring its tables to the state of today, if they are not: Django's command takes seconds."""
    executor = MigrationExecutor(database)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database=database.alias, interactive=False, verbosity=0)


def tables_in_use(database: BaseDatabaseWrapper) -> list[str]:
    """Those of the tables of people and teams that hold rows: of a new database none does."""
    tables = [apps.get_model("projects", name)._meta.db_table for name in ("User", "Team")]
    standing = set(database.introspection.table_names())
    with database.cursor() as cursor:
        return [table for table in tables if table in standing and _has_rows(cursor, table)]


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608  a name of ours
    return cursor.fetchone() is not None


def _copy_of_sqlite(database: BaseDatabaseWrapper, path: Path) -> None:
    database.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        database.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        require_whole(copy)


def require_whole(database: sqlite3.Connection) -> None:
    """Raise ``CommandError`` unless the file is intact and each reference leads to a row."""
    [verdict] = database.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise CommandError(f"the database is damaged: {verdict.splitlines()[0]}")
    if (loose := database.execute("PRAGMA foreign_key_check").fetchone()) is not None:
        raise CommandError(f"the database is damaged: a row of {loose[0]} lost its {loose[2]}")


def _take_place(path: Path, place: Path, database: BaseDatabaseWrapper) -> None:
    with closing(sqlite3.connect(path)) as copy:
        require_whole(copy)
    database.close()
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    # Beside it first: from another disk a file is no one step.
    beside = place.with_name(f"{place.name}.restored")
    beside.touch(mode=0o600)
    with path.open("rb") as source, beside.open("wb") as target:
        while block := source.read(1 << 20):
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(place)


def _drop_tables(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE "{table}" CASCADE')
    database.close()


_KEYWORDS: Final = frozenset(option.keyword.decode() for option in Conninfo.get_defaults())


def _run(database: BaseDatabaseWrapper, program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs; its password goes by the environment, which `ps` hides."""
    given: dict[str, Any] = database.get_connection_params()
    keywords = {name: value for name, value in given.items() if name in _KEYWORDS}
    password = str(keywords.pop("password", None) or "")
    command = [program, "--no-password", f"--dbname={make_conninfo(**keywords)}", *options]
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CommandError(
            f"{program} is not installed: it comes with PostgreSQL's client programs"
        ) from None
    if done.returncode:
        raise CommandError(f"{program} failed: {_first_error(done.stderr)}")


def _first_error(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line), lines[0] if lines else "no reason")
