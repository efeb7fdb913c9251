"""Bring a database of before release 0.1.0 to the tables that 0001 makes.

Such a database has every migration applied that 0001 replaces, and so 0001 counts as applied; but
three of its tables are of old: drafts, invitations, and what follows from them in ``reports``.
A new database has nothing to do here.
"""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.models import CharField, Q
from django.db.models.functions import Cast

import projects.models.constraints


class Upgrade(Operation):
    """Run ``operations`` where ``table`` has ``column``; ``before`` are the models as they were."""

    reversible = True

    def __init__(self, table, column, before, operations):
        self.table, self.column = table, column
        self.before, self.operations = before, operations

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if not self._is_old(schema_editor):
            return
        models_before = {
            (app_label, model.name_lower): ModelState(
                app_label, model.name, model.fields, model.options, model.bases, model.managers
            )
            for model in self.before
        }
        state = ProjectState({**from_state.models, **models_before})
        for operation in self.operations:
            after = state.clone()
            operation.state_forwards(app_label, after)
            operation.database_forwards(app_label, schema_editor, state, after)
            state = after

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def _is_old(self, schema_editor):
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            if self.table not in connection.introspection.table_names(cursor):
                return False
            columns = connection.introspection.get_table_description(cursor, self.table)
        return self.column in {column.name for column in columns}


def name_what_was_seen(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drafts = apps.get_model("projects", "Draft").objects.using(schema_editor.connection.alias)
    drafts.update(seen=Cast("entry_revision", CharField()))


def take_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("projects", "Invitation").objects.using(editor.connection.alias)
    rows.filter(mail_due_at=None, sent_at=None).update(state="unwanted")
    rows.filter(mail_due_at=None).exclude(sent_at=None).update(state="sent")
    rows.exclude(mail_due_at=None).update(claimed_until=models.F("mail_due_at"), sent_at=None)
    if editor.connection.vendor == "postgresql":
        # It alters no table whose rows wait for a check at the commit.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


BEFORE = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=models.CASCADE, related_name='+', to='projects.team', verbose_name='team')),
                ('user', models.ForeignKey(on_delete=models.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('project', models.ForeignKey(on_delete=models.CASCADE, related_name='drafts', to='projects.project', verbose_name='project')),
                ('week', models.DateField(verbose_name='week')),
                ('field', models.CharField(max_length=60, verbose_name='field')),
                ('value', models.TextField(blank=True, verbose_name='value')),
                ('entry_revision', models.PositiveIntegerField(default=0, verbose_name='revision')),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='saved at')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
                'constraints': [models.UniqueConstraint(models.F('user'), models.F('project'), models.F('week'), models.F('field'), name='draft_once_per_field'), models.CheckConstraint(condition=projects.models.constraints.IsMonday('week'), name='draft_week_is_monday')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=models.CASCADE, related_name='+', to='projects.team', verbose_name='team')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('role', models.CharField(choices=[('manager', 'manager'), ('lead', 'lead'), ('viewer', 'viewer')], default='lead', max_length=10, verbose_name='role')),
                ('token_sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='invited at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('mail_due_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ('-invited_at',),
                'indexes': [models.Index(condition=models.Q(('mail_due_at', None), _negated=True), fields=['mail_due_at'], name='invitation_mail_due')],
                'constraints': [models.UniqueConstraint(models.F('team'), models.F('email'), condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), name='invitation_open_once_per_address'), models.CheckConstraint(condition=models.Q(('role__in', ['manager', 'lead', 'viewer'])), name='invitation_role_known')],
            },
        ),
]

# Drafts of check-ins and of weekly pages are one table; ``seen`` replaces ``entry_revision``.
DRAFTS = [
        migrations.AddField(
            model_name="draft",
            name="seen",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RunPython(name_what_was_seen),
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

# Invitations are rows of the outbox: what their mails are due at becomes state and lease.
INVITATIONS = [
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
        migrations.RunPython(take_over),
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

upgrade = Upgrade("projects_draft", "entry_revision", BEFORE, [*DRAFTS, *INVITATIONS])
