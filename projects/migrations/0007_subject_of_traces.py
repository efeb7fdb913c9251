"""Which row a trace is of; and the keys of aliases folded anew, as names are compared today."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from projects.text import names

_LONGEST = 120
# A table of aliases, whose they are, and within what a key stands once.
_TABLES = (("Alias", "project_id", "team_id"), ("MetricAlias", "metric_id", "metric_id"))


def refold(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Replace the keys that no form of their name has any more.

    Where the new key is another alias's already, one of the same project or metric makes this row
    needless, and one of another keeps its name: the old key then finds nothing.
    """
    for model, owner, scope in _TABLES:
        aliases = apps.get_model("projects", model).objects.using(editor.connection.alias)
        rows = list(aliases.order_by("pk"))
        owners = {(getattr(row, scope), row.key): getattr(row, owner) for row in rows}
        for row in rows:
            wanted = [key[:_LONGEST] for key in names.keys(row.name)]
            if row.key in wanted or not wanted:
                continue
            place = (getattr(row, scope), wanted[0])
            if owners.get(place) == getattr(row, owner):
                row.delete()
            elif place not in owners:
                owners[place] = getattr(row, owner)
                row.key = wanted[0]
                row.save(update_fields=["key"])


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0006_metric_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditrecord',
            name='subject_id',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(refold, migrations.RunPython.noop),
    ]
