"""Mails of before the outbox: invitations and subscribers that were due, sent, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

NOW: Final = datetime(2024, 6, 21, 10, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(days=2), NOW + timedelta(minutes=4)
IN_THE_DUMP: Final = ("b", "c")  # addresses of before_0_1.*.sql

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


def add_mails(database: BaseDatabaseWrapper) -> None:
    """A row for each of them, named in its address."""
    [(team,)] = rows(database, "SELECT id FROM projects_team")
    for name, values in INVITATIONS.items():
        invitation = {"role": "lead", "token_sha256": name, "invited_at": NOW, "expires_at": LATER}
        add(database, "projects_invitation", {**invitation, "team_id": team, **values}, name)
    for name, values in SUBSCRIBERS.items():
        subscriber = {"language": "en", "added_at": NOW, "times_wanted": 0}
        add(database, "reports_subscriber", {**subscriber, "team_id": team, **values}, name)


def states(database: BaseDatabaseWrapper, table: str) -> dict[str, tuple[str, bool]]:
    """By the name in the address: the state of the mail, and whether it says when it was sent."""
    mails = rows(database, f"SELECT email, state, sent_at IS NOT NULL FROM {table}")
    names = {email.partition("@")[0]: (state, bool(sent)) for email, state, sent in mails}
    return {name: state for name, state in names.items() if name not in IN_THE_DUMP}


def rows(database: BaseDatabaseWrapper, query: str) -> list[tuple[Any, ...]]:
    with database.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def add(database: BaseDatabaseWrapper, table: str, values: dict[str, Any], name: str) -> None:
    columns = {"email": f"{name}@example.com", "name": "", **values}
    with database.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"
            f" VALUES ({', '.join(['%s'] * len(columns))})",
            list(columns.values()),
        )
