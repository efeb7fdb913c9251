"""What a check-in says of milestones: matched with the project's own, then put into the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from projects import audit
from projects.checkin import ledger, queries
from projects.models import Milestone, ProgressChange, Project, User
from projects.standing import UNKNOWN, Standing, wants_reason
from projects.text.names import one_line, spelling
from projects.text.numbers import rounded_share


@dataclass(frozen=True, slots=True)
class MilestoneUpdate:
    """What a check-in says of one milestone. A field that is ``None`` changes nothing.

    ``milestone_id`` names one of the project's milestones. Without it ``name`` does, and a name
    that the project does not have yet makes a new milestone. A ``reason`` is required when the
    date moves later or the percent drops; the ledger has it with both changes.
    """

    name: str
    milestone_id: int | None = None
    percent: Decimal | None = None
    due_on: date | None = None
    due_precision: str = "day"
    stage_id: int | None = None
    reason: str = ""


class ReasonMissing(Exception):
    """These milestones' dates moved later or percents dropped without a reason."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(", ".join(self.names))


@dataclass(frozen=True, slots=True)
class MatchedUpdate:
    """An update with its milestone, and how that stood at the end of that week."""

    update: MilestoneUpdate
    milestone: Milestone
    then: Standing
    is_new: bool

    @property
    def percent(self) -> Decimal | None:
        percent = self.update.percent
        return None if percent is None else rounded_share(percent)

    @property
    def is_news(self) -> bool:
        return (
            self.is_new
            or self.brings_back
            or self.changes_stage
            or self.changes_percent
            or self.moves_due_date
        )

    @property
    def changes_percent(self) -> bool:
        return self.percent not in (None, self.then.percent)

    @property
    def moves_due_date(self) -> bool:
        due = (self.update.due_on, self.update.due_precision)
        return self.update.due_on is not None and due != (self.then.due_on, self.then.precision)

    @property
    def brings_back(self) -> bool:
        """Whether the milestone was left behind and its name is now given to a new line."""
        is_gone = self.milestone.is_dropped or self.milestone.is_history
        return self.update.milestone_id is None and is_gone

    @property
    def changes_stage(self) -> bool:
        return self.update.stage_id not in (None, self.milestone.stage_id)

    @property
    def wants_reason(self) -> bool:
        if self.update.reason.strip():
            return False
        return wants_reason(self.then, self.percent, self.update.due_on)

    def apply(self, week: date, by: User | None, at: datetime) -> list[ProgressChange]:
        """The rows that it adds to the ledger."""
        milestone, update, reason = self.milestone, self.update, self.update.reason.strip()
        if self.brings_back:
            milestone.is_history = False
            milestone.closed_at = milestone.closed_at if milestone.is_done else None
            milestone.save(update_fields=["closed_at", "is_history"])
            audit.note(
                milestone.team,
                "milestone.reopen",
                milestone,
                by=by,
                project=milestone.project,
                after={"reason": reason},
            )
        if self.is_new or self.changes_stage:
            milestone.stage_id = update.stage_id
            milestone.save()
        percent, due_on = self.percent, update.due_on
        changed = moved = None
        if self.changes_percent and percent is not None:
            changed = ledger.change_percent(
                milestone, percent, week=week, reason=reason, by=by, at=at
            )
        if self.moves_due_date and due_on is not None:
            due = due_on, update.due_precision
            moved = ledger.move_due_date(milestone, *due, week=week, reason=reason, by=by, at=at)
        return [change for change in (changed, moved) if change]


def news_of(
    project: Project, week: date, updates: tuple[MilestoneUpdate, ...]
) -> list[MatchedUpdate]:
    """The updates that change something, each with its milestone: a new one where the name is new.

    Raises ``Milestone.DoesNotExist`` for another project's milestone.
    """
    if not updates:
        return []
    milestones = queries.all_milestones.rows(project=project.pk, week=week)
    by_id = {milestone.pk: milestone for milestone in milestones}
    by_name = {spelling(milestone.name): milestone for milestone in milestones}
    matched_updates = []
    for update in updates:
        name = one_line(update.name)
        if update.milestone_id is not None:
            milestone = by_id.get(update.milestone_id)
            if milestone is None:
                raise Milestone.DoesNotExist(f"{project} has no milestone {update.milestone_id}")
        elif spelling(name) in by_name:
            milestone = by_name[spelling(name)]
        else:
            milestone = by_name[spelling(name)] = Milestone(
                team=project.team, project=project, name=name, position=len(by_name)
            )
        is_new = milestone.pk is None
        stood = UNKNOWN if is_new else ledger.standing(milestone)
        matched_updates.append(MatchedUpdate(update, milestone, stood, is_new))
    return [update for update in matched_updates if update.is_news]


def require_reasons(updates: Iterable[MatchedUpdate]) -> None:
    """Raise ``ReasonMissing`` where an update sets its milestone back and none says why."""
    unexplained = [update.milestone.name for update in updates if update.wants_reason]
    if unexplained:
        raise ReasonMissing(unexplained)
