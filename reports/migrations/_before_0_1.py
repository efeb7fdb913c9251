"""Bring a database of before release 0.1.0 to the tables that 0001 makes.

See projects/migrations/_before_0_1.py.
"""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import projects.models.constraints
import reports.vendors
from projects.migrations._before_0_1 import Upgrade

_FIELDS = ("team_id", "user_id", "week", "field", "value", "seen", "saved_at")


def move(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    draft = apps.get_model("projects", "Draft")
    rows = apps.get_model("reports", "PageDraft").objects.using(alias).order_by("pk")
    draft.objects.using(alias).bulk_create(draft(**row) for row in rows.values(*_FIELDS))


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


BEFORE = [
        migrations.CreateModel(
            name='PageDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=models.CASCADE, related_name='+', to='projects.team', verbose_name='team')),
                ('user', models.ForeignKey(on_delete=models.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('week', models.DateField(verbose_name='week')),
                ('field', models.CharField(max_length=60, verbose_name='field')),
                ('value', models.TextField(blank=True, verbose_name='value')),
                ('seen', models.CharField(blank=True, max_length=64)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='saved at')),
            ],
            options={
                'verbose_name': 'draft of a weekly page',
                'verbose_name_plural': 'drafts of weekly pages',
                'constraints': [models.UniqueConstraint(models.F('team'), models.F('user'), models.F('week'), models.F('field'), name='page_draft_once_per_field'), models.CheckConstraint(condition=projects.models.constraints.IsMonday('week'), name='page_draft_week_is_monday')],
            },
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=models.CASCADE, related_name='subscribers', to='projects.team', verbose_name='team')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('added_by', models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='added at')),
                ('mail_due_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('mail_sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asked at')),
                ('wanted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('times_wanted', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('unsubscribed_at', models.DateTimeField(blank=True, null=True, verbose_name='unsubscribed at')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed at')),
            ],
            options={
                'verbose_name': 'subscriber',
                'verbose_name_plural': 'subscribers',
                'ordering': ('email',),
                'indexes': [models.Index(condition=models.Q(('mail_due_at', None), _negated=True), fields=['mail_due_at'], name='subscriber_mail_due')],
                'constraints': [models.UniqueConstraint(models.F('team'), models.F('email'), name='subscriber_once_per_address'), models.CheckConstraint(condition=models.Q(('language__in', ['zh-hans', 'en'])), name='subscriber_language_known')],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=models.CASCADE, related_name='channels', to='projects.team', verbose_name='team')),
                ('kind', models.CharField(choices=[('feishu', 'Feishu group robot'), ('dingtalk', 'DingTalk group robot'), ('wecom', 'WeCom group robot'), ('webhook', 'Webhook')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('address', models.TextField(blank=True, editable=False, verbose_name='address, encrypted')),
                ('address_env', models.CharField(blank=True, max_length=80, verbose_name='variable with the address')),
                ('secret', models.TextField(blank=True, editable=False, verbose_name='secret, encrypted')),
                ('secret_env', models.CharField(blank=True, max_length=80, verbose_name='variable with the secret')),
                ('gets_digest', models.BooleanField(default=True, verbose_name='weekly digest')),
                ('gets_reminders', models.BooleanField(default=False, verbose_name='reminders')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'channel',
                'verbose_name_plural': 'channels',
                'ordering': ('name', 'pk'),
                'constraints': [models.UniqueConstraint(models.F('team'), models.F('name'), name='channel_name_in_team'), models.CheckConstraint(condition=models.Q(('kind__in', ['feishu', 'dingtalk', 'wecom', 'webhook'])), name='channel_kind_known'), models.CheckConstraint(condition=models.Q(('address', ''), ('address_env', ''), _negated=True), name='channel_has_an_address')],
            },
        ),
]

# The drafts of weekly pages move into the table that holds those of check-ins.
DRAFTS = [
        migrations.RunPython(move),
        migrations.DeleteModel("PageDraft"),
]

# Subscribers are rows of the outbox: what their mails are due at becomes state and lease.
SUBSCRIBERS = [
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
        migrations.RunPython(take_over),
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

# The kinds of channels are those of ``reports.vendors``, which the database does not list.
CHANNELS = [
        migrations.RemoveConstraint(
            model_name='channel',
            name='channel_kind_known',
        ),
        migrations.AlterField(
            model_name='channel',
            name='kind',
            field=models.CharField(choices=reports.vendors.kinds, max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(('kind', ''), _negated=True), name='channel_has_a_kind'),
        ),
]

upgrade = Upgrade(
    "reports_pagedraft", "seen", BEFORE, [*DRAFTS, *SUBSCRIBERS, *CHANNELS]
)
