"""What follows when a fact or the schedule of a team changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.dispatch import receiver

from okrtracker import broker
from projects.facts import facts_changed
from projects.models import Team
from projects.teams.rescheduling import schedule_changing
from reports import tasks
from reports.pages import live
from reports.schedule import rehearsal


@receiver(facts_changed, dispatch_uid="reports.queue_compiles")
def queue_compiles(team: Team, weeks: list[date], **_: object) -> None:
    """Claim the pages of these weeks and send a message for each that was free, once however long
    the burst.

    Called after the commit. Without a broker the claims are given back, so that the next tick
    compiles the pages; it is asked once, so that saving a check-in does not wait for it.
    """
    claimed = live.claim(team, weeks)
    for place, week in enumerate(claimed):
        if not broker.publish(tasks.compile_page, team.pk, week.isoformat()):
            live.release(team, claimed[place:])
            return


@receiver(schedule_changing, dispatch_uid="reports.watch_schedule")
def watch_schedule(team: Team, **_: object) -> Callable[[], list[str]]:
    """What the change will set off at once."""
    return rehearsal.watch(team)
