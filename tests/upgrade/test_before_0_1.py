"""A database made before release 0.1.0 (commit 55694ce) migrates without loss.

``before_0_1.*.sql`` are dumps of such a database with a row or two in each table. Permissions and
content types are left out: Django makes them again.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.upgrade import outbox
from tests.upgrade.schema import schema

# What their mails are due at becomes a state and a lease: see outbox.py.
_ROWS_OF_THE_OUTBOX: Final = ("projects_invitation", "reports_subscriber")
_MADE_AGAIN: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own tools")
only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="PostgreSQL's own tools"
)


def tables(database: BaseDatabaseWrapper) -> dict[str, list[dict[str, Any]]]:
    """Each table's rows, as the database holds them."""
    contents = {}
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            columns = [column[0] for column in cursor.description]
            contents[table] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return contents


@dataclass(frozen=True, slots=True)
class Migrated:
    """A migrated database, and what it held before."""

    database: BaseDatabaseWrapper
    before: dict[str, list[dict[str, Any]]]
    numbers_before: list[tuple[Any, ...]]  # SQLite: the highest key each table has given
    schema: set[str]


@pytest.fixture(scope="module")
def migrated(old: BaseDatabaseWrapper) -> Migrated:
    outbox.add_mails(old)
    before, numbers = tables(old), keys_given(old)
    call_command("migrate", database=old.alias, verbosity=0, interactive=False)
    return Migrated(old, before, numbers, schema(old))


def keys_given(database: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
    if database.vendor != "sqlite":
        return []
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT name, seq FROM sqlite_sequence WHERE name LIKE 'projects%'"
            " AND name <> 'projects_draft' ORDER BY 1"
        )
        return list(cursor.fetchall())


def test_fixture_has_a_row_in_each_table_of_the_applications(migrated: Migrated) -> None:
    empty = {table for table, rows in migrated.before.items() if not rows}

    assert {table for table in empty if table.startswith(("projects_", "reports_"))} == {
        "projects_user_user_permissions"
    }


def test_every_row_is_kept(migrated: Migrated) -> None:
    """In the columns of then; tables and columns were added since."""
    before, after = migrated.before, tables(migrated.database)
    gone = {"reports_pagedraft"}
    assert before.keys() - gone <= after.keys()
    for table in before.keys() - gone - _MADE_AGAIN - {"projects_draft"}:
        rows, became = before[table], after[table]
        columns = set(rows[0]) if rows else set()
        if table in _ROWS_OF_THE_OUTBOX:
            columns &= became[0].keys() - {"sent_at"}
        assert [[row[name] for name in columns] for row in became] == [
            [row[name] for name in columns] for row in rows
        ], table


@pytest.mark.django_db
def test_schema_becomes_that_of_a_new_database(migrated: Migrated) -> None:
    """The suite's own is one: it was migrated from nothing."""
    assert migrated.schema == schema(connection)


def test_models_read_every_row(migrated: Migrated) -> None:
    for app in ("projects", "reports"):
        for model in apps.get_app_config(app).get_models():
            assert list(model._default_manager.using(migrated.database.alias).all()) is not None


def test_drafts_of_both_forms_are_kept_in_one_table(migrated: Migrated) -> None:
    [check_in], [page] = (
        migrated.before[table] for table in ("projects_draft", "reports_pagedraft")
    )
    same = ("team_id", "user_id", "week", "field", "value", "saved_at")
    assert [
        (draft["project_id"], draft["seen"], *(draft[name] for name in same))
        for draft in tables(migrated.database)["projects_draft"]
    ] == [
        (check_in["project_id"], str(check_in["entry_revision"]), *(check_in[n] for n in same)),
        (None, page["seen"], *(page[name] for name in same)),
    ]


def test_due_mails_stay_due_and_no_others(migrated: Migrated) -> None:
    """Invitations and subscribers become rows of the outbox."""
    assert outbox.states(migrated.database, "projects_invitation") == {
        "due": ("pending", False),
        "due_again": ("pending", False),
        "sent": ("sent", True),
        "withdrawn": ("unwanted", False),
    }
    assert outbox.states(migrated.database, "reports_subscriber") == {
        "due": ("pending", False),
        "due_again": ("pending", False),
        "asked": ("sent", True),
        "given_up": ("failed", False),
        "never_taken": ("failed", False),
        "confirmed": ("unwanted", False),
        "said_yes": ("sent", True),
    }


def test_published_editions_stay_frozen(migrated: Migrated) -> None:
    with (
        migrated.database.cursor() as cursor,
        pytest.raises(IntegrityError, match="never changed or deleted"),
    ):
        cursor.execute("UPDATE reports_edition SET note = 'x'")


@only_sqlite
class TestSqlite:
    def test_numbers_of_deleted_rows_are_not_given_again(self, migrated: Migrated) -> None:
        given = dict(keys_given(migrated.database))
        assert {table: given[table] for table, _key in migrated.numbers_before} == dict(
            migrated.numbers_before
        )

    def test_a_migrated_database_passes_sqlites_own_checks(self, migrated: Migrated) -> None:
        migrated.database.close()

        check_and_restore(migrated.database.settings_dict["NAME"])

    @pytest.mark.django_db
    def test_a_new_database_passes_sqlites_own_checks(self) -> None:
        check_and_restore(connection.settings_dict["NAME"])


def check_and_restore(file: str) -> None:
    """What the program ``sqlite3`` does, which knows none of Django's functions."""
    with closing(sqlite3.connect(file)) as database, closing(sqlite3.connect(":memory:")) as copy:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        copy.executescript("\n".join(database.iterdump()))
        count = "SELECT count(*) FROM projects_statusentry"
        assert copy.execute(count).fetchall() == database.execute(count).fetchall()


@only_postgresql
@pytest.mark.skipif(
    not (shutil.which("pg_dump") and shutil.which("psql")), reason="pg_dump and psql are not here"
)
def test_pg_dump_restores(migrated: Migrated) -> None:
    old = migrated.database
    before = tables(old)
    server = old.settings_dict
    address = (
        f"postgresql://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}"
    )
    dump = subprocess.run(
        ["pg_dump", f"{address}/{server['NAME']}"], check=True, capture_output=True
    ).stdout
    with old.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    psql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", f"{address}/{server['NAME']}"]
    subprocess.run(psql, input=dump, check=True, capture_output=True)

    assert tables(old) == before
