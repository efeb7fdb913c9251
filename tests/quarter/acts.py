"""What people do: each act is done in the product, as its screens do it, and in the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from projects.checkin import drops, questions, recording, undoing
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.recording import CheckIn
from projects.models import Health, Question, StatusEntry
from reports.pages import catching_up, editing, publish
from reports.schedule import reminders
from tests.quarter.truth import Said, Saved, Step

if TYPE_CHECKING:
    from tests.quarter.running import Running


@dataclass(frozen=True)
class Report:
    """What a lead types. ``percent`` is their own; ``step`` is said to be so far, or to be due."""

    percent: int | None = None
    health: str = Health.ON_TRACK
    step: str = ""
    step_percent: int | None = None
    due_on: date | None = None


# --- leads --------------------------------------------------------------------------------------


def who_reports(run: Running, name: str) -> str | None:
    """Who does that for the project today; nobody where they cannot sign in, or it is closed."""
    work, truth = run.truth.works[name], run.truth
    if work.closed_on(truth.today) is not None:
        return None
    who = truth.acting_for(work.lead_on(truth.today))
    return who if truth.people[who].is_active else None


def report(run: Running, name: str, report: Report) -> None:
    who = who_reports(run, name)
    if who is None:
        return
    truth, week = run.truth, run.truth.week
    work = truth.works[name]
    before = work.last_told(week)
    words = f"{name} words {next(run.words)}."
    work.remember()
    updates = _say_of_step(run, name, report)
    percent = Decimal(report.percent) if report.percent is not None else work.mean(week)
    falls = percent is not None and before is not None and percent < before[1]
    reason = f"because of {words}" if falls else ""
    check_in = CheckIn(
        words,
        report.health,
        percent=None if report.percent is None else Decimal(report.percent),
        milestones=updates,
        drop_reason=reason,
    )
    access, project = run.rows.reporting(who, name)
    entry = StatusEntry.objects.filter(project=project, week=week).first()
    recording.submit(
        project, week, check_in, by=access.user, expected_revision=entry.revision if entry else 0
    )
    work.save(week, Saved(words, report.health, percent, truth.now, reason))
    run.note(f"{who} saves {name}: {words} {report}")


def _say_of_step(run: Running, name: str, report: Report) -> tuple[MilestoneUpdate, ...]:
    """In the truth; and what the form sends."""
    if not report.step:
        return ()
    work, week = run.truth.works[name], run.truth.week
    step = work.steps.setdefault(report.step, Step(report.step))
    reason = f"{name} waits for parts {next(run.words)}"
    stood = [statement.value for statement in step.percents[-1:]]
    if report.step_percent is not None and stood != [report.step_percent]:
        step.percents.append(Said(week, report.step_percent))
    if report.due_on is not None and (not step.dates or step.dates[-1].value != report.due_on):
        step.dates.append(Said(week, report.due_on, reason))
    return (
        MilestoneUpdate(
            report.step,
            percent=None if report.step_percent is None else Decimal(report.step_percent),
            due_on=report.due_on,
            reason=reason,
        ),
    )


def confirm(run: Running, name: str) -> None:
    """No change, by one click; refused where the steps add up to less than before."""
    who, week = who_reports(run, name), run.truth.week
    work = run.truth.works[name]
    last = work.last_saved(week)
    if who is None or week in work.saved or last is None:
        return
    access, project = run.rows.reporting(who, name)
    try:
        recording.confirm_unchanged(project, week, by=access.user)
    except drops.DropUnexplained:
        run.note(f"{who} cannot confirm {name}")
        return
    work.remember()
    percent = last[1].percent if last[1].percent is not None else work.mean(week)
    work.save(week, Saved(last[1].words, last[1].health, percent, run.truth.now))
    run.note(f"{who} confirms {name}")


def undo(run: Running, name: str) -> None:
    """Undo the last save; refused once an edition holds it."""
    who, week, work = who_reports(run, name), run.truth.week, run.truth.works[name]
    if who is None or week not in work.saved or work.before_last_save is None:
        return
    access, project = run.rows.reporting(who, name)
    entry = StatusEntry.objects.get(project=project, week=week)
    if entry.author != access.user:
        return
    published = run.papers.papers[week].editions
    is_held = bool(published) and published[-1].at >= work.saved[week].at
    try:
        catching_up.undo_check_in(project, week, revision=entry.revision, by=access.user)
    except undoing.NothingToUndo:
        assert is_held, f"{name} could not be undone"
        return
    assert not is_held, f"{name} was undone after it was published"
    run.note(f"{who} undoes {name}: {work.saved[week].words}")
    work.undo(week)


def answer_all(run: Running, name: str) -> None:
    who = who_reports(run, name)
    for question in Question.objects.filter(project=run.rows.projects[name]).open():
        if who is not None:
            access, _ = run.rows.reporting(who, name)
            questions.answer(question, f"On {run.truth.today:%A}.", by=access.user)
            run.truth.talk.add((run.truth.week, name))
            run.note(f"{who} answers for {name}")


# --- the manager --------------------------------------------------------------------------------


def manager(run: Running) -> str:
    return run.truth.acting_for("May")


def ask(run: Running, name: str) -> None:
    user = run.rows.managing(manager(run))
    words = f"When is {name} done? {next(run.words)}"
    questions.ask(run.rows.project(name), run.truth.week, words, by=user)
    run.truth.talk.add((run.truth.week, name))
    run.note(f"a question on {name}")


def remind_all(run: Running) -> None:
    user = run.rows.managing(manager(run))
    reminders.remind(run.rows.team, run.truth.week, by=user)
    run.papers.request(run.truth.week)
    run.note("the manager reminds all")


def write_reflection(run: Running, week: date) -> None:
    user, words = run.rows.managing(manager(run)), f"Reflection {next(run.words)}."
    editing.save(
        editing.PageField(run.rows.team, week, "reflection"), editing.Words(words), by=user
    )
    run.papers.papers[week].own_words = words
    run.note(f"the manager reflects on {week}")


def issue(run: Running, week: date, *, is_final: bool = False, mails: bool | None = None) -> None:
    """The manager publishes the page as it stands; nothing where it says nothing else."""
    user, paper = run.rows.managing(manager(run)), run.papers.papers[week]
    publication = publish.Publication(
        by=user,
        expected=len(paper.editions),
        note=f"Note {next(run.words)}" if paper.editions else "",
        mails=mails,
        is_final=is_final,
    )
    try:
        publish.publish_week(run.rows.refreshed(), week, publication)
    except publish.NothingChanged:
        assert not run.papers.behind(week), f"{week} has changed: {run.papers.behind(week)}"
        return
    assert not paper.editions or run.papers.behind(week), f"{week} was published without a change"
    run.papers.issue(week, is_final=is_final, mails=mails)
    run.note(f"the manager publishes {week}, final: {is_final}, mails: {mails}")


def in_days(run: Running, days: int) -> date:
    return run.truth.today + timedelta(days=days)
