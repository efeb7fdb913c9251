"""Invitations and subscribers become rows of the outbox; what was due stays due, no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

NOW: Final = datetime(2024, 6, 21, 10, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(days=2), NOW + timedelta(minutes=4)
OLD: Final = [("projects", "0002_triggers"), ("reports", "0002_triggers")]

INVITATIONS: Final = {
    "due": {"mail_due_at": LATER},
    "due_again": {"mail_due_at": NOW, "sent_at": BEFORE},
    "sent": {"sent_at": BEFORE},
    "withdrawn": {"withdrawn_at": NOW},
}
SUBSCRIBERS: Final = {
    "due": {"wanted_at": NOW, "mail_due_at": LATER},
    "due_again": {"wanted_at": NOW, "mail_due_at": NOW, "mail_sent_at": BEFORE},
    "asked": {"wanted_at": BEFORE, "mail_sent_at": BEFORE},
    "given_up": {"wanted_at": NOW, "mail_sent_at": BEFORE},
    "never_taken": {"wanted_at": NOW},
    "confirmed": {"confirmed_at": NOW},
    "said_yes": {"wanted_at": BEFORE, "mail_sent_at": BEFORE, "confirmed_at": NOW},
}


def migrate(database: BaseDatabaseWrapper, *target: str) -> None:
    call_command("migrate", *target, database=database.alias, verbosity=0, interactive=False)


def test_due_mails_stay_due_and_no_others(first_database: BaseDatabaseWrapper) -> None:
    for app, migration in OLD:
        migrate(first_database, app, migration)
    models = MigrationExecutor(first_database).loader.project_state(OLD).apps
    alias = first_database.alias
    team = models.get_model("projects", "Team").objects.using(alias).create(slug="pay", name="Pay")
    for name, values in INVITATIONS.items():
        models.get_model("projects", "Invitation").objects.using(alias).create(
            team=team, email=f"{name}@example.com", token_sha256=name, expires_at=LATER, **values
        )
    for name, values in SUBSCRIBERS.items():
        models.get_model("reports", "Subscriber").objects.using(alias).create(
            team=team, email=f"{name}@example.com", **values
        )

    migrate(first_database)

    assert states(first_database, "projects_invitation") == {
        "due": ("pending", False),
        "due_again": ("pending", False),
        "sent": ("sent", True),
        "withdrawn": ("unwanted", False),
    }
    assert states(first_database, "reports_subscriber") == {
        "due": ("pending", False),
        "due_again": ("pending", False),
        "asked": ("sent", True),
        "given_up": ("failed", False),
        "never_taken": ("failed", False),
        "confirmed": ("unwanted", False),
        "said_yes": ("sent", True),
    }


def states(database: BaseDatabaseWrapper, table: str) -> dict[str, tuple[str, bool]]:
    """By the name in the address: the state of the mail, and whether it says when it was sent."""
    with database.cursor() as cursor:
        cursor.execute(f"SELECT email, state, sent_at IS NOT NULL FROM {table}")
        rows = cursor.fetchall()
    return {email.partition("@")[0]: (state, bool(sent)) for email, state, sent in rows}
