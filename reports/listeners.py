"""Facts have changed: their pages are queued for compiling, each once however long the burst."""

from __future__ import annotations

import logging
from datetime import date

from django.dispatch import receiver
from kombu.exceptions import OperationalError

from projects.facts import facts_changed
from projects.models import Team
from reports import tasks
from reports.pages import live

logger = logging.getLogger(__name__)


@receiver(facts_changed, dispatch_uid="reports.queue_compiles")
def queue_compiles(team: Team, weeks: list[date], **_: object) -> None:
    """Claim the pages of these weeks and send a message for each that was free.

    A broker that is away costs a minute of delay and nothing else: the sweep finds the pages.
    It is asked once, so that saving a check-in does not wait for it.
    """
    claimed = live.claim(team, weeks)
    for place, week in enumerate(claimed):
        try:
            tasks.compile_page.apply_async_on_commit((team.pk, week.isoformat()), retry=False)
        except (OperationalError, OSError):
            logger.warning("no broker: the sweep will compile %s", week, exc_info=True)
            live.release(team, claimed[place:])
            return
