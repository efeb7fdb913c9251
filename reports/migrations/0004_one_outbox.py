"""Subscribers are rows of the outbox: what their mails are due at becomes state and lease."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def take_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("reports", "Subscriber").objects.using(editor.connection.alias)
    settled = rows.filter(mail_due_at=None)
    is_answered = (
        ~models.Q(confirmed_at=None) | ~models.Q(unsubscribed_at=None) | ~models.Q(removed_at=None)
    )
    settled.update(state="failed")
    settled.filter(is_answered).update(state="unwanted")
    is_sent = models.Q(wanted_at=None) | models.Q(sent_at__gte=models.F("wanted_at"))
    settled.exclude(sent_at=None).filter(is_sent).update(state="sent")
    rows.exclude(state="sent").update(sent_at=None)
    rows.exclude(mail_due_at=None).update(claimed_until=models.F("mail_due_at"))
    if editor.connection.vendor == "postgresql":
        # It alters no table whose rows wait for a check at the commit.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0004_one_outbox'),
        ('reports', '0003_drafts_move'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='subscriber',
            name='subscriber_mail_due',
        ),
        migrations.AddField(
            model_name='subscriber',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='claimed_by',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='claimed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='message_id',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RenameField('subscriber', 'mail_sent_at', 'sent_at'),
        migrations.AlterField(
            model_name='subscriber',
            name='sent_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sent at'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='state',
            field=models.CharField(choices=[('pending', 'pending'), ('claimed', 'being sent'), ('sent', 'sent'), ('failed', 'failed'), ('unwanted', 'not wanted')], default='pending', max_length=10, verbose_name='state'),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='subscriber',
            index=models.Index(condition=models.Q(('state__in', ('pending', 'claimed'))), fields=['claimed_until'], name='subscriber_due'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'sent', 'failed', 'unwanted'])), name='subscriber_state_known'),
        ),
        migrations.RemoveField(
            model_name='subscriber',
            name='mail_due_at',
        ),
    ]
