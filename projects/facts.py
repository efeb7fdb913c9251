"""Facts change, and whoever makes something of them is told: once for each transaction, on commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone

from projects.models import Team, WeekFacts
from projects.weeks import WEEK

# Sent with ``team_id`` (int) and ``weeks`` (a sorted list of Mondays) after the commit.
facts_changed = Signal()


def announce(team: Team, changed: Iterable[date]) -> None:
    """Say that facts of these weeks changed. Call it inside the transaction that changes them.

    A week's page shows last week's numbers, so the week after each is stale too.
    """
    weeks = sorted({day for week in changed for day in (week, week + WEEK)})
    if not weeks:
        return
    now = timezone.now()
    known = WeekFacts.objects.filter(team=team, week__in=weeks)
    known.update(revision=F("revision") + 1, changed_at=now)
    missing = set(weeks) - set(known.values_list("week", flat=True))
    WeekFacts.objects.bulk_create(
        (WeekFacts(team=team, week=week, changed_at=now) for week in sorted(missing)),
        ignore_conflicts=True,
    )
    transaction.on_commit(
        lambda: facts_changed.send(sender=Team, team_id=team.pk, weeks=weeks), robust=True
    )
