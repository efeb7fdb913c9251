"""The machine as its operators see it: what ran, what waits, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.db.models import Count, Max, QuerySet

from okrtracker import broker
from okrtracker.mail.models import OutboxRow, SendState
from projects.models import AuditRecord
from reports.models import Delivery, Edition, ImportState, PageImport, WeekStep
from reports.schedule.steps import FAILED

_SHOWN: Final = 20  # rows of each list
_LOOKS_BACK: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Messages:
    """Those of one kind: how many wait, how many were given up."""

    kind: str
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailedEdition:
    edition: Edition
    count: int
    error: str  # of one of them


@dataclass(frozen=True, slots=True)
class Operation:
    queue_length: int | None
    messages: list[Messages]
    editions: list[FailedEdition]  # with messages that were given up, the newest first
    imports: list[PageImport]  # that wait for a worker, or failed
    failures: list[AuditRecord]  # steps that could not be taken
    steps: list[WeekStep]  # that were taken last


def operation(now: datetime) -> Operation:
    """As it stands. The number of queries grows with nothing."""
    since = now - _LOOKS_BACK
    failures = AuditRecord.objects.filter(action=FAILED, at__gte=since).select_related("team")
    steps = WeekStep.objects.select_related("team").order_by("-done_at")
    imports = PageImport.objects.filter(
        state__in=(ImportState.READING, ImportState.APPLYING, ImportState.FAILED),
        started_at__gte=since,
    )
    return Operation(
        queue_length=broker.queue_length(),
        messages=messages(),
        editions=_failed_editions(since),
        imports=list(imports.select_related("team")[:_SHOWN]),
        failures=list(failures.order_by("-at")[:_SHOWN]),
        steps=list(steps[:_SHOWN]),
    )


def messages() -> list[Messages]:
    """By kind. Indexes hold just the rows of these states, so years of sent mails cost nothing."""
    counted = []
    for model in apps.get_models():
        if issubclass(model, OutboxRow):
            rows: QuerySet[OutboxRow] = QuerySet(model)
            waiting = rows.filter(state__in=(SendState.PENDING, SendState.CLAIMED)).count()
            failed = rows.filter(state=SendState.FAILED).count()
            counted.append(Messages(model._meta.model_name or "", waiting, failed))
    return counted


def name_of(kind: str) -> str:
    """What messages of that kind are called."""
    models = (model for model in apps.get_models() if issubclass(model, OutboxRow))
    names: dict[str | None, Any] = {m._meta.model_name: m._meta.verbose_name_plural for m in models}
    return str(names[kind])


def _failed_editions(since: datetime) -> list[FailedEdition]:
    rows = (
        Delivery.objects.filter(state=SendState.FAILED, edition__published_at__gte=since)
        .values("edition")
        .annotate(count=Count("pk"), error=Max("error"))
        .order_by("-edition")[:_SHOWN]
    )
    found = list(rows)
    editions = Edition.objects.select_related("team", "page").defer("document", "changes")
    by_key = editions.in_bulk([row["edition"] for row in found])
    return [FailedEdition(by_key[row["edition"]], row["count"], row["error"]) for row in found]
