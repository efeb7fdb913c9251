"""Announce that facts changed, so that pages are compiled anew: once a transaction, on commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from projects.models import Team, WeekFacts
from projects.prepared import Prepared
from projects.weeks import WEEK

# Sent with ``team`` and ``weeks`` (a sorted list of Mondays) after the commit.
facts_changed = Signal()


@transaction.atomic(savepoint=False)
def announce(team: Team, changed: Iterable[date]) -> None:
    """Announce that facts of these weeks changed. Call it last in the transaction of the change.

    A fact of one week shows on the pages of later weeks too: as last week's number, as what was
    last known, as a slip. So the revision of every known week from the first of ``changed`` on is
    raised. Known weeks are this week, the next, and every week that was announced before.
    The revisions stay locked until the commit, in order of weeks: whoever reads revision 8 also
    reads every fact that made it 8.
    """
    weeks = set(changed)
    if not weeks:
        return
    this_week = team.this_week()
    known_weeks = set(_known_weeks.rows(team=team.pk, since=min(weeks)))
    weeks |= {week for week in (this_week, this_week + WEEK) if week >= min(weeks)}
    if missing := sorted(weeks - known_weeks):
        # Another transaction may insert them at this moment: then its row is raised below.
        WeekFacts.objects.bulk_create(
            (WeekFacts(team=team, week=week, revision=0) for week in missing),
            ignore_conflicts=True,
        )
    facts = WeekFacts.objects.filter(team=team, week__gte=min(weeks))
    facts.update(revision=F("revision") + 1, changed_at=timezone.now())
    announcement = _announcement(team)
    announcement.weeks |= weeks | known_weeks
    transaction.on_commit(announcement, robust=True)


@Prepared
def _known_weeks(*, team: int, since: date) -> QuerySet[WeekFacts, date]:
    """Locked, in the order of weeks, so that two transactions do not wait for each other."""
    facts = WeekFacts.objects.filter(team=team, week__gte=since).select_for_update()
    return facts.order_by("week").values_list("week", flat=True)


@transaction.atomic(savepoint=False)
def forget(team: Team, emptied: Iterable[date], *, changed: Iterable[date]) -> None:
    """Announce that facts of these weeks changed; those emptied are known no more.

    Present weeks and those to come stay known. Call it last in the transaction of the change.
    """
    changed = set(changed)
    if not changed:
        return
    gone = {week for week in emptied if week < team.this_week()}
    WeekFacts.objects.filter(team=team, week__in=gone).delete()
    later = WeekFacts.objects.filter(team=team, week__gte=min(changed)).order_by("week").first()
    announce(team, (changed - gone) | {later.week if later else team.this_week()})


@dataclass(slots=True)
class _Announcement:
    """Sends one signal for all changes of a team in a transaction; further calls do nothing."""

    team: Team
    weeks: set[date] = field(default_factory=set)

    def __call__(self) -> None:
        if self.weeks:
            weeks, self.weeks = sorted(self.weeks), set()
            facts_changed.send(sender=Team, team=self.team, weeks=weeks)


def _announcement(team: Team) -> _Announcement:
    """The announcement that already waits for this transaction's commit, or a new one.

    Weeks that a rolled back savepoint added stay in it; that costs a needless compile.
    """
    for _, waiting, _ in transaction.get_connection().run_on_commit:
        if isinstance(waiting, _Announcement) and waiting.team == team:
            return waiting
    return _Announcement(team)
