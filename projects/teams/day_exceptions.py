"""A team's own exceptions: days that it works, or does not, whatever the calendar says."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from projects import audit
from projects.models import DayException, Team, User


class DayTaken(Exception):
    """The team has an exception for that day already."""


@transaction.atomic
def add(
    team: Team, day: date, *, is_working: bool, note: str = "", by: User | None
) -> DayException:
    """Raises ``DayTaken``."""
    try:
        with transaction.atomic():
            exception = DayException.objects.create(
                team=team, day=day, is_working=is_working, note=note
            )
    except IntegrityError:
        raise DayTaken(day) from None
    after = {"is_working": is_working, "note": note}
    audit.note(team, "day_exception.create", day.isoformat(), by=by, after=after)
    return exception


@transaction.atomic
def remove(exception: DayException, *, by: User | None) -> None:
    """The day is again what the calendar says."""
    before = {"is_working": exception.is_working, "note": exception.note}
    day = exception.day.isoformat()
    audit.note(exception.team, "day_exception.remove", day, by=by, before=before)
    exception.delete()
