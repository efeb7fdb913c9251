"""What of the imported past goes on in the team's present, unless a person decides otherwise. Pure.

The border is the team's start. A page of a week before it is history: it makes no project of a team
that is at work already, and does not change where a milestone of its stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from projects.standing import goes_on, is_history, milestone_goes_on
from projects.text.numbers import HUNDRED
from projects.weeks import last_day
from reports.importer.decisions import Decisions
from reports.importer.history import MilestoneHistory
from reports.importer.planned import ImportPlan, KnownFacts, KnownProject, Ref

# A clause that says it of the project and nothing else: 项目已结项, not 已提交结项材料, 12月结项.
_OVER: Final = re.compile(
    r"(?:该|本)?项目(?:已经?)?(?:正式|顺利)?(?:结项|结案|关闭|终止)(?:完成|完毕|了)?"
    r"|(?:已经?|正式|顺利)+结项"
    r"|(?:the )?project (?:is |has been |was )?closed",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(r"[。；;，,.!！\n]")


def decide_projects(plan: ImportPlan, known_facts: KnownFacts) -> None:
    """When known projects began, and which ones end with the last week that named them.

    In a team that is at work, none goes on that only pages of history name: it has its projects.
    """
    newest = newest_week(plan, known_facts)
    if newest is None:
        return

    def is_over(last: date) -> bool:
        is_left = known_facts.is_running and is_history(last, known_facts.starts_on)
        return is_left or not goes_on(last, newest)

    ended = _said_to_be_over(plan)
    for name, project in plan.projects.items():
        if project.last_week is not None and (name in ended or is_over(project.last_week)):
            plan.closes[name] = last_day(project.last_week)
    by_id = {project.id: project for project in known_facts.projects}
    for ref, (first, last) in plan.named.items():
        plan.began[ref] = _began(by_id[ref], first, known_facts)
        closed_on = by_id[ref].closed_on
        if closed_on is not None and closed_on >= last:
            plan.closes[ref] = closed_on
        elif closed_on is not None and is_over(last):
            plan.closes[ref] = last_day(last)


def _said_to_be_over(plan: ImportPlan) -> set[Ref]:
    """The projects of which the newest page that reports them says that they are closed."""
    newest = {
        entry.project: entry.mention.text
        for page in sorted(plan.pages, key=lambda page: page.week)
        for entry in page.entries
    }
    return {
        ref
        for ref, text in newest.items()
        if any(_OVER.fullmatch(clause.strip()) for clause in _CLAUSE_END.split(text))
    }


def leave_milestones(plan: ImportPlan, known_facts: KnownFacts, decisions: Decisions) -> None:
    """Leave new milestones in history that do not go on with their projects."""
    newest, starts_on = newest_week(plan, known_facts), known_facts.starts_on
    if newest is None or starts_on is None:
        return
    closed = _closed(plan, known_facts)
    for ref, history in plan.histories.items():
        done: list[MilestoneHistory] = []
        for milestone in history.milestones:
            last = milestone.last_week
            if milestone.id is not None or last is None or not is_history(last, starts_on):
                continue
            due_on = milestone.due[0] if milestone.due else None
            is_done = milestone.percent == HUNDRED
            if decisions.closes_overdue is False or is_done:
                due_on = None
            goes = milestone_goes_on(last, newest, due_on, starts_on) or is_done
            is_of_others = known_facts.is_running and isinstance(ref, int)
            milestone.is_left = is_of_others or ref in closed or not goes
            if is_done and milestone.due and milestone.due[0] < starts_on:
                done.append(milestone)
        if done and not any(_is_asked_for(milestone) for milestone in history.milestones):
            for milestone in done:  # its day would be the project's, which is long over
                milestone.is_left = True


def _is_asked_for(milestone: MilestoneHistory) -> bool:
    return not milestone.is_left and not milestone.is_history and milestone.percent != HUNDRED


def newest_week(plan: ImportPlan, known_facts: KnownFacts) -> date | None:
    """The newest week that a page or an entry speaks of."""
    pages = [page.week for page in plan.pages]
    return max([*pages, *filter(None, [known_facts.newest_week])], default=None)


def _closed(plan: ImportPlan, known_facts: KnownFacts) -> Mapping[Ref, date]:
    """The projects that are closed once the plan is applied."""
    by_id: dict[Ref, date] = {
        project.id: project.closed_on
        for project in known_facts.projects
        if project.closed_on is not None and project.id not in plan.named
    }
    return by_id | plan.closes


def _began(project: KnownProject, first: date, known_facts: KnownFacts) -> date | None:
    """When a known project began that a page of the week ``first`` names.

    In a team at work a page of history says nothing of a project that began in the present.
    """
    started_on = project.started_on
    is_present = started_on is None or not is_history(started_on, known_facts.starts_on)
    if known_facts.is_running and is_present and is_history(first, known_facts.starts_on):
        return started_on
    return min(first, started_on or first)
