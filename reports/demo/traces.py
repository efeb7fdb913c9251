"""What happened before the demo team was loaded, and when the audit trail says that it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models.signals import post_init

from projects.models import AuditRecord, Team

# Something that happens; it is told when.
type Act = Callable[[datetime], object]


@contextmanager
def dated(team: Team, at: datetime) -> Iterator[None]:
    """What is noted inside was noted ``at`` that moment, and is so from the start: nobody changes
    the audit trail later.
    """

    def date(instance: AuditRecord, **_more: object) -> None:
        if not instance.pk and instance.team_id == team.pk:
            instance.at = at

    post_init.connect(date, sender=AuditRecord)
    try:
        yield
    finally:
        post_init.disconnect(date, sender=AuditRecord)
