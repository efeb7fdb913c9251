"""What is only ballast goes, once an hour, by the tick. Nothing that a page shows is among it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from projects.models import AccountNotice, Draft
from reports.digest import subscribers
from reports.models import Heartbeat, ImportFile, ImportState

logger = logging.getLogger(__name__)

_EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 1_000  # rows of a kind: the next hour takes the rest
# A draft that nobody came back to; one that its writer threw away and may take up again.
DRAFTS_KEPT: Final = timedelta(days=180)
DISCARDED_KEPT: Final = timedelta(days=30)
# What was mailed about an account, with its address.
NOTICES_KEPT: Final = timedelta(days=365)
# The files of an import that was cancelled.
FILES_KEPT: Final = timedelta(days=30)
# Whom a team removed is remembered by a hash of the address only.
REMOVED_KEPT: Final = timedelta(days=30)


def run(now: datetime | None = None) -> dict[str, int]:
    """Prune, unless it was done within the hour; how many rows went, by what they were."""
    now = now or timezone.now()
    beat, _is_new = Heartbeat.objects.get_or_create(part="prune", defaults={"at": now - 2 * _EVERY})
    is_mine = Heartbeat.objects.filter(part="prune", at=beat.at, at__lte=now - _EVERY).update(
        at=now
    )
    if not is_mine:
        return {}
    gone = {what: _delete(rows) for what, rows in _ballast(now)}
    removed = ImportFile.objects.filter(
        page_import__state=ImportState.CANCELLED, page_import__started_at__lt=now - FILES_KEPT
    )
    gone["files of cancelled imports"] = removed.exclude(data=None).update(data=None)
    gone["removed subscribers"] = subscribers.forget_removed(now - REMOVED_KEPT)
    if any(gone.values()):
        logger.info("pruned: %s", {what: count for what, count in gone.items() if count})
    return gone


def _ballast(now: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    yield "sessions", Session.objects.filter(expire_date__lt=now)
    yield "drafts", Draft.objects.filter(saved_at__lt=now - DRAFTS_KEPT)
    yield "discarded drafts", Draft.objects.filter(discarded_at__lt=now - DISCARDED_KEPT)
    yield "account notices", AccountNotice.objects.filter(created_at__lt=now - NOTICES_KEPT)


def _delete(rows: QuerySet[Any]) -> int:
    keys = list(rows.values_list("pk", flat=True)[:_AT_ONCE])
    if not keys:
        return 0
    count: int = rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return count
