"""What happened in the demo team's weeks before it was loaded, in the order in which it did.

Its past pages are published and mailed, people asked and answered, and the steps of its weeks are
taken, as they would have been. Nothing leaves this machine for that. What is due later goes on from
here by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from projects import weeks
from projects.models import Project, Reading, Role, StatusEntry, Team, User
from projects.weeks import WEEK
from reports.demo.afterwards import Afterwards
from reports.demo.cast import CastCorrection, read_cast, read_events
from reports.demo.clock import DemoClock, clock_of
from reports.demo.post import Post
from reports.demo.story import WEEKS
from reports.demo.talk import acts_of_talk
from reports.demo.traces import Act, dated
from reports.models import Edition, Reminder, SendState, Step, WeekStep
from reports.pages import editions, live, publish
from reports.schedule import reminders, steps
from reports.weekly.schedule import DueStep, Habits, schedule_of, steps_of

_TICK_DELAY: Final = timedelta(seconds=20)  # between a step's due time and the tick that took it
_MANAGER_LEAD: Final = timedelta(minutes=35)  # before the digest, when the manager published
_LATE: Final = timedelta(minutes=50)  # after the digest, when somebody still reports
_AUTOMATIC_EVERY: Final = 6  # weeks: in each of these the page was published by the schedule

type Reports = Mapping[date, Mapping[int, datetime]]


def live_through(team: Team, now: datetime) -> None:
    """Have everything happen that was due until now."""
    clock, cast, events = clock_of(team, now), read_cast(), read_events()
    manager = team.memberships.filter(role=Role.MANAGER).select_related("user")[0].user
    projects = {project.name: project for project in Project.objects.filter(team=team)}
    _forget_correction(events.correction, clock)
    post = Post(clock, events, manager)
    afterwards = Afterwards(clock, cast, events, projects, manager, post)
    run = _Run(clock, manager, post, afterwards)
    acts = [
        *run.acts(),
        *post.acts(),
        *acts_of_talk(events, clock, projects, manager),
        *afterwards.acts(),
    ]
    for at, act in sorted(acts, key=lambda pair: pair[0]):
        if clock.has_come(at):
            with dated(team, at):
                act(at)
    WeekStep.objects.bulk_create(run.taken)


def _forget_correction(correction: CastCorrection, clock: DemoClock) -> None:
    """The reading is what it was before it was corrected."""
    readings = Reading.objects.filter(team=clock.team, week=clock.week(correction.ago))
    readings.filter(metric__name=correction.metric).update(value=correction.first, note="")


@dataclass
class _Run:
    """The steps of the weeks, as the schedule took them; ``taken`` are their rows."""

    clock: DemoClock
    manager: User
    post: Post
    afterwards: Afterwards
    taken: list[WeekStep] = field(default_factory=list)

    def acts(self) -> Iterator[tuple[datetime, Act]]:
        habits = steps.habits_of(self.clock.team, self.clock.calendar.exceptions)
        reports = _reports(self.clock.team)
        for ago in range(1, WEEKS):
            yield from self._past_week(self.clock.week(ago), habits, reports)
        yield from self._present_week(self.clock.present, habits)

    def _past_week(
        self, week: date, habits: Habits, reports: Reports
    ) -> Iterator[tuple[datetime, Act]]:
        due, schedule = steps_of(week, habits), schedule_of(week, habits)
        friday = datetime.combine(weeks.friday(week), time(18), self.clock.team.zone)
        digest_at = schedule.digest_at if schedule else friday
        is_automatic = not (week - date.min) // WEEK % _AUTOMATIC_EVERY
        by = None if is_automatic else self.manager

        def act(at: datetime) -> None:
            edition = self._publish(week, by, at)
            awaited = {**reports.get(week, {}), **dict.fromkeys(_silent(edition), self.clock.now)}
            self.taken += [
                _taken(self.clock, step, _result(self.clock, step, edition, awaited))
                for step in due
            ]

        yield digest_at + (_TICK_DELAY if by is None else -_MANAGER_LEAD), act
        yield digest_at + _TICK_DELAY, self._sending(week, digest_at)
        yield from self.post.retries(digest_at + _TICK_DELAY, week)

    def _present_week(self, week: date, habits: Habits) -> Iterator[tuple[datetime, Act]]:
        for due in steps_of(week, habits):
            if due.joins is None:
                yield due.due_at, self._taking(due)
            if due.step == "publish":
                yield due.due_at, self._sending(week, due.due_at)
                yield due.due_at + _LATE, self.afterwards.report_late

    def _taking(self, due: DueStep) -> Act:
        def act(_at: datetime) -> None:
            self.taken.append(_taken(self.clock, due, self._take(due)))

        return act

    def _take(self, due: DueStep) -> dict[str, Any]:
        """A step of the present week."""
        team, step = self.clock.team, Step(due.step)
        if step in steps.ROUNDS:
            return _remind(self.clock, due)
        if step == Step.CLOSE:
            page = live.compile_page(team, due.week)
            silent = len(reminders.waiting(team, due.week))
            return {"findings": len(page.findings), "silent": silent}
        if step == Step.PUBLISH:
            edition = self._publish(due.week, None, _tick(self.clock, due.due_at))
            return {"edition": edition.number, "by_itself": True}
        return {}

    def _publish(self, week: date, by: User | None, at: datetime) -> Edition:
        publication = publish.Publication(by=by, mails=True)
        return publish.publish_week(self.clock.team, week, publication, at=at)

    def _sending(self, week: date, due_at: datetime) -> Act:
        def act(_at: datetime) -> None:
            at = _tick(self.clock, due_at)
            edition = self.post.send(week, due_at=due_at, at=at)
            step, result = Step.DIGEST, {"edition": edition.number}
            self.taken.append(
                WeekStep(
                    team=self.clock.team,
                    week=week,
                    step=step,
                    due_at=due_at,
                    done_at=at,
                    result=result,
                )
            )

        return act


def _tick(clock: DemoClock, due_at: datetime) -> datetime:
    """When the clock took what was due."""
    return min(due_at + _TICK_DELAY, clock.now)


def _taken(clock: DemoClock, due: DueStep, result: dict[str, Any]) -> WeekStep:
    return WeekStep(
        team=clock.team,
        week=due.week,
        step=Step(due.step),
        due_at=due.due_at,
        done_at=_tick(clock, due.due_at),
        result=result,
    )


def _result(
    clock: DemoClock, due: DueStep, edition: Edition, awaited: Mapping[int, datetime]
) -> dict[str, Any]:
    """What came of a step of the past: reminded was whose report came later, or not at all."""
    step = Step(due.step)
    if step in steps.ROUNDS:
        late = [lead for lead, last in awaited.items() if last > due.due_at]
        sent = {"state": SendState.SENT, "attempts": 1, "sent_at": _tick(clock, due.due_at)}
        values = {"team": clock.team, "week": due.week, "requested_at": due.due_at, **sent}
        Reminder.objects.bulk_create(
            Reminder(user_id=lead, round=steps.ROUNDS[step], **values) for lead in late
        )
        return {"reminded": len(late), "channels": 0, "unreachable": 0}
    if step == Step.CLOSE:
        page = editions.document_of(edition)
        return {"findings": len(page.findings), "silent": page.expected - page.updated}
    return {"edition": edition.number} if step == Step.PUBLISH else {}


def _silent(edition: Edition) -> list[int]:
    """Who never reported what the week waited for; without those whom no mail reaches."""
    owed = [entry.project_id for entry in editions.document_of(edition).entries if entry.is_owed]
    leads = User.objects.filter(is_active=True, led_projects__in=owed).exclude(email="")
    return list(leads.order_by("pk").distinct().values_list("pk", flat=True))


def _reports(team: Team) -> Reports:
    """By week and lead, when the last of their projects was reported."""
    last_reports: defaultdict[date, dict[int, datetime]] = defaultdict(dict)
    rows = StatusEntry.objects.filter(team=team).exclude(project__lead=None)
    for week, lead, at in rows.values_list("week", "project__lead", "reported_at"):
        last_reports[week][lead] = max(at, last_reports[week].get(lead, at))
    return last_reports


def _remind(clock: DemoClock, due: DueStep) -> dict[str, Any]:
    round_result = reminders.remind(
        clock.team, due.week, by=None, round=steps.ROUNDS[Step(due.step)], at=due.due_at
    )
    mails = Reminder.objects.filter(pk__in=[reminder.pk for reminder in round_result.reminders])
    mails.update(state=SendState.SENT, sent_at=_tick(clock, due.due_at), attempts=1)
    return {
        "reminded": len(round_result.reminders),
        "channels": 0,
        "unreachable": len(round_result.unreachable),
    }
