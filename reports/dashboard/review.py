"""What a manager has to resolve on a week's page before it is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from projects.access import Access
from projects.models import Team
from reports.dashboard import attention
from reports.dashboard.attention import Silence
from reports.dashboard.overview import attention_of
from reports.weekly.document import Entry, Finding, OpenQuestion, WeeklyDocument
from reports.weekly.sections import Kind

# Corrected by recording an incident; all others in the entry and its milestones.
_OF_INCIDENTS: Final = frozenset({"target_missed_without_incident"})


@dataclass(frozen=True, slots=True)
class ToResolve:
    """A finding, and the address where its cause can be corrected; "" where there is none."""

    finding: Finding
    fix: str


@dataclass(frozen=True, slots=True)
class Review:
    """The list at the head of the live page."""

    week_label: str
    open: tuple[ToResolve, ...]
    judged: tuple[ToResolve, ...]
    questions: tuple[tuple[Entry, OpenQuestion], ...]
    silent: tuple[Silence, ...]
    untold: int  # lines of last week's plan that have no outcome yet
    untold_at: str  # the anchor of the section they stand in
    may_remind: bool

    @property
    def count(self) -> int:
        """How many findings are open."""
        return len(self.open)

    def __bool__(self) -> bool:
        return bool(self.open or self.judged or self.questions or self.silent or self.untold)


def review_of(access: Access, document: WeeklyDocument) -> Review | None:
    """The review list; ``None`` unless the reader is a manager. A fixed number of queries.

    Nothing of history is to be resolved.
    """
    if not access.is_manager or document.is_history:
        return None
    team = access.team
    is_present = document.week == team.this_week()
    needs = attention_of(document)
    rows = [ToResolve(finding, fix_of(team, finding, document)) for finding in document.findings]
    plans = [section for section in document.sections if section.kind is Kind.LAST_PLAN]
    untold = [
        item
        for section in plans
        for block in section.blocks
        for item in block.last_plan
        if not item.outcome
    ]
    return Review(
        week_label=document.label,
        open=tuple(row for row in rows if row.finding.verdict is None),
        judged=tuple(row for row in rows if row.finding.verdict is not None),
        questions=needs.questions,
        silent=attention.silences(team, document.week, needs)
        if is_present and needs.silent
        else tuple(map(Silence, needs.silent)),
        untold=len(untold),
        untold_at=plans[0].anchor if plans else "",
        may_remind=is_present,
    )


def fix_of(team: Team, finding: Finding, document: WeeklyDocument) -> str:
    """The address where the finding can be corrected, which leads back to the list.

    The form of an incident, or the project's check-in; for an earlier week the project's page.
    """
    page = reverse("reports:weekly_page_draft", args=(team.slug, document.label))
    back = {"back": f"{page}#review"}
    if finding.code in _OF_INCIDENTS:
        return reverse("projects:incident_new", args=(team.slug,), query=back)
    if finding.project_id is None:
        return ""
    of_project = (team.slug, finding.project_id)
    if document.week == team.this_week():
        return reverse("projects:project_checkin", args=of_project, query=back)
    place = "milestones" if finding.params.get("milestone") else "entries"
    return reverse("projects:project_detail", args=of_project, fragment=place)
