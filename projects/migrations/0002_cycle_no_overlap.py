"""Cycles of a team never overlap: a rule that Django can state on PostgreSQL alone.

There it is an exclusion constraint; SQLite has none and gets a pair of triggers. A later migration
that makes SQLite rebuild the table drops its triggers, which tests/projects/test_constraints.py sees.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "cycle_no_overlap"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"ALTER TABLE projects_cycle ADD CONSTRAINT {NAME} EXCLUDE USING gist "
    "(team_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&)",
)

SQLITE = tuple(
    f"""
    CREATE TRIGGER {NAME}_{event} BEFORE {event} ON projects_cycle
    WHEN EXISTS (
        SELECT 1 FROM projects_cycle AS other
        WHERE other.team_id = NEW.team_id AND other.id IS NOT {this}
          AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on
    )
    BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {NAME}'); END
    """
    for event, this in (("insert", "NEW.id"), ("update", "OLD.id"))
)


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE projects_cycle DROP CONSTRAINT {NAME}")
    else:
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {NAME}_{event}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
