"""The drafts of weekly pages move into the table that holds those of check-ins."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_FIELDS = ("team_id", "user_id", "week", "field", "value", "seen", "saved_at")


def move(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    draft = apps.get_model("projects", "Draft")
    rows = apps.get_model("reports", "PageDraft").objects.using(alias).order_by("pk")
    draft.objects.using(alias).bulk_create(draft(**row) for row in rows.values(*_FIELDS))


def move_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    page_draft = apps.get_model("reports", "PageDraft")
    rows = apps.get_model("projects", "Draft").objects.using(alias).filter(project=None)
    page_draft.objects.using(alias).bulk_create(page_draft(**row) for row in rows.values(*_FIELDS))
    rows.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_one_table_of_drafts"),
        ("reports", "0002_triggers"),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.DeleteModel("PageDraft"),
    ]
