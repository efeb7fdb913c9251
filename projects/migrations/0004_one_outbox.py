"""Invitations are rows of the outbox: what their mails are due at becomes state and lease."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def take_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("projects", "Invitation").objects.using(editor.connection.alias)
    rows.filter(mail_due_at=None, sent_at=None).update(state="unwanted")
    rows.filter(mail_due_at=None).exclude(sent_at=None).update(state="sent")
    rows.exclude(mail_due_at=None).update(claimed_until=models.F("mail_due_at"), sent_at=None)
    if editor.connection.vendor == "postgresql":
        # It alters no table whose rows wait for a check at the commit.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_one_table_of_drafts'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='invitation',
            name='invitation_mail_due',
        ),
        migrations.AddField(
            model_name='invitation',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='claimed_by',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='invitation',
            name='claimed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='message_id',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='invitation',
            name='state',
            field=models.CharField(choices=[('pending', 'pending'), ('claimed', 'being sent'), ('sent', 'sent'), ('failed', 'failed'), ('unwanted', 'not wanted')], default='pending', max_length=10, verbose_name='state'),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('state__in', ('pending', 'claimed'))), fields=['claimed_until'], name='invitation_due'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'sent', 'failed', 'unwanted'])), name='invitation_state_known'),
        ),
        migrations.RemoveField(
            model_name='invitation',
            name='mail_due_at',
        ),
    ]
