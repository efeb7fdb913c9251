"""What must be settled before a restored database may work.

It does not know what was sent, published, taken or handed out since the backup was made, and would
do it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from okrtracker.mail.models import OutboxRow, SendState
from projects.models import CommentNotice, Team
from reports.models import Digest, PageImport

# Rows written since the backup had keys that links, mails and chats name. None is given again.
KEYS_LEFT_OUT: Final = 100_000


def settle(database: BaseDatabaseWrapper, made_at: datetime, now: datetime) -> dict[str, int]:
    """Settle what may have gone on since ``made_at``; how many rows of each kind, in words."""
    alias = database.alias
    with transaction.atomic(using=alias):
        digests = Digest.objects.using(alias).filter(prepared_at=None, due_at__lt=now)
        notices = CommentNotice.objects.using(alias).filter(taken_at=None)
        counts = {
            "messages whose sending is unknown": sum(_fail_unsent(alias, made_at)),
            "digests that were due": digests.update(prepared_at=now),
            "comments that wait for a mail": notices.update(taken_at=now),
            "imports that a worker held": PageImport.objects.using(alias)
            .exclude(claimed_at=None)
            .update(claimed_at=None, attempts=0),
            "teams whose schedule begins now": Team.objects.using(alias).update(runs_from=now),
            # One that was ended since, by a sign-out or a new password, would live again.
            "sessions ended": Session.objects.using(alias).all().delete()[0],
        }
        _leave_keys_out(database)
    return counts


def _fail_unsent(alias: str, made_at: datetime) -> Iterator[int]:
    """What waited may have gone out since: whoever sent it sees it as failed, and sends it again
    if it did not arrive.
    """
    reason = f"restored from a backup of {made_at:%Y-%m-%d %H:%M} UTC: it may have been sent since"
    for model in apps.get_models():
        if issubclass(model, OutboxRow):
            rows: models.QuerySet[OutboxRow] = models.QuerySet(model, using=alias)
            waiting = rows.filter(state__in=(SendState.PENDING, SendState.CLAIMED))
            yield waiting.update(
                state=SendState.FAILED, claimed_until=None, claimed_by="", error=reason
            )


def _leave_keys_out(database: BaseDatabaseWrapper) -> None:
    numbered = (
        model._meta
        for model in apps.get_models(include_auto_created=True)
        if isinstance(model._meta.pk, models.AutoField) and model._meta.managed
    )
    with database.cursor() as cursor:
        for meta in numbered:
            if database.vendor == "sqlite":
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 WHERE NOT EXISTS"
                    " (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                    [meta.db_table, meta.db_table],
                )
                cursor.execute(
                    "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s",
                    [KEYS_LEFT_OUT, meta.db_table],
                )
            else:
                cursor.execute(
                    "SELECT setval(name, nextval(name) + %s)"
                    " FROM (SELECT pg_get_serial_sequence(%s, %s) AS name) AS sequence",
                    [KEYS_LEFT_OUT, meta.db_table, meta.pk.column],
                )
