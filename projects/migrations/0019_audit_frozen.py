"""The database itself refuses to change what the audit trail says.

Only references may become null or follow a merge: to people, and to the project. SQLite forgets the
trigger when a later migration alters ``AuditRecord``: it then ends with ``RunPython(lay)`` of this
module; tests/projects/test_constraints.py sees to it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "audit_not_changed"
_FROZEN = ("team_id", "at", "action", "subject", "subject_id", "before", "after")

_POSTGRESQL_LIFT = f"""
DROP TRIGGER IF EXISTS {NAME} ON projects_auditrecord;
DROP FUNCTION IF EXISTS projects_refuse_audit_change();
"""


def lift(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_LIFT)
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}")


def lay(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Freeze the records; may be called again."""
    lift(apps, editor)
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FROZEN)
            changed += "".join(
                f" OR (NEW.{name} IS NOT NULL AND OLD.{name} IS DISTINCT FROM NEW.{name})"
                for name in ("by_id", "on_behalf_of_id")
            )
            cursor.execute(f"""
                CREATE FUNCTION projects_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'the audit trail is never changed (row %)', OLD.id
                        USING ERRCODE = 'restrict_violation';
                END $$;
                CREATE TRIGGER {NAME} BEFORE UPDATE ON projects_auditrecord FOR EACH ROW
                WHEN ({changed}) EXECUTE FUNCTION projects_refuse_audit_change();
            """)
            return
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FROZEN)
        changed += "".join(
            f" OR (NEW.{name} IS NOT NULL AND OLD.{name} IS NOT NEW.{name})"
            for name in ("by_id", "on_behalf_of_id")
        )
        cursor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON projects_auditrecord WHEN {changed}"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("projects", "0018_account_notices")]

    operations = [migrations.RunPython(lay, lift)]
