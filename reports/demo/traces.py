"""What happened before the demo team was loaded, and when the audit trail says that it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Max

from projects.models import AuditRecord, Team

# Something that happens; it is told when.
type Act = Callable[[datetime], object]


@contextmanager
def dated(team: Team, at: datetime) -> Iterator[None]:
    """What is noted inside was noted ``at`` that moment."""
    records = AuditRecord.objects.filter(team=team)
    last = records.aggregate(last=Max("pk"))["last"] or 0
    yield
    records.filter(pk__gt=last).update(at=at)
