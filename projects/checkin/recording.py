"""The write path of a check-in: what a lead reports on one project in one week.

Whoever may do it is decided by the caller (``projects.access``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects import facts, weeks
from projects.checkin import drafts, drops, last_save, milestone_updates, queries, questions
from projects.checkin.milestone_updates import MilestoneUpdate
from projects.conflicts import EditConflict, Opened, merge
from projects.models import (
    Cycle,
    EntrySource,
    Project,
    Question,
    StatusEntry,
    User,
)
from projects.operations import metrics
from projects.operations.metrics import NumberTaken
from projects.reported import REPORTED, Report
from projects.standing import begins_with
from projects.text.numbers import rounded_share


@dataclass(frozen=True, slots=True)
class CheckIn(Report):
    """What a lead reports on one project in one week, with the changes of its milestones."""

    milestones: tuple[MilestoneUpdate, ...] = ()


class NothingToConfirm(Exception):
    """The project has no earlier entry that could be confirmed as unchanged."""


@transaction.atomic
def record(
    project: Project,
    week: date,
    check_in: CheckIn,
    *,
    by: User | None,
    at: datetime | None = None,
    source: EntrySource = EntrySource.REPORTED,
    expected_revision: int | None = None,
    opened: Opened | None = None,
) -> StatusEntry:
    """Save the check-in as the project's entry of that week, with its ledger rows, or nothing.

    Saving what stands there already changes nothing, so a form sent twice does no harm.
    ``expected_revision`` is the revision that the form was opened with (0: there was no entry),
    ``opened`` what it then showed, by the names of ``REPORTED``. When the entry has moved on since,
    the fields that only one of the two has changed are merged; raises ``EditConflict`` where both
    have, or where the form does not say what it showed. Raises ``ReasonMissing`` unless the
    source is an old page, which has no reasons, and ``drops.DropUnexplained`` likewise;
    ``Milestone.DoesNotExist`` for another project's milestone; ``ValueError`` for no Monday.
    """
    if not weeks.is_monday(week):
        raise ValueError(f"{week} is not a Monday")
    at = at or timezone.now()
    project = _locked(project)
    entry = _entry_of(project, week)
    check_in = _with_reason(entry, check_in, opened)
    updates = milestone_updates.news_of(project, week, check_in.milestones)
    if entry and not updates and _columns(check_in, entry.weighted_percent) == _stored(entry):
        return entry
    if entry and expected_revision not in (None, entry.revision):
        check_in = _merged(entry, check_in, opened)
    if source != EntrySource.IMPORTED:
        milestone_updates.require_reasons(updates)
    stood = last_save.snapshot(project, entry, [update.milestone for update in updates])
    changes = [change for update in updates for change in update.apply(week, by, at)]
    entry = entry or StatusEntry(team=project.team, project=project, week=week, revision=0)
    entry.reported_at, entry.source = at, source
    return last_save.remember(_saved(entry, project, check_in, by), stood, changes)


def _locked(project: Project) -> Project:
    rows = queries.locked_projects.rows(project=project.pk)
    if not rows:
        raise Project.DoesNotExist(project.pk)
    return rows[0]


def _entry_of(project: Project, week: date) -> StatusEntry | None:
    for entry in queries.entries_of_week.rows(project=project.pk, week=week):
        entry.project, entry.team = project, project.team
        return entry
    return None


@transaction.atomic
def submit(
    project: Project,
    week: date,
    check_in: CheckIn,
    *,
    answers: Iterable[tuple[Question, str]] = (),
    by: User,
    expected_revision: int,
    opened: Opened | None = None,
    numbers: Sequence[NumberTaken] = (),
) -> StatusEntry:
    """Record the check-in with the answers given beside it; the sender's draft has then served.

    ``numbers`` were taken from the text. Raises what ``record``, ``questions.answer`` and
    ``metrics.record_from_text`` raise, and then nothing is saved.
    """
    entry = record(
        project, week, check_in, by=by, expected_revision=expected_revision, opened=opened
    )
    answered = [questions.answer(question, words, by=by) for question, words in answers]
    last_save.remember_answers(entry, answered)
    if numbers:
        metrics.record_from_text(week, numbers)
    drafts.discard(by, project, week)
    return entry


@transaction.atomic
def confirm_unchanged(
    project: Project, week: date, *, by: User | None, at: datetime | None = None
) -> StatusEntry:
    """Report "no change": the latest entry before that week once more, for this week.

    An entry that the week has already is left as it is and returned. Raises ``NothingToConfirm``,
    ``drops.DropUnexplained`` where the milestones add up to less by now; nobody confirms in the
    present what a page of history said.
    """
    project = Project.objects.locked().get(pk=project.pk)
    since = begins_with(week, project.team.starts_on)
    entries = StatusEntry.objects.filter(project=project, week__range=(since, week))
    entries = entries.order_by("-week")
    last = entries.first()
    if last is None:
        raise NothingToConfirm(project.name)
    if last.week == week:
        return last
    check_in = CheckIn(**last.reported() | _put_in(project, week) | {"drop_reason": ""})
    return record(project, week, check_in, by=by, at=at, source=EntrySource.CONFIRMED)


def _put_in(project: Project, week: date) -> dict[str, int]:
    """The stage that a manager has put the project in since its latest entry, as reported."""
    is_present = project.stage_id is not None and week >= project.team.this_week()
    return {"stage_id": project.stage_id} if is_present and project.stage_id else {}


def weighted_percent(milestones: Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """The mean of (percent, weight) pairs by weight, to two decimals.

    Those whose percent nobody has reported are left out; ``None`` when that leaves nothing.
    """
    known_percents = [(percent, weight) for percent, weight in milestones if percent is not None]
    if not known_percents:
        return None
    total = sum((percent * weight for percent, weight in known_percents), Decimal(0))
    return rounded_share(total / sum(weight for _, weight in known_percents))


def percent_by_milestones(project: Project, week: date) -> Decimal | None:
    """The mean of the project's milestones as they stood at the end of that week.

    Without those that had been dropped by then; ``None`` when nobody had reported a percent.
    """
    rows = queries.counting_milestones.rows(
        project=project.pk,
        week=week,
        week_end=project.team.end_of(week),
        is_history=project.team.is_history(week),
    )
    return weighted_percent(rows)


def follow_milestones(
    project: Project, week: date, *, reason: str | None = None, by: User | None = None
) -> None:
    """Set the percent by milestones of that week's entry to what they add up to now.

    Its own percent follows unless the lead reported another one. That is no edit of the entry: its
    revision stays, and a form that somebody has open is not out of date. Given a ``reason``, even
    an empty one, raises ``drops.DropUnexplained`` where the percent falls and none says why.
    """
    entry = StatusEntry.objects.filter(project=project, week=week).first()
    if entry is None:
        return
    percent_before, weighted = entry.week_percent, percent_by_milestones(project, week)
    if entry.percent == entry.weighted_percent:
        entry.percent = weighted
    entry.weighted_percent = weighted
    if reason is not None and entry.week_percent != percent_before:
        drops.explain_by(entry, reason, by=by)
    entry.save(update_fields=["percent", "weighted_percent", "drop_reason"])


def _with_reason(entry: StatusEntry | None, check_in: CheckIn, opened: Opened | None) -> CheckIn:
    """With the reason of a drop that was given beside the form, unless the form says another."""
    if entry and opened is not None and check_in.drop_reason == opened.get("drop_reason"):
        return replace(check_in, drop_reason=entry.drop_reason)
    return check_in


def _merged(entry: StatusEntry, check_in: CheckIn, opened: Opened | None) -> CheckIn:
    standing = entry.reported()
    if opened is None:
        raise EditConflict(standing)
    typed = {name: getattr(check_in, name) for name in REPORTED}
    return replace(check_in, **merge(standing, typed, opened))


def _columns(check_in: CheckIn, weighted: Decimal | None) -> dict[str, Any]:
    """What the entry's columns hold after the check-in, by their names."""
    columns = {name: getattr(check_in, name) for name in REPORTED}
    percent = check_in.percent
    columns["percent"] = weighted if percent is None else rounded_share(percent)
    return columns


