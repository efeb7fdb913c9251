"""What Django cannot declare: cycles of a team never overlap. And checks in plain SQL, once.

PostgreSQL has an exclusion constraint for it; SQLite gets a pair of triggers. SQLite forgets the
triggers of a table that a later migration alters (Django builds it anew): a migration that alters
``Cycle`` ends with ``RunPython(lay)`` of this module, and tests/projects/test_constraints.py sees
to it.

A database of the seven migrations that 0001 replaces passes through here as well: tables that have
changed since are altered (``_before_0_1.py``), and its checks, which called Python functions of
Django on SQLite, are replaced.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from projects.migrations._before_0_1 import upgrade

NAME = "cycle_no_overlap"

_POSTGRESQL = f"""
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE projects_cycle DROP CONSTRAINT IF EXISTS {NAME};
ALTER TABLE projects_cycle ADD CONSTRAINT {NAME} EXCLUDE USING gist
    (team_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&);
"""

_SQLITE_EVENTS = (("insert", "NEW.id"), ("update", "OLD.id"))


def lay(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Have the database refuse cycles that overlap; may be called again at any time."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
            return
        for event, this in _SQLITE_EVENTS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}_{event}")
            cursor.execute(f"""
                CREATE TRIGGER {NAME}_{event} BEFORE {event} ON projects_cycle
                WHEN EXISTS (
                    SELECT 1 FROM projects_cycle AS other
                    WHERE other.team_id = NEW.team_id AND other.id IS NOT {this}
                      AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on
                )
                BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {NAME}'); END
            """)


def lift(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE projects_cycle DROP CONSTRAINT {NAME}")
            return
        for event, _this in _SQLITE_EVENTS:
            cursor.execute(f"DROP TRIGGER {NAME}_{event}")


def replace_checks(app_label: str):
    """Build anew each table of this application whose checks call Django's functions (SQLite).

    Rows are copied; a table's triggers go with the old one. PostgreSQL's checks were always its
    own SQL, so nothing happens there.
    """

    def replace(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master"
                " WHERE type = 'table' AND instr(sql, 'django_date_extract')"
            )
            outdated = {name for (name,) in cursor.fetchall()}
        for model in apps.get_app_config(app_label).get_models():
            if (table := model._meta.db_table) not in outdated:
                continue
            with editor.connection.cursor() as cursor:
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
                highest = cursor.fetchone()  # a number that was given once is not given again
                # On SQLite, adding any check builds the table anew with all its model declares.
                is_monday = next(c for c in model._meta.constraints if "_is_monday" in c.name)
                editor.add_constraint(model, is_monday)
                if highest:
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, *highest])

    return replace


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_tables")]

    operations = [
        upgrade,
        migrations.RunPython(replace_checks("projects"), migrations.RunPython.noop),
        migrations.RunPython(lay, lift),
    ]
