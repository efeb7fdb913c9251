"""What happens in which week: the habits of the leads, and a story or two a week by the seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from projects.models import Health
from tests.quarter import acts, managing
from tests.quarter.acts import Report
from tests.quarter.quarters import DAY, HOUR, SEVEN_DAYS, moment

if TYPE_CHECKING:
    from tests.quarter.running import Running

type Story = Callable[["Running", date], None]

_STEPS: Final = ("Build", "Test")
_MINUTE: Final = timedelta(minutes=1)


def plan_week(run: Running, week: date) -> None:
    """Everything that will happen in it, decided as it begins."""
    for name in sorted(run.truth.works):
        _plan_lead(run, week, name)
    for story in stories_of(run)[(week - run.weeks[0]) // SEVEN_DAYS]:
        story(run, week)


def stories_of(run: Running) -> list[list[Story]]:
    """By week. The same for the same seed, whenever it is asked."""
    random = type(run.random)(run.seed)
    count = len(run.weeks)
    by_week: list[list[Story]] = [[] for _ in range(count)]
    singles = list(STORIES)
    random.shuffle(singles)
    for place, story in enumerate((singles * 2)[: 4 * count]):
        by_week[place % count].append(story)
    waiting = random.randrange(max(count - len(WAITING), 0) + 1)
    for place, story in enumerate(WAITING):
        if waiting + place < count:
            # One who publishes early would be in the way of who publishes late.
            others = by_week[waiting + place]
            by_week[waiting + place] = [story, *(o for o in others if o not in PUBLISHING)]
    if run.seed % 2:
        by_week[0].append(idle_weeks_merged)
    ends = (run.quarter.cycle_ends - run.weeks[0]) // DAY // 7
    begins = ends + random.choice((-1, 0, 1, 3))
    if 0 <= begins < count:
        by_week[begins].append(next_cycle)
    return by_week


# --- the habits of leads ------------------------------------------------------------------------


def _plan_lead(run: Running, week: date, name: str) -> None:
    lead = run.truth.works[name].lead_on(week)
    cutoff = run.quarter.cutoff(week) or moment(week + 4 * DAY, 16)
    if lead == "Late":
        _save_at(run, cutoff + run.random.choice((-1, 1, 1, 3)) * HOUR, name)
    elif lead == "Never":
        if run.random.random() < 0.15:
            run.plan(_some_time(run, week), partial(acts.confirm, name=name))
    else:
        _save_at(run, _some_time(run, week), name)
        if run.random.random() < 0.3:
            _save_at(run, _some_time(run, week), name)
        if run.random.random() < 0.2:
            run.plan(_some_time(run, week), partial(acts.undo, name=name))


def _save_at(run: Running, at: datetime, name: str) -> None:
    def save(run: Running) -> None:
        last = run.truth.works[name].last_saved(run.truth.week + SEVEN_DAYS)
        if last is None or last[1].health not in (Health.PAUSED, Health.DONE):
            acts.report(run, name, _some_report(run, name))

    run.plan(at, save)


def _some_time(run: Running, week: date) -> datetime:
    """On a working day, or now and then on another one."""
    days = run.quarter.working_days(week) * 3 + [week + n * DAY for n in range(7)]
    hour, minute = run.random.randint(8, 19), run.random.randint(1, 59)
    return moment(run.random.choice(days), hour, minute)


def _some_report(run: Running, name: str) -> Report:
    random, work = run.random, run.truth.works[name]
    entered = work.last_told(run.truth.week + SEVEN_DAYS)
    before = int(entered[1]) if entered else 10
    percent = None
    if random.random() < 0.6:
        percent = max(min(95, before + random.choice((0, 5, 10, -10))), 0)
    step, step_percent, due_on = "", None, None
    if random.random() < 0.5:
        step = random.choice(_STEPS)
        stands = work.steps[step].percents if step in work.steps else []
        last = stands[-1].value if stands else 0
        step_percent = random.choice((None, min(100, last + 20)))
        if step_percent is None or random.random() < 0.5:
            due_on = run.truth.today + timedelta(days=random.randint(5, 60))
    health = random.choice((Health.ON_TRACK, Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK))
    return Report(percent, health, step, step_percent, due_on)


# --- stories of one week ------------------------------------------------------------------------


def _closing(run: Running, week: date) -> datetime:
    """The cutoff; in a week without one, a moment that is as good."""
    return run.quarter.cutoff(week) or moment(week + 4 * DAY, 16)


def absence(run: Running, week: date) -> None:
    """Somebody is away for two days or more, and may be back before that."""
    person, deputy = run.random.sample(["Early", "Away", "Late", "May"], 2)
    first = week + run.random.randint(1, 4) * DAY
    last = first + run.random.randint(1, 6) * DAY
    run.plan(
        moment(first - DAY, 9), lambda run: managing.name_deputy(run, person, deputy, first, last)
    )
    if run.random.random() < 0.5:
        run.plan(moment(first + DAY, 12), partial(managing.end_deputy, person=person))


def published_early(run: Running, week: date, *, is_final: bool = False) -> None:
    """Before the cutoff it says 90 %; then it is rolled back, and something comes late."""
    cutoff, name = _closing(run, week), run.random.choice(["Alpha", "Echo", "Delta"])
    run.plan(cutoff - 5 * HOUR, lambda run: acts.report(run, name, Report(90)))
    run.plan(cutoff - 4 * HOUR, lambda run: acts.issue(run, week, is_final=is_final))
    run.plan(cutoff - 3 * HOUR, partial(acts.undo, name=name))
    run.plan(cutoff - 2 * HOUR, lambda run: acts.report(run, name, Report(40)))
    if run.random.random() < 0.5:
        run.plan(cutoff + HOUR, lambda run: acts.report(run, "Bravo", Report(30)))


def final_edition(run: Running, week: date) -> None:
    published_early(run, week, is_final=True)


def corrected(run: Running, week: date) -> None:
    """After the mail went out, something is put right; with a mail or without."""
    after, mails = _closing(run, week) + 3 * HOUR, run.random.random() < 0.5
    run.plan(after, lambda run: acts.report(run, "Alpha", Report(55)))
    run.plan(after + 2 * HOUR, lambda run: acts.issue(run, week, mails=mails))
    run.plan(after + 3 * HOUR, lambda run: acts.issue(run, week, mails=not mails))


def past_corrected(run: Running, week: date) -> None:
    """Weeks later the manager writes on an old page, and publishes it anew."""
    old = week - run.random.randint(1, 3) * SEVEN_DAYS
    if old < run.weeks[0]:
        return

    def correct(run: Running) -> None:
        acts.write_reflection(run, old)
        if run.papers.papers[old].editions:
            acts.issue(run, old, mails=run.random.random() < 0.5)

    run.plan(_some_time(run, week), correct)


def reflection(run: Running, week: date) -> None:
    run.plan(_closing(run, week) + HOUR, partial(acts.write_reflection, week=week))


def asked(run: Running, week: date) -> None:
    for name in ("Alpha", "Charlie"):
        run.plan(_some_time(run, week), partial(acts.ask, name=name))
        run.plan(_some_time(run, week), partial(acts.answer_all, name=name))


def reminded(run: Running, week: date) -> None:
    for _ in range(2):
        run.plan(_some_time(run, week), acts.remind_all)


def moved_often(run: Running, week: date) -> None:
    """A date moves there and back, and one of the moves is undone at once."""
    at, name = _some_time(run, week), run.random.choice(["Alpha", "Delta"])
    for number in range(4):
        due_on = run.weeks[0] + timedelta(days=run.random.randint(60, 160))
        run.plan(
            at + number * 5 * _MINUTE,
            lambda run, due_on=due_on: acts.report(run, name, Report(step="Build", due_on=due_on)),  # type: ignore[misc]  # bound early
        )
        if number % 2:
            run.plan(at + (number * 5 + 2) * _MINUTE, partial(acts.undo, name=name))


def closed(run: Running, week: date) -> None:
    """Over, and a week or three later taken up again."""
    name = run.random.choice(["Echo", "Charlie", "Foxtrot"])
    run.plan(_some_time(run, week), partial(managing.close, name=name))
    later = week + run.random.choice((0, 1, 3)) * SEVEN_DAYS
    run.plan(_some_time(run, later), partial(managing.reopen, name=name))


def rested(run: Running, week: date) -> None:
    """Paused or done, and weeks later taken up."""
    name, health = run.random.choice(["Delta", "Bravo"]), run.random.choice(["paused", "done"])
    percent = 100 if health == "done" else None
    run.plan(_some_time(run, week), lambda run: acts.report(run, name, Report(percent, health)))
    later = week + run.random.randint(1, 3) * SEVEN_DAYS
    run.plan(_some_time(run, later), lambda run: acts.report(run, name, Report(70)))


def account_closed(run: Running, week: date) -> None:
    """A lead leaves; days later somebody takes over."""
    if not run.truth.people["Never"].is_active:
        return
    run.plan(_some_time(run, week), partial(managing.deactivate, person="Never"))
    run.plan(
        _some_time(run, week + SEVEN_DAYS),
        lambda run: managing.hand_over(run, "Never", "Early"),
    )


def begun(run: Running, week: date) -> None:
    name = "Golf" if week < run.weeks[len(run.weeks) // 2] else "Hotel"
    run.plan(_some_time(run, week), lambda run: managing.begin_project(run, name, "Away"))


def renumbered(run: Running, week: date) -> None:
    run.plan(_some_time(run, week), managing.renumber)


def idle_weeks_merged(run: Running, week: date) -> None:
    run.plan(moment(week, 8), managing.merge_idle_weeks)


def next_cycle(run: Running, week: date) -> None:
    run.plan(_some_time(run, week), managing.begin_cycle)


# --- weeks in which the team waits for its manager -----------------------------------------------


def waits_from_now_on(run: Running, week: date) -> None:
    """And the manager publishes hours after the digest's time."""
    run.plan(moment(week, 8), lambda run: managing.wait_for_manager(run, waits=True))
    run.plan(_closing(run, week) + 5 * HOUR, partial(acts.issue, week=week))


def held(run: Running, week: date) -> None:
    """Published early, and then something changes: the mail waits for a decision."""
    published_early(run, week)
    decision = acts.issue if run.random.random() < 0.5 else managing.declare_final
    run.plan(_closing(run, week) + 4 * HOUR, lambda run: decision(run, week))


def never_published(run: Running, week: date) -> None:
    """Left out, for a reason, a week and a half later."""
    run.plan(moment(week + 10 * DAY, 11), partial(managing.leave_out, week=week))


def published_late(run: Running, week: date) -> None:
    run.plan(moment(week + 8 * DAY, 11), partial(acts.issue, week=week))


def waits_no_more(run: Running, week: date) -> None:
    run.plan(moment(week, 9), lambda run: managing.wait_for_manager(run, waits=False))


WAITING: Final = (
    waits_from_now_on,
    held,
    never_published,
    published_late,
    never_published,
    waits_no_more,
)
PUBLISHING: Final = (published_early, final_edition, corrected)
STORIES: Final[tuple[Story, ...]] = (
    *(absence, published_early, final_edition, corrected, past_corrected, reflection, asked),
    *(reminded, moved_often, closed, rested, account_closed, begun, renumbered),
)
