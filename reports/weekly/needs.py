"""What a week still needs: of its leads, of its manager, and before its page is published. Pure.

``reports.schedule`` reads from the database what leads owe and whom the manager waits for; mails
and screens show it. The rule of who owes an entry is ``projects.standing.duty``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from projects.weeks import WEEK
from reports.weekly.changes import Change
from reports.weekly.document import (
    Block,
    Entry,
    Finding,
    OpenQuestion,
    PlanState,
    WeeklyDocument,
)
from reports.weekly.sections import FactType, Kind


@dataclass(frozen=True, slots=True)
class OwedEntry:
    """A project without an entry for the week."""

    project_id: int
    project: str
    weeks_silent: int | None  # since its latest entry; None when there was never one


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """The manager's question that nobody has answered yet."""

    project_id: int
    project: str
    text: str
    asked_by: str  # empty when nobody knows any more


@dataclass(frozen=True, slots=True)
class OwedMilestone:
    """A milestone past its due date and neither done nor closed."""

    project_id: int
    project: str
    milestone: str
    due_on: date
    precision: str
    days: int  # past the due date, at least 1


@dataclass(frozen=True, slots=True)
class Owed:
    """All that one lead owes; false when that is nothing."""

    team_slug: str
    year: int  # of the week: a date of another year names its own
    entries: tuple[OwedEntry, ...] = ()
    answers: tuple[OwedAnswer, ...] = ()
    milestones: tuple[OwedMilestone, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.answers or self.milestones)

    def __len__(self) -> int:
        return len(self.entries) + len(self.answers) + len(self.milestones)


@dataclass(frozen=True, slots=True)
class NotUpdated:
    """A project that owes the week's entry, and how often its lead was asked for it."""

    project_id: int
    project: str
    lead: str  # "": it has no lead with an account here
    week: date
    last_week: date | None  # of its latest entry; None: it was never reported on
    times: int = 0  # how often the lead was reminded in the week
    reminded_at: datetime | None = None
    is_reachable: bool = True
    is_deactivated: bool = False  # the lead's account
    deputy: str = ""  # who stands in for the lead, and is asked

    @property
    def weeks_silent(self) -> int | None:
        """Weeks since the latest entry; ``None``: it was never reported on."""
        return None if self.last_week is None else (self.week - self.last_week) // WEEK


class Course(StrEnum):
    """What becomes of facts that moved after an edition was published."""

    FOLLOWS = "follows"  # the schedule makes the next edition before the mail is prepared
    HELD = "held"  # the mail waits until the manager publishes again or declares this one final
    FINAL = "final"  # the mail goes out as the manager published it
    CORRECTED = "corrected"  # no mail waits any more: only a correction brings them to readers


@dataclass(frozen=True, slots=True)
class Behind:
    """The latest edition of a week, where it does not say any more what is known."""

    number: int
    published_at: datetime  # by the team's clock
    publisher: str  # empty: the schedule
    changes: tuple[Change, ...]
    course: Course
    mail_at: datetime | None  # when the mail that waits goes out, by the team's clock

    @property
    def projects(self) -> int:
        """How many projects the changes are of."""
        anchors = {change.anchor for change in self.changes}
        return sum(anchor.startswith("project-") for anchor in anchors)

    @property
    def is_followed(self) -> bool:
        return self.course is Course.FOLLOWS

    @property
    def is_held(self) -> bool:
        return self.course is Course.HELD

    @property
    def is_final(self) -> bool:
        return self.course is Course.FINAL


@dataclass(frozen=True, slots=True)
class Duties:
    """The findings without a verdict, and the projects that nobody updated."""

    week: date
    label: str
    findings: tuple[Finding, ...]
    silent: tuple[NotUpdated, ...]

    def __bool__(self) -> bool:
        return bool(self.findings or self.silent)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the manager is told before publishing. None of it prevents it."""

    findings: tuple[Finding, ...]  # that nobody has said anything to
    silent: tuple[Entry, ...]  # that owe an entry
    questions: tuple[tuple[Entry, OpenQuestion], ...]  # that nobody has answered
    plan: tuple[PlanState, ...] = ()  # of last week, without an outcome

    def __bool__(self) -> bool:
        return bool(self.findings or self.silent or self.questions or self.plan)


def readiness_of(document: WeeklyDocument) -> Readiness:
    """Of the page that would be published, in its order."""
    entries = document.entries
    return Readiness(
        findings=tuple(finding for finding in document.findings if finding.verdict is None),
        silent=tuple(e for e in entries if e.is_owed),
        questions=tuple((e, question) for e in entries for question in e.questions),
        plan=tuple(
            item
            for section in document.sections
            for block in section.blocks
            for item in block.last_plan
            if not item.outcome
        ),
    )


def says_something(document: WeeklyDocument) -> bool:
    """Whether anything on the page was entered in its week.

    What comes from earlier weeks does not count: projects that nobody updated, questions that
    nobody answered, metrics that nobody read, last week's plan without an outcome.
    """
    return any(
        _is_said(block, section.kind, document.week)
        for section in document.sections
        for block in section.blocks
    )


def _is_said(block: Block, kind: Kind, week: date) -> bool:
    if entry := block.entry:
        is_asked = any(question.asked_at.date() >= week for question in entry.questions)
        return bool(entry.is_updated or entry.moves or is_asked or entry.answers)
    if block.text.strip() and kind is not Kind.SILENT:
        return True
    return any(_is_entered(fact, by) for by, facts in block.facts() for fact in facts)


def _is_entered(fact: object, fact_type: FactType) -> bool:
    """Whether somebody entered it in the page's week."""
    return not fact_type.entered_by or getattr(fact, fact_type.entered_by) not in (None, "")
