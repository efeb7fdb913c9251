"""Takes the steps of every team's weeks when they are due: opens, reminds, closes, publishes.

Which step is due when, and what becomes of one that comes late, twice or not at all, is told at
``reports.weekly.schedule``. Here each is taken: in one transaction with its ``WeekStep``, so that
of two clocks one takes it, and what a crash undoes is taken again by the next tick.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from projects import audit
from projects.models import AuditRecord, DayException, DigestTime, IdleWeek, Project, Team
from projects.models.teams import CalendarKind
from projects.prepared import Prepared
from reports.models import Digest, Edition, ReminderKind, Step, WeeklyPage, WeekStep
from reports.pages import backlog, catching_up, editions, live, publish
from reports.schedule import closing, notices, reminders
from reports.schedule.closing import Closed
from reports.weekly.document import WeeklyDocument
from reports.weekly.needs import Course, says_something
from reports.weekly.schedule import MADE_UP_FOR, Done, DueStep, Habits, schedule_of, to_take

logger = logging.getLogger(__name__)

# For so long one tick takes steps, in seconds; the next one goes on where it stopped.
LASTS: Final = 40
# Steps and days this far from now have a part in what is due now.
_NEAR: Final = timedelta(days=70)
ROUNDS: Final = {Step.REMIND_FIRST: 1, Step.REMIND_LAST: 2}
FAILED: Final = "step.fail"  # the action of the audit record that a failed step leaves

type Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """A step that one team is to take."""

    team: int
    due: DueStep


def run(now: datetime | None = None) -> int:
    """Take every step that is due, for every team; how many that were.

    Six queries when there is none, however many teams there are. A step that fails is logged, and
    noted in its team's audit; the rest of that week waits for it, all others go on.
    """
    now = now or timezone.now()
    begun, taken = time.monotonic(), 0
    tried: set[Planned] = set()
    stuck: set[tuple[int, date]] = set()
    # A week that was published may bring up the idle week that joins it: so it is asked again.
    while waiting := [step for step in planned(now) if step not in tried]:
        teams = Team.objects.in_bulk({step.team for step in waiting})
        for step in waiting:
            if time.monotonic() - begun > LASTS:
                return taken
            tried.add(step)
            if step.team not in teams or (step.team, step.due.week) in stuck:
                continue
            try:
                taken += take(teams[step.team], step.due, now)
            except Exception as error:
                logger.exception("cannot take the step %s", step)
                stuck.add((step.team, step.due.week))
                _note_failure(teams[step.team], step.due, error)
    rearrange_digests(now)
    return taken + note_digests(now)


def planned(now: datetime) -> list[Planned]:
    """What all teams are to do now, what has waited longest first."""
    done_by, running = _done(now), _habits(now)
    for closed in _put_off(done_by, running, now):
        done_by[closed.team].steps.remove((closed.week, Step.CLOSE))
    steps = [
        Planned(team, due)
        for team, row in running.items()
        for due in row.to_take(done_by[team], now)
    ]
    # The sort keeps a team's own order where two steps are due at the same moment.
    return sorted(steps, key=lambda planned: planned.due.due_at)


def due_of(team: Team, now: datetime) -> list[DueStep]:
    """What one team is to do now, in the order of its weeks."""
    return _habits(now)[team.pk].to_take(_done(now)[team.pk], now)


def habits_of(team: Team, exceptions: Mapping[date, bool]) -> Habits:
    """What the schedule of one team follows from."""
    return Habits(
        kind="china" if team.calendar == CalendarKind.CHINA else "weekdays",
        exceptions=frozenset(exceptions.items()),
        zone=team.time_zone,
        cutoff_time=team.cutoff_time,
        digest_time=team.digest_time,
        idle_week="merge" if team.idle_week == IdleWeek.MERGE else "skip",
    )


@dataclass(slots=True)
class _Taken:
    """What of late was done in one team: its steps, its published weeks, its cutoffs."""

    steps: set[tuple[date, str]] = field(default_factory=set)
    published: set[date] = field(default_factory=set)
    closed: list[Closed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Running:
    """A team's habits, the moment since which it runs, and the week that it starts with."""

    habits: Habits
    runs_from: datetime
    starts_on: date | None

    def to_take(self, taken: _Taken, now: datetime) -> list[DueStep]:
        done = Done(taken.steps, taken.published)
        return to_take(
            self.habits, done, runs_from=self.runs_from, now=now, starts_on=self.starts_on
        )


def _habits(now: datetime) -> dict[int, _Running]:
    """By team."""
    near = DayException.objects.filter(day__range=((now - _NEAR).date(), (now + _NEAR).date()))
    exceptions: defaultdict[int, dict[date, bool]] = defaultdict(dict)
    for team_id, day, is_working in near.values_list("team", "day", "is_working"):
        exceptions[team_id][day] = is_working
    hours = ("calendar", "time_zone", "cutoff_time", "digest_time", "idle_week")
    teams = Team.objects.only(*hours, "runs_from", "starts_on").order_by("pk")
    return {
        team.pk: _Running(habits_of(team, exceptions[team.pk]), team.runs_from, team.starts_on)
        for team in teams
    }


