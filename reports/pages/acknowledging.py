"""What a team's manager takes note of: dates that moved, which are then listed no more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from projects import audit
from projects.models import Team, User
from projects.models.deputies import signature_to_keep
from reports.pages import live


@transaction.atomic
def acknowledge(
    team: Team, week: date, keys: Collection[str], *, by: User, at: datetime | None = None
) -> int:
    """Keep who took note of these moves of the week and when; how many were not noted before.

    Nothing of it is printed, so the page is not compiled anew.
    """
    page = live.locked(team, week)
    new = [key for key in dict.fromkeys(keys) if key not in page.acknowledged]
    if not new:
        return 0
    note = {"by": signature_to_keep(team, by), "at": (at or timezone.now()).isoformat()}
    page.acknowledged |= dict.fromkeys(new, note)
    page.save(update_fields=["acknowledged"])
    audit.note(team, "move.acknowledge", team.week_label(week), by=by, after={"moves": new})
    return len(new)
