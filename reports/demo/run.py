"""What the schedule and the manager did with the demo team's weeks before it was loaded.

Its past pages are published, and the steps of its weeks taken, as they would have been; nothing is
mailed of that. The present week goes on from here by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from projects import weeks
from projects.models import AuditRecord, Role, StatusEntry, Team, User
from projects.weeks import WEEK
from reports.demo.story import WEEKS, monday
from reports.models import Edition, Reminder, SendState, Step, WeekStep
from reports.pages import editions, live, publish
from reports.schedule import reminders, steps
from reports.weekly.schedule import DueStep, Habits, steps_of

_TICK_DELAY: Final = timedelta(seconds=20)  # between a step's due time and the tick that took it
_MANAGER_LEAD: Final = timedelta(minutes=35)  # before the digest, when the manager published
_AUTOMATIC_EVERY: Final = 6  # weeks: in each of these the page was published by the schedule

type Reports = Mapping[date, Mapping[int, datetime]]


def live_through(team: Team, now: datetime) -> None:
    """Publish the past weeks' pages, and take the steps of all weeks that were due until now."""
    present = weeks.monday_of(team.local(now).date())
    habits = steps.habits_of(team, team.work_calendar().exceptions)
    manager = team.memberships.filter(role=Role.MANAGER).select_related("user")[0].user
    reports = _reports(team)
    for ago in range(WEEKS - 1, 0, -1):
        _live_week(team, monday(present, ago), habits, manager, reports)
    _live_present(team, present, habits, now)


def _live_week(team: Team, week: date, habits: Habits, manager: User, reports: Reports) -> None:
    due = steps_of(week, habits)
    friday = datetime.combine(weeks.friday(week), time(18), team.zone)
    at = due[-1].due_at if due else friday
    by = manager if (week - date.min) // WEEK % _AUTOMATIC_EVERY else None
    at += _TICK_DELAY if by is None else -_MANAGER_LEAD
    edition = publish.publish_week(team, week, publish.Publication(by=by, mails=False), at=at)
    AuditRecord.objects.filter(team=team, action="edition.publish", at__gt=at).update(at=at)
    WeekStep.objects.bulk_create(
        _taken(team, step_due, _result(step_due, edition, reports[week])) for step_due in due
    )


def _taken(team: Team, due: DueStep, result: dict[str, Any]) -> WeekStep:
    done_at = due.due_at + _TICK_DELAY
    step = Step(due.step)
    return WeekStep(
        team=team, week=due.week, step=step, due_at=due.due_at, done_at=done_at, result=result
    )


def _result(due: DueStep, edition: Edition, reported: Mapping[int, datetime]) -> dict[str, Any]:
    """What came of a step of the past: reminded was who reported later than that."""
    step = Step(due.step)
    if step in steps.ROUNDS:
        late = sum(last > due.due_at for last in reported.values())
        return {"reminded": late, "channels": 0, "unreachable": 0}
    if step == Step.CLOSE:
        page = editions.document_of(edition)
        return {"findings": len(page.findings), "silent": page.expected - page.updated}
    return {"edition": edition.number} if step == Step.PUBLISH else {}


def _reports(team: Team) -> Reports:
    """By week and lead, when the last of their projects was reported."""
    last_reports: defaultdict[date, dict[int, datetime]] = defaultdict(dict)
    rows = StatusEntry.objects.filter(team=team).exclude(project__lead=None)
    for week, lead, at in rows.values_list("week", "project__lead", "reported_at"):
        last_reports[week][lead] = max(at, last_reports[week].get(lead, at))
    return last_reports


def _live_present(team: Team, week: date, habits: Habits, now: datetime) -> None:
    """What was due of the present week, but for publishing it: that is left to be tried."""
    for due in steps_of(week, habits):
        step = Step(due.step)
        if due.due_at > now or step == Step.PUBLISH:
            continue
        result: dict[str, Any] = {}
        if step in steps.ROUNDS:
            result = _remind(team, due)
        elif step == Step.CLOSE:
            page = live.compile_page(team, week)
            silent = len(reminders.waiting(team, week))
            result = {"findings": len(page.findings), "silent": silent}
        WeekStep.objects.bulk_create([_taken(team, due, result)])


def _remind(team: Team, due: DueStep) -> dict[str, Any]:
    round_result = reminders.remind(
        team, due.week, by=None, round=steps.ROUNDS[Step(due.step)], at=due.due_at
    )
    mails = Reminder.objects.filter(pk__in=[reminder.pk for reminder in round_result.reminders])
    mails.update(state=SendState.SENT, sent_at=due.due_at + _TICK_DELAY, attempts=1)
    return {
        "reminded": len(round_result.reminders),
        "channels": 0,
        "unreachable": len(round_result.unreachable),
    }