def _done(now: datetime) -> defaultdict[int, _Taken]:
    """By team."""
    since = now - MADE_UP_FOR - timedelta(days=14)  # settings may have moved a step since
    done: defaultdict[int, _Taken] = defaultdict(_Taken)
    rows = WeekStep.objects.filter(due_at__gte=since).order_by()
    for team, week, step, due_at in rows.values_list("team", "week", "step", "due_at"):
        done[team].steps.add((week, step))
        if step == Step.CLOSE:
            done[team].closed.append(Closed(team, week, due_at))
    merging = Edition.objects.filter(
        team__idle_week=IdleWeek.MERGE, page__week__gte=(now - _NEAR).date()
    )
    for team, week in merging.order_by().values_list("team", "page__week"):
        done[team].published.add(week)
    return done


def _put_off(
    done_by: Mapping[int, _Taken], running: Mapping[int, _Running], now: datetime
) -> list[Closed]:
    """The cutoffs that have passed and are to come again; their weeks are open again."""
    put_off = [
        closed
        for team, done in done_by.items()
        for closed in done.closed
        if team in running
        and (closed.week, Step.PUBLISH) not in done.steps
        and closing.is_put_off(closed, running[team].habits, now)
    ]
    closing.reopen(put_off)
    return put_off


def take(team: Team, due: DueStep, now: datetime) -> bool:
    """Take one step; ``False`` when another clock has."""
    with transaction.atomic():
        due_at = due.due_at
        if Step(due.step) == Step.CLOSE:
            due_at = closing.closed_at(team, due_at, now)
        row = WeekStep(team=team, week=due.week, step=due.step, due_at=due_at, done_at=now)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            return False
        row.result = _act(team, due, now)
        row.save(update_fields=["result"])
    return True


def _act(team: Team, due: DueStep, now: datetime) -> Result:
    step = Step(due.step)
    if step == Step.OPEN:
        return _open(team, due)
    if step == Step.CLOSE:
        return _close(team, due, now) | _tell_managers(team, due, now)
    if step == Step.PUBLISH:
        return _publish(team, due, now)
    return _remind(team, due, now)


def _open(team: Team, due: DueStep) -> Result:
    """The page is made; compiled by the sweep, it shows last week's plan, to tell its outcome."""
    page = WeeklyPage(team=team, week=due.week)
    WeeklyPage.objects.bulk_create([page], ignore_conflicts=True)
    return {}


def _remind(team: Team, due: DueStep, now: datetime) -> Result:
    if due.overtaken_by:
        return {"overtaken_by": due.overtaken_by}
    asked = reminders.remind(team, due.week, by=None, round=ROUNDS[Step(due.step)], at=now)
    return {
        "reminded": len(asked.reminders),
        "channels": len(asked.channels),
        "unreachable": len(asked.unreachable),
    }


def _close(team: Team, due: DueStep, now: datetime) -> Result:
    """The page is compiled and checked; managers get what is to be resolved, in one mail."""
    document = live.compile_page(team, due.week)
    unresolved = sum(finding.verdict is None for finding in document.findings)
    silent = len(reminders.waiting(team, due.week))
    result: Result = {"findings": unresolved, "silent": silent}
    edition = editions.latest(team, due.week)
    if edition is not None and due.overtaken_by is None:
        result |= _tell_of_changes(edition, now)
    is_late = due.overtaken_by is not None or edition is not None
    if (unresolved or silent) and not is_late and is_worth_a_page(team, document):
        asked = reminders.ask_managers(team, due.week, ReminderKind.REVIEW, at=now)
        result["managers"] = len(asked)
    return result


def _tell_managers(team: Team, due: DueStep, now: datetime) -> Result:
    """Of what the time to come lacks; nothing in a week that the clock has overtaken."""
    return {} if due.overtaken_by else notices.ask_managers(team, due.week, now)


def _publish(team: Team, due: DueStep, now: datetime) -> Result:
    """The page is published, or its managers are told that the digest waits for them."""
    if (edition := editions.latest(team, due.week)) is not None:
        return _follow(edition, now)
    document = live.current_document(team, due.week)
    if document is None or not is_worth_a_page(team, document):
        return {"nothing": True}
    is_joining = due.joins is not None
    if not team.publishes_itself and not is_joining:
        asked = reminders.ask_managers(team, due.week, ReminderKind.PUBLISH, at=now)
        return {"waits": True, "managers": len(asked)} | _tell_of_backlog(team, due.week, now)
    try:
        edition = publish.publish_week(
            team,
            due.week,
            publish.Publication(by=None, expected=0, mails=False if is_joining else None),
            at=now,
        )
    except publish.Outdated as other:  # a manager was quicker, in this very moment
        return {"edition": other.edition.number}
    except publish.NothingToPublish:
        return {"nothing": True}
    return {"edition": edition.number, "by_itself": True}


