"""Whoever signs in with a mail address is looked up by it in lower case."""

from django.db import migrations
from django.db.models.functions import Lower


def lower(apps, schema_editor):
    users = apps.get_model("projects", "User")._default_manager.using(schema_editor.connection.alias)
    users.exclude(email=Lower("email")).update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0016_first_steps")]

    operations = [migrations.RunPython(lower, migrations.RunPython.noop)]