def _saved(entry: StatusEntry, project: Project, check_in: CheckIn, by: User | None) -> StatusEntry:
    """The entry with what the check-in says, as its next revision."""
    entry.author, entry.on_behalf_of = by, by.on_behalf_of if by else None
    _place(entry, project)
    stood = entry.drop_reason
    entry.weighted_percent = percent_by_milestones(project, entry.week)
    for name, value in _columns(check_in, entry.weighted_percent).items():
        setattr(entry, name, value)
    if entry.source != EntrySource.IMPORTED:
        drops.explain(entry, stood, by=by)
    entry.revision += 1
    entry.save()
    if _put_in(project, entry.week):
        project.stage = None  # the entry says it now
        project.save(update_fields=["stage"])
    facts.announce(project.team, [entry.week])
    return entry


def _stored(entry: StatusEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in REPORTED}


def _place(entry: StatusEntry, project: Project) -> None:
    """Note where the project stands: under which objective, in focus or not.

    An entry of the present week follows the project, but not ahead of time into a cycle to come.
    One of a past week keeps what it has; one that is reported late takes what the latest entry
    before it says, because the project may have moved to the next cycle's objective since.
    """
    since = begins_with(entry.week, project.team.starts_on)
    before = StatusEntry.objects.filter(project=project, week__gte=since, week__lt=entry.week)
    before = before.order_by("-week")
    if entry.week < weeks.monday_of(project.team.local(entry.reported_at).date()):
        if entry.revision:
            return
        if last := before.first():
            entry.objective_id, entry.is_focus = last.objective_id, last.is_focus
            return
    entry.objective, entry.is_focus = project.objective, project.is_focus
    if project.objective is not None:
        cycle: Cycle | None = project.objective.cycle
        if project.objective.cycle.starts_on > entry.week:
            cycle = Cycle.objects.of_week(project.team, entry.week).first()
        entry.objective = project.objective.standing_in(entry.week, cycle)
        if entry.objective is None and (last := before.first()):
            entry.objective_id = last.objective_id
