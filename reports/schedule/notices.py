"""What the time to come lacks: a next cycle, a plan of holidays. Managers are told of it.

On screens as long as it is so; by mail at the cutoff of few weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from okrtracker.serving import production
from projects.models import Team
from projects.objectives import cycles
from projects.objectives.cycles import CycleEnd
from projects.workdays import WorkCalendar
from reports.models import Reminder, ReminderKind
from reports.schedule import reminders


@dataclass(frozen=True, slots=True)
class Notices:
    """What is lacking today."""

    cycle_end: CycleEnd | None = None
    unset: tuple[str, ...] = ()  # variables of the site without which mail goes nowhere
    unplanned_year: int | None = None  # its holidays should be announced by now, and are not known

    def __bool__(self) -> bool:
        return bool(self.unset) or not (self.cycle_end is None and self.unplanned_year is None)


def notices_of(team: Team, calendar: WorkCalendar | None = None) -> Notices:
    """Two queries; one when ``calendar``, the team's, is at hand."""
    calendar = calendar or team.work_calendar()
    return Notices(cycles.team_end(team), production.unset(), calendar.missing_plan(team.today()))


def ask_managers(team: Team, week: date, at: datetime) -> dict[str, int]:
    """Write the mails that are due at that week's cutoff; how many of each kind.

    Of a cycle's end in the first week in which it is spoken of and in its last one; of a year
    without a plan once.
    """
    notices, asked = notices_of(team), {}
    end, year = notices.cycle_end, notices.unplanned_year
    if end is not None and week in (end.announced_in, end.last_week):
        asked["cycle_mails"] = len(reminders.ask_managers(team, week, ReminderKind.CYCLE, at=at))
    if year is not None and not _is_told(team, year):
        mails = reminders.ask_managers(team, week, ReminderKind.CALENDAR, at=at)
        asked["calendar_mails"] = len(mails)
    return asked


def _is_told(team: Team, year: int) -> bool:
    """Whether a mail of that year's plan was written: in the last months before it, or in it."""
    rows = Reminder.objects.filter(team=team, kind=ReminderKind.CALENDAR)
    return rows.filter(week__range=(date(year - 1, 11, 1), date(year, 12, 31))).exists()
