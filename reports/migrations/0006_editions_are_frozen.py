"""The database itself refuses to change or delete what was published.

Of an edition only ``published_by`` may be set to null, when that user is deleted: the name stays
in ``publisher``. The files of editions are frozen altogether. PostgreSQL compares whole rows;
SQLite has to be told the columns, and forgets the triggers of a table that a later migration
alters (Django builds it anew): that migration has to lay them again, and a test says so.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_FROZEN = (
    *("id", "team_id", "page_id", "number", "document", "sha256", "changes", "note"),
    *("publisher", "published_at"),
)

_POSTGRESQL = """
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

_POSTGRESQL_BACK = """
DROP TRIGGER edition_file_not_changed ON reports_editionfile;
DROP TRIGGER edition_not_deleted ON reports_edition;
DROP TRIGGER edition_not_changed ON reports_edition;
DROP FUNCTION reports_refuse_change();
"""

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'what was published is never changed or deleted'); END"

_SQLITE = (
    "CREATE TRIGGER edition_not_changed BEFORE UPDATE ON reports_edition "
    "WHEN NEW.published_by_id IS NOT NULL OR "
    + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FROZEN)
    + f" {_REFUSE}",
    f"CREATE TRIGGER edition_not_deleted BEFORE DELETE ON reports_edition {_REFUSE}",
    f"CREATE TRIGGER edition_file_not_changed BEFORE UPDATE ON reports_editionfile {_REFUSE}",
    f"CREATE TRIGGER edition_file_not_deleted BEFORE DELETE ON reports_editionfile {_REFUSE}",
)

_SQLITE_BACK = tuple(
    f"DROP TRIGGER {name}"
    for name in (
        *("edition_not_changed", "edition_not_deleted"),
        *("edition_file_not_changed", "edition_file_not_deleted"),
    )
)


def _freeze(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, {"postgresql": (_POSTGRESQL,), "sqlite": _SQLITE})


def _thaw(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, {"postgresql": (_POSTGRESQL_BACK,), "sqlite": _SQLITE_BACK})


def _run(editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements[editor.connection.vendor]:
            cursor.execute(statement)  # without parameters, so that % stays a %


class Migration(migrations.Migration):
    dependencies = (("reports", "0005_not_wanted"),)

    operations = (migrations.RunPython(_freeze, _thaw, elidable=False),)
