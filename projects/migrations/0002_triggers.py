"""What Django cannot declare: cycles of a team never overlap. And checks in plain SQL, once.

PostgreSQL has an exclusion constraint for it; SQLite gets a pair of triggers. SQLite forgets the
triggers of a table that a later migration alters (Django builds it anew): a migration that alters
``Cycle`` ends with ``RunPython(lay)`` of this module, and tests/projects/test_constraints.py sees
to it.

A database of the seven migrations that 0001 replaces passes through here as well: tables that have
changed since are altered (``_before_0_1.py``), and its checks, which called Python functions of
Django on SQLite, are replaced.
"""

from django.db import migrations, models
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
    """Build anew each table of this application whose checks are of before (SQLite).

    They call Django's functions, or know no week as the precision of a date. Rows are copied; a
    table's triggers go with the old one. PostgreSQL's checks were always its own SQL; those of
    the precisions are replaced there as well.
    """

    def replace(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        outdated = _with_checks_of_before(editor)
        for model in apps.get_app_config(app_label).get_models():
            if model._meta.db_table not in outdated:
                continue
            if editor.connection.vendor == "sqlite":
                _build_anew(editor, model)
                continue
            for check in model._meta.constraints:
                if check.name.endswith("_precision_known"):
                    editor.remove_constraint(model, check)
                    editor.add_constraint(model, check)

    return replace


# Of the tables with a precision, one has a column `week`; its checks call Django's functions, too.
_OUTDATED_IN_SQLITE = """
SELECT name FROM sqlite_master WHERE type = 'table' AND (
    instr(sql, 'django_date_extract')
    OR instr(sql, '_precision_known') AND NOT instr(sql, 'week')
)
"""
_OUTDATED_IN_POSTGRESQL = """
SELECT conrelid::regclass::text FROM pg_constraint
WHERE right(conname, 16) = '_precision_known' AND strpos(pg_get_constraintdef(oid), 'week') = 0
"""


def _with_checks_of_before(editor: BaseDatabaseSchemaEditor) -> set[str]:
    is_sqlite = editor.connection.vendor == "sqlite"
    with editor.connection.cursor() as cursor:
        cursor.execute(_OUTDATED_IN_SQLITE if is_sqlite else _OUTDATED_IN_POSTGRESQL)
        return {name for (name,) in cursor.fetchall()}


def _build_anew(editor: BaseDatabaseSchemaEditor, model: type[models.Model]) -> None:
    table = model._meta.db_table
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        highest = cursor.fetchone()  # a number that was given once is not given again
        # On SQLite, adding any check builds the table anew with all its model declares.
        checks = (c for c in model._meta.constraints if isinstance(c, models.CheckConstraint))
        editor.add_constraint(model, next(checks))
        if highest:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, *highest])


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_tables")]

    operations = [
        upgrade,
        migrations.RunPython(replace_checks("projects"), migrations.RunPython.noop),
        migrations.RunPython(lay, lift),
    ]
