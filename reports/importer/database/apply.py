"""Apply a plan: everything it holds, in one transaction, journalled so that it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from projects import facts
from projects.models import Alias, Cycle, Membership, Objective, Project, Team, User
from projects.objectives.cycles import new_cycle
from projects.portfolio import leads
from projects.teams import setup
from projects.weeks import cycle_of
from reports.importer.database.batch import Journal
from reports.importer.database.rows import (
    Target,
    write_entries,
    write_milestones,
    write_numbers,
    write_words,
)
from reports.importer.planned import ImportPlan, PagePlan, Ref
from reports.models import ImportBatch, WeeklyPage


@transaction.atomic
def apply_plan(
    plan: ImportPlan,
    team: Team,
    *,
    by: User | None = None,
    report: Callable[[float], None] = lambda _share: None,
) -> ImportBatch | None:
    """Writes the plan and returns its batch; ``None`` for a plan that holds nothing new.

    Whoever imports (``by``) is a manager of the team from then on. Projects whose pages name a
    member are led by that member.

    All or nothing: an error leaves the database as it was. ``report`` hears which share of the
    rows is written, from 0 to 1.
    """
    if plan.is_empty:
        return None
    # One import of a team at a time: a second one would change what this plan was made from.
    Team.objects.select_for_update().get(pk=team.pk)
    if plan.starts_on not in (None, team.starts_on):
        team.starts_on = setup.change_start(team, plan.starts_on, by=by).starts_on
    batch = ImportBatch.objects.create(
        team=team,
        applied_by=by,
        sources=[
            {"name": p.page.source.name, "week": p.week.isoformat(), "digest": p.digest}
            for p in plan.pages
        ],
        suggestions=[cluster.as_plain() for cluster in plan.clusters],
    )
    journal = Journal(team, batch)
    _write(plan, Target(team, journal), report)
    journal.close()
    if by is not None:
        setup.claim_team(team, by)
    leads.hand_over(team, by=by)
    facts.announce(team, {page.week for page in plan.pages})
    return batch


def _write(plan: ImportPlan, target: Target, report: Callable[[float], None]) -> None:
    """Writes the rows that others refer to first."""
    _write_objectives(plan, target)
    _write_projects(plan, target)
    report(0.1)
    write_milestones(plan, target)
    report(0.3)
    pages = _write_pages(plan, target)
    write_entries(plan, target)
    report(0.6)
    write_numbers(plan, target)
    report(0.75)
    write_words(plan, pages, target)
    report(1)


def _write_objectives(plan: ImportPlan, target: Target) -> None:
    """Each page's objectives in its week's cycle, named as on the cycle's newest page."""
    cycles = _cycles(plan, target)
    known_objectives = {
        (o.cycle_id, o.code): o for o in Objective.objects.filter(cycle__in=set(cycles.values()))
    }
    new: dict[tuple[int, str], Objective] = {}
    for page in plan.pages:
        cycle = cycles[page.week]
        for position, (code, name) in enumerate(_objectives_of(page), start=1):
            key = (cycle.pk, code)
            if key not in known_objectives and key not in new:
                new[key] = Objective(team=target.team, cycle=cycle, code=code, position=position)
            if key in new and name:
                new[key].name = name[:200]
    target.journal.create(new.values())
    for page in plan.pages:
        for code, _ in _objectives_of(page):
            key = (cycles[page.week].pk, code)
            target.objectives[page.week, code] = known_objectives.get(key) or new[key]


def _cycles(plan: ImportPlan, target: Target) -> dict[date, Cycle]:
    """The cycle of each page's week, made where the team has none for it."""
    known_cycles = list(Cycle.objects.filter(team=target.team))
    by_week: dict[date, Cycle] = {}
    for week in sorted({page.week for page in plan.pages}):
        cycle = cycle_of(week, known_cycles)
        if cycle is None:
            (cycle,) = target.journal.create([new_cycle(target.team, week)])
            known_cycles.append(cycle)
        by_week[week] = cycle
    return by_week


def _objectives_of(page: PagePlan) -> list[tuple[str, str]]:
    """Codes and names; a code that stands only in a table or a project has an empty name."""
    named = {o.code[:20]: o.name for o in page.page.objectives}
    for project in page.page.projects:
        if project.code is not None:
            named.setdefault(project.code[:20], "")
    return list(named.items())


def _write_projects(plan: ImportPlan, target: Target) -> None:
    team = target.team
    last = Project.objects.filter(team=team).count()
    members = {
        member.user.username: member.user
        for member in Membership.objects.filter(team=team).select_related("user")
    }
    new: dict[Ref, Project] = {
        ref: Project(
            team=team,
            name=ref,
            objective=target.objective(project.objective_week, project.code),
            is_focus=project.is_focus,
            lead=members.get(plan.users.get(project.lead_name, "")),
            lead_name=project.lead_name,
            position=last + project.position,
            started_on=project.first_week,
            closed_on=plan.closes.get(ref),
        )
        for ref, project in plan.projects.items()
    }
    target.journal.create(new.values())
    known_projects: dict[Ref, Project] = {
        project.pk: project
        for project in Project.objects.filter(pk__in={*plan.named, *plan.aliases})
    }
    _update_known(plan, known_projects, target)
    target.projects = {**new, **known_projects}
    aliases: dict[Ref, dict[str, str]] = {**plan.aliases}
    aliases |= {ref: project.aliases for ref, project in plan.projects.items()}
    target.journal.create(
        Alias(team=team, project=target.projects[ref], name=name, key=key)
        for ref, names in aliases.items()
        for key, name in names.items()
    )


def _update_known(plan: ImportPlan, known_projects: dict[Ref, Project], target: Target) -> None:
    """A page from before a project's start, or from after its end, moves that start or end."""
    for ref in plan.named:
        project = known_projects[ref]
        closed = plan.closes.get(ref)
        target.journal.update(project, started_on=plan.began[ref], closed_on=closed)


def _write_pages(plan: ImportPlan, target: Target) -> dict[date, WeeklyPage]:
    weeks = {page.week for page in plan.pages}
    known_pages = {p.week: p for p in WeeklyPage.objects.filter(team=target.team, week__in=weeks)}
    new: dict[date, WeeklyPage] = {}
    for page in plan.pages:
        # Every imported page has a title, the week's label where the source names none: a title
        # marks a page that was read from a source and keeps its order.
        label = page.page.week.label or target.team.week_label(page.week)
        title = (page.page.title or label)[:300]
        if page.week in known_pages:
            if not known_pages[page.week].title:
                target.journal.update(known_pages[page.week], title=title)
        elif page.week not in new:
            new[page.week] = WeeklyPage(
                team=target.team, week=page.week, title=title, warnings=list(page.page.warnings)
            )
    target.journal.create(new.values())
    return {**known_pages, **new}
