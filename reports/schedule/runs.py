"""One week's run for its manager: each step, when it is due, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, cast

from django.db.models import Count

from projects.models import Team
from projects.weeks import last_day
from projects.workdays import WorkCalendar
from reports.models import (
    Delivery,
    Digest,
    Edition,
    Heartbeat,
    Reminder,
    SendState,
    Step,
    WeekStep,
)
from reports.pages import catching_up, editions
from reports.schedule import steps
from reports.schedule.duties import duties_of
from reports.weekly.needs import Duties
from reports.weekly.schedule import (
    MADE_UP_FOR,
    DueStep,
    Habits,
    StepName,
    schedule_of,
    steps_of,
)

# Beat ticks once a minute, and a tick may wait behind a minute's compiles.
STANDS_STILL: Final = timedelta(minutes=3)

# ``waits``: for somebody or something else; ``before``: due before the team began to run, or of a
# week before its start; ``missed``: due so long ago that it is not made up for.
type StationState = Literal[
    "done", "passed", "failed", "now", "next", "upcoming", "waits", "before", "missed"
]


@dataclass(frozen=True, slots=True)
class Station:
    """One step of the week. ``due_at`` is unknown where it depends on somebody."""

    step: Step
    state: StationState
    due_at: datetime | None
    done_at: datetime | None = None
    result: dict[str, object] = field(default_factory=dict)
    error: str = ""
    edition: Edition | None = None  # of the steps that publish and send it
    sent: dict[str, int] = field(default_factory=dict)  # deliveries by state

    @property
    def shown_at(self) -> datetime | None:
        """When it was taken, if that was before it is due; else when it is or was due.

        A manager publishes early, and a schedule that is moved leaves behind what is done.
        """
        taken = self.done_at
        if self.step == Step.PUBLISH and self.edition is not None:
            taken = self.edition.published_at
        return min(taken, self.due_at) if taken and self.due_at else self.due_at

    @property
    def is_late(self) -> bool:
        """Whether it was taken noticeably later than it was due."""
        if self.done_at is None or self.due_at is None:
            return False
        return self.done_at - self.due_at >= STANDS_STILL


@dataclass(frozen=True, slots=True)
class Run:
    """``stations`` is empty in a week that is skipped."""

    week: date
    stations: tuple[Station, ...]
    closes_with: date | None  # the later week into which this one, without a working day, goes
    unannounced: tuple[int, ...]  # years of the week whose working days nobody has announced
    reminders: tuple[Reminder, ...]
    duties: Duties | None  # None in a week to come
    edition: Edition | None
    last_tick: datetime | None
    stands_still: bool


def run_of(team: Team, week: date, now: datetime) -> Run:
    """A fixed number of queries, whatever the size of the team."""
    calendar = team.work_calendar()
    habits = steps.habits_of(team, calendar.exceptions)
    schedule = schedule_of(week, habits)
    edition = editions.latest(team, week)
    last_tick = Heartbeat.objects.filter(part="tick").values_list("at", flat=True).first()
    reminders = Reminder.objects.filter(team=team, week=week)
    stations = tuple(_stations(team, week, habits, edition, now))
    closed = any(station.step == Step.CLOSE for station in stations)
    return Run(
        week=week,
        stations=stations,
        closes_with=schedule.week if schedule and schedule.week != week and not closed else None,
        unannounced=_unannounced(calendar, week),
        reminders=tuple(
            reminders.select_related("user", "channel", "requested_by").order_by(
                "requested_at", "pk"
            )
        ),
        duties=duties_of(team, week) if week <= team.this_week() else None,
        edition=edition,
        last_tick=last_tick,
        stands_still=last_tick is None or now - last_tick >= STANDS_STILL,
    )


def _unannounced(calendar: WorkCalendar, week: date) -> tuple[int, ...]:
    years = sorted({week.year, last_day(week).year})
    return tuple(year for year in years if not calendar.is_announced(year))


def _stations(
    team: Team, week: date, habits: Habits, edition: Edition | None, now: datetime
) -> Iterator[Station]:
    """Of the steps to come, the first that depends on nobody is the next one."""
    taken = {row.step: row for row in WeekStep.objects.filter(team=team, week=week)}
    is_past = week < team.this_week()
    due = steps_of(week, habits)
    if is_past:
        due = _as_recorded(week, due, taken)
    if not due:
        return
    errors = {step: record.after.get("error", "") for step, record in steps.failures(team, week)}
    stations = [
        _station(
            team,
            step,
            taken.get(step.step),
            error=errors.get(step.step),
            edition=edition,
            now=now,
        )
        for step in due
    ]
    if due[-1].joins is None:
        coming_at = None if is_past else due[-1].due_at
        stations.append(_digest(team, week, edition, coming_at, now))
    has_next = False
    for station in stations:
        is_known = station.step != Step.DIGEST or edition is not None
        if station.state == "upcoming" and is_known and not has_next:
            has_next = True
            yield replace(station, state="next")
        else:
            yield station


def _as_recorded(
    week: date, due: Sequence[DueStep], taken: Mapping[str, WeekStep]
) -> tuple[DueStep, ...]:
    """The steps of a past week: those that were taken, with the times that they had then.

    The schedule may have changed since. It only tells which other steps a week has.
    """
    names = cast("list[StepName]", [step.value for step in Step if step != Step.DIGEST])
    by_name = {step.step: step for step in due}
    steps = []
    for name in names:
        step, row = by_name.get(name), taken.get(name)
        if row is not None:
            step = step or DueStep(week, name, row.due_at)
            steps.append(replace(step, due_at=row.due_at))
        elif step is not None:
            steps.append(step)
    return tuple(steps)


def _station(
    team: Team,
    due: DueStep,
    row: WeekStep | None,
    *,
    error: str | None,
    edition: Edition | None,
    now: datetime,
) -> Station:
    step = Step(due.step)
    published = edition if step == Step.PUBLISH else None
    state: StationState
    if row is not None:
        is_passed = "overtaken_by" in row.result and step in steps.ROUNDS
        state = "passed" if is_passed else "waits" if _waits(row, edition) else "done"
    elif published is not None:
        state = "done"
    elif due.joins is not None:
        state = "waits"
    elif team.is_history(due.week):
        state = "before"
    else:
        state = _untaken(due.due_at, team, now, has_failed=error is not None)
    return Station(
        step=step,
        state=state,
        # What was never taken has no time of its own: today's schedule is not that of then.
        due_at=None if state in ("missed", "before") else due.due_at,
        done_at=row.done_at if row else None,
        result=row.result if row else {},
        error=(error or "") if state == "failed" else "",
        edition=published,
    )


def _waits(row: WeekStep, edition: Edition | None) -> bool:
    """Whether the manager was reminded to publish, and has not."""
    return bool(row.result.get("waits")) and edition is None


def _untaken(due_at: datetime, team: Team, now: datetime, *, has_failed: bool) -> StationState:
    if due_at > now:
        return "upcoming"
    if due_at < team.runs_from:
        return "before"
    if due_at < now - MADE_UP_FOR:
        return "missed"
    return "failed" if has_failed else "now"


def _digest(
    team: Team, week: date, edition: Edition | None, due_at: datetime | None, now: datetime
) -> Station:
    """What became of the week's digest: that of its latest edition that has one.

    ``due_at`` is when it is to go out; ``None`` in a past week.
    """
    digests = Digest.objects.filter(team=team, edition__page__week=week)
    digest = digests.select_related("edition").defer("edition__document").last()
    if digest is None:
        is_coming = edition is None and due_at is not None
        state: StationState = "upcoming" if is_coming else "passed"
        return Station(Step.DIGEST, state, due_at if is_coming else None)
    if digest.prepared_at is None:
        state = "upcoming" if digest.due_at > now else "now"
        behind = catching_up.behind(team, week) if state == "now" else None
        if behind is not None and behind.is_held:
            state = "waits"
        return Station(Step.DIGEST, state, digest.due_at, edition=digest.edition)
    states = Delivery.objects.filter(edition=digest.edition).order_by().values_list("state")
    return Station(
        step=Step.DIGEST,
        state="done",
        due_at=digest.due_at,
        done_at=digest.prepared_at,
        edition=digest.edition,
        sent=dict(states.annotate(n=Count("pk"))),
    )


def under_way(sent: dict[str, int]) -> int:
    """How many deliveries are still to be sent."""
    return sent.get(SendState.PENDING, 0) + sent.get(SendState.CLAIMED, 0)