def _tell_of_backlog(team: Team, week: date, now: datetime) -> Result:
    """Where the week before was not published either, all managers are told of both."""
    if not backlog.waiting(team).filter(week__lt=week).exists():
        return {}
    asked = reminders.ask_managers(team, week, ReminderKind.BACKLOG, at=now)
    return {"backlog": len(asked)}


def _follow(edition: Edition, now: datetime) -> Result:
    """What was saved since the manager published goes along as the next edition, or he is told."""
    sent = catching_up.edition_to_send(edition, at=now)
    if sent is None:
        return {"edition": edition.number, "held": True} | _tell_of_changes(edition, now)
    if sent.number == edition.number:
        return {"edition": edition.number}
    return {"edition": sent.number, "by_itself": True, "follows": edition.number}


def _tell_of_changes(edition: Edition, now: datetime) -> Result:
    """Tell the managers that facts moved after they published, where that has consequences."""
    team, week = edition.page.team, edition.page.week
    behind = catching_up.behind(team, week)
    if behind is None or behind.course not in (Course.FOLLOWS, Course.HELD):
        return {}
    asked = reminders.ask_managers(team, week, ReminderKind.CHANGED, at=now)
    return {"changed": True, "managers": len(asked)}


def is_worth_a_page(team: Team, document: WeeklyDocument) -> bool:
    """Whether the week is published without anybody asking for it.

    Not when the team has no project or no member, nor when nobody entered anything all week.
    """
    has_projects = Project.objects.filter(team=team).exists()
    return has_projects and team.memberships.exists() and says_something(document)


@Prepared
def _coming(*, now: datetime) -> QuerySet[Digest]:
    rows = Digest.objects.filter(prepared_at=None, due_at__gt=now).select_related("team")
    return rows.annotate(week=F("edition__page__week"))


def rearrange_digests(now: datetime) -> None:
    """Have the digests that are still to come go out when their teams want it now.

    A page is published on Thursday, and then another hour set, or the Friday taken off. One that
    is due is not put off, and one whose week has lost its schedule keeps its time.
    """
    rows: list[Any] = _coming.rows(now=now)  # annotated
    habits = _habits(now) if rows else {}
    for row in rows:
        schedule = schedule_of(row.week, habits[row.team_id].habits)
        wanted = schedule.digest_at if schedule else row.due_at
        if row.team.digest_when == DigestTime.PUBLISHED:
            wanted = now
        if wanted != row.due_at:
            Digest.objects.filter(pk=row.pk, prepared_at=None).update(due_at=wanted)


@Prepared
def _not_noted(*, since: datetime) -> QuerySet[Digest]:
    taken = WeekStep.objects.filter(
        team=OuterRef("team"), week=OuterRef("edition__page__week"), step=Step.DIGEST
    )
    digests = Digest.objects.filter(prepared_at__gte=since).exclude(Exists(taken))
    return digests.select_related("edition__page").order_by("prepared_at")


def note_digests(now: datetime) -> int:
    """Record that the digests of weeks went out, for the weeks' screens; how many that were."""
    first: dict[tuple[int, date], WeekStep] = {}
    for digest in _not_noted.rows(since=now - MADE_UP_FOR):
        week = digest.edition.page.week
        row = WeekStep(
            team_id=digest.team_id,
            week=week,
            step=Step.DIGEST,
            due_at=digest.due_at,
            done_at=digest.prepared_at or now,
            result={"edition": digest.edition.number},
        )
        first.setdefault((digest.team_id, week), row)
    WeekStep.objects.bulk_create(first.values(), ignore_conflicts=True)
    return len(first)


def _note_failure(team: Team, due: DueStep, error: Exception) -> None:
    """Once for each error, for the week's screen: the step is tried again every minute."""
    subject = failure_subject(due.week, due.step)
    after = {"error": f"{type(error).__name__}: {error}"[:500]}
    try:
        last = AuditRecord.objects.filter(team=team, action=FAILED, subject=subject).last()
        if last is None or last.after != after:
            audit.note(team, FAILED, subject, by=None, after=after)
    except DatabaseError:
        logger.warning("cannot note it either", exc_info=True)


def failure_subject(week: date, step: str) -> str:
    return f"{week.isoformat()} {step}"


def failures(team: Team, week: date) -> Iterator[tuple[str, AuditRecord]]:
    """The week's steps that failed, with the last error of each; taken or not since."""
    rows = AuditRecord.objects.filter(
        team=team, action=FAILED, subject__startswith=week.isoformat()
    )
    for row in rows.order_by("pk"):
        yield row.subject.partition(" ")[2], row
