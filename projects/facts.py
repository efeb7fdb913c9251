"""Facts change, and whoever makes something of them is told: once a transaction, on commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone

from projects.models import Team, WeekFacts
from projects.weeks import WEEK

# Sent with ``team`` and ``weeks`` (a sorted list of Mondays) after the commit.
facts_changed = Signal()


@transaction.atomic(savepoint=False)
def announce(team: Team, changed: Iterable[date]) -> None:
    """Say that facts of these weeks changed. Call it last in the transaction that changes them.

    What is told of a week shows on every page since: as last week's number, as what was last
    known, as a slip. So all known weeks from the first of these on are stale. This week and the
    next are known whatever happens in them; a week of the past is when something was told of it.
    From here to the commit the revisions are locked, in order: whoever reads revision 8 sees all
    that made it 8.
    """
    weeks = set(changed)
    if not weeks:
        return
    this_week = team.this_week()
    facts = WeekFacts.objects.filter(team=team, week__gte=min(weeks))
    known = set(facts.select_for_update().order_by("week").values_list("week", flat=True))
    weeks |= {week for week in (this_week, this_week + WEEK) if week >= min(weeks)}
    if missing := sorted(weeks - known):
        # Another transaction may make them at this moment: then it is its row that is raised.
        WeekFacts.objects.bulk_create(
            (WeekFacts(team=team, week=week, revision=0) for week in missing),
            ignore_conflicts=True,
        )
    facts.update(revision=F("revision") + 1, changed_at=timezone.now())
    announcement = _announcement(team)
    announcement.weeks |= weeks | known
    transaction.on_commit(announcement, robust=True)


@dataclass(slots=True)
class _Announcement:
    """What a transaction will say of a team when it commits: the first call says it all."""

    team: Team
    weeks: set[date] = field(default_factory=set)

    def __call__(self) -> None:
        if self.weeks:
            weeks, self.weeks = sorted(self.weeks), set()
            facts_changed.send(sender=Team, team=self.team, weeks=weeks)


def _announcement(team: Team) -> _Announcement:
    """The one that waits for this transaction's commit already, or a new one.

    Weeks that a savepoint added stay when it is rolled back, which costs a compile for nothing.
    """
    for _, waiting, _ in transaction.get_connection().run_on_commit:
        if isinstance(waiting, _Announcement) and waiting.team == team:
            return waiting
    return _Announcement(team)
