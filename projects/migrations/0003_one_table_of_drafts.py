"""Drafts of check-ins become drafts of either form: ``seen`` takes the place of ``entry_revision``.

Those of weekly pages come from another table in reports/migrations/0003_drafts_move.py.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import CharField, Q
from django.db.models.functions import Cast


def name_what_was_seen(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drafts = apps.get_model("projects", "Draft").objects.using(schema_editor.connection.alias)
    drafts.update(seen=Cast("entry_revision", CharField()))


def number_what_was_seen(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drafts = apps.get_model("projects", "Draft").objects.using(schema_editor.connection.alias)
    for draft in drafts.exclude(seen="").iterator():
        drafts.filter(pk=draft.pk).update(entry_revision=int(draft.seen))


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_triggers")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="seen",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RunPython(name_what_was_seen, number_what_was_seen),
        migrations.RemoveField(model_name="draft", name="entry_revision"),
        migrations.AlterField(
            model_name="draft",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.CASCADE,
                related_name="drafts",
                to="projects.project",
                verbose_name="project",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=Q(project=None),
                fields=("team", "user", "week", "field"),
                name="draft_once_per_field_of_page",
            ),
        ),
    ]
