"""The database itself refuses to change or delete what was published. And checks in plain SQL, once.

Of an edition only ``published_by`` may be set to null, when that user is deleted: the name stays
in ``publisher``. The files of editions are frozen altogether. PostgreSQL compares whole rows;
SQLite has to be told the columns, and forgets the triggers of a table that a later migration
alters (Django builds it anew): a migration that alters ``Edition`` or ``EditionFile`` begins with
``RunPython(lift)`` of this module if it changes rows, and ends with ``RunPython(lay)``;
tests/projects/test_constraints.py sees to it.

A database of the eight migrations that 0001 replaces passes through here as well; see
projects/migrations/0002_triggers.py.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from reports.migrations._before_0_1 import upgrade

replace_checks = import_module("projects.migrations.0002_triggers").replace_checks

_POSTGRESQL_LIFT = """
DROP TRIGGER IF EXISTS edition_file_not_changed ON reports_editionfile;
DROP TRIGGER IF EXISTS edition_not_deleted ON reports_edition;
DROP TRIGGER IF EXISTS edition_not_changed ON reports_edition;
DROP FUNCTION IF EXISTS reports_refuse_change();
"""

_POSTGRESQL_LAY = """
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published is never changed or deleted (%, row %)',
        TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER edition_not_changed BEFORE UPDATE ON reports_edition FOR EACH ROW
WHEN (
    NEW.published_by_id IS NOT NULL
    OR to_jsonb(OLD) - 'published_by_id' IS DISTINCT FROM to_jsonb(NEW) - 'published_by_id'
) EXECUTE FUNCTION reports_refuse_change();

CREATE TRIGGER edition_not_deleted BEFORE DELETE ON reports_edition FOR EACH ROW
EXECUTE FUNCTION reports_refuse_change();

CREATE TRIGGER edition_file_not_changed BEFORE UPDATE OR DELETE ON reports_editionfile
FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
"""

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'what was published is never changed or deleted'); END"

_SQLITE_NAMES = (
    *("edition_not_changed", "edition_not_deleted"),
    *("edition_file_not_changed", "edition_file_not_deleted"),
)


def _sqlite_lay(edition_columns: list[str]) -> tuple[str, ...]:
    frozen = (name for name in sorted(edition_columns) if name != "published_by_id")
    return (
        "CREATE TRIGGER edition_not_changed BEFORE UPDATE ON reports_edition "
        "WHEN NEW.published_by_id IS NOT NULL OR "
        + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in frozen)
        + f" {_REFUSE}",
        f"CREATE TRIGGER edition_not_deleted BEFORE DELETE ON reports_edition {_REFUSE}",
        f"CREATE TRIGGER edition_file_not_changed BEFORE UPDATE ON reports_editionfile {_REFUSE}",
        f"CREATE TRIGGER edition_file_not_deleted BEFORE DELETE ON reports_editionfile {_REFUSE}",
    )


def lift(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let editions and their files be changed."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_LIFT)  # without parameters, so that % stays a %
            return
        for name in _SQLITE_NAMES:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def lay(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Freeze editions, with all columns of this moment, and their files; may be called again."""
    lift(apps, editor)
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_LAY)
            return
        table = editor.connection.introspection.get_table_description(cursor, "reports_edition")
        for statement in _sqlite_lay([column.name for column in table]):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_tables"), ("projects", "0002_triggers")]

    operations = [
        upgrade,
        migrations.RunPython(replace_checks("reports"), migrations.RunPython.noop),
        migrations.RunPython(lay, lift),
    ]
