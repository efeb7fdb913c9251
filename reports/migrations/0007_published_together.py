"""What an edition says besides its document: the idle weeks that join it, whom it corrects.

SQLite builds the table anew for a new column and forgets its triggers (see 0006), so they are laid
again, the new columns among what they freeze. PostgreSQL compares whole rows.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_before = import_module("reports.migrations.0006_editions_are_frozen")
_OF_EDITION = _before._SQLITE[:2]
_NEW = ("joined", "follows_mail")
_ALSO = "".join(f" OR OLD.{name} IS NOT NEW.{name}" for name in _NEW)


def _lay(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    refuse = f" {_before._REFUSE}"
    changed, deleted = _OF_EDITION
    _run(editor, changed.removesuffix(refuse) + _ALSO + refuse, deleted)


def _lift(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, *_before._SQLITE_BACK[:2])


def _lay_as_before(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, *_OF_EDITION)


def _run(editor: BaseDatabaseSchemaEditor, *statements: str) -> None:
    if editor.connection.vendor == "sqlite":
        with editor.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = (("reports", "0006_editions_are_frozen"),)

    operations = (
        migrations.RunPython(migrations.RunPython.noop, _lay_as_before, elidable=False),
        migrations.AddField(
            "edition",
            "joined",
            models.JSONField(blank=True, default=list, verbose_name="published together"),
        ),
        migrations.AddField(
            "edition",
            "follows_mail",
            models.BooleanField(default=False, verbose_name="corrects a mail"),
        ),
        migrations.RunPython(_lay, _lift, elidable=False),
    )
