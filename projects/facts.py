"""Facts change, and whoever makes something of them is told: once a transaction, on commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone

from projects.models import Team, WeekFacts
from projects.weeks import WEEK, weeks_between

# Sent with ``team_id`` (int) and ``weeks`` (a sorted list of Mondays) after the commit.
facts_changed = Signal()


@transaction.atomic(savepoint=False)
def announce(team: Team, changed: Iterable[date]) -> None:
    """Say that facts of these weeks changed. Call it last in the transaction that changes them.

    A week's page shows last week's numbers, so the week after each is stale too. From here to the
    commit the weeks' revisions are locked, in order: whoever reads revision 8 sees all that made
    it 8.
    """
    weeks = sorted({day for week in changed for day in (week, week + WEEK)})
    if not weeks:
        return
    now = timezone.now()
    facts = WeekFacts.objects.filter(team=team, week__in=weeks)
    known = set(facts.select_for_update().order_by("week").values_list("week", flat=True))
    if missing := [week for week in weeks if week not in known]:
        # Another transaction may make them at this moment: then it is its row that is raised.
        WeekFacts.objects.bulk_create(
            (WeekFacts(team=team, week=week, revision=0) for week in missing),
            ignore_conflicts=True,
        )
    facts.update(revision=F("revision") + 1, changed_at=now)
    announcement = _announcement(team.pk)
    announcement.weeks.update(weeks)
    transaction.on_commit(announcement, robust=True)


def since(team: Team, week: date, at: datetime) -> list[date]:
    """The weeks from that one to the one that holds ``at``, on the team's calendar.

    What is told late shows on each page since: as what was last known, as a slip, as the
    percent of the weeks before.
    """
    return list(weeks_between(week, max(week, team.local(at).date())))


@dataclass(slots=True)
class _Announcement:
    """What a transaction will say of a team when it commits: the first call says it all."""

    team_id: int
    weeks: set[date] = field(default_factory=set)

    def __call__(self) -> None:
        if self.weeks:
            weeks, self.weeks = sorted(self.weeks), set()
            facts_changed.send(sender=Team, team_id=self.team_id, weeks=weeks)


def _announcement(team_id: int) -> _Announcement:
    """The one that waits for this transaction's commit already, or a new one.

    Weeks that a savepoint added stay when it is rolled back, which costs a compile for nothing.
    """
    for _, waiting, _ in transaction.get_connection().run_on_commit:
        if isinstance(waiting, _Announcement) and waiting.team_id == team_id:
            return waiting
    return _Announcement(team_id)
