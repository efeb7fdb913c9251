"""The first week of a team: what it still needs before it begins, and its projects as imported.

Everything can be left and come back to: each step is done when the database says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from projects import audit, standing
from projects.models import (
    AuditRecord,
    Cycle,
    EntrySource,
    Invitation,
    Membership,
    Milestone,
    Objective,
    Project,
    Role,
    StatusEntry,
    Team,
    User,
)
from projects.portfolio import border, leads, lifecycle
from projects.portfolio.leads import Lead
from projects.portfolio.lifecycle import BulkOutcome, WantedChange
from projects.teams import invitations
from projects.teams.invitations import Guest
from projects.teams.setup import present_cycle
from projects.text import names

# What leaves a trace once somebody has looked at it and found it right.
_SCHEDULE, _PROJECTS, _MAIL = "team.change", "team.projects", "digest.test"
_PUBLISHED: Final = "edition.publish"
_TRACES: Final = (_SCHEDULE, _PROJECTS, _MAIL, _PUBLISHED)

_REMEMBERED: Final = 30  # seconds


@dataclass(frozen=True, slots=True)
class Checklist:
    """How far a team is set up."""

    is_manager: bool  # the reader is a member of the team, and its manager
    cycle: Cycle | None  # the one that holds today, else the next one
    objectives: int  # of that cycle
    projects: int  # that are open
    leadless: int  # of these, led by nobody, not even by name
    is_imported: bool  # some of its past was read from old pages
    is_sorted: bool  # nothing was imported, or somebody has said what goes on
    members: int
    invited: int  # asked to join, and have not answered yet
    uninvited: tuple[str, ...]  # who lead by name, and were not asked to join
    is_named: bool  # or called like its address, as the command line makes it
    has_start: bool  # or nothing was imported that it would divide
    is_schedule_chosen: bool  # or still as every team begins
    is_mail_tried: bool
    has_published: bool  # a weekly page

    @property
    def has_others(self) -> bool:
        return self.members + self.invited > 1

    @property
    def steps(self) -> dict[str, bool]:
        """Whether each is done, in the order in which they are best taken.

        What was imported is sorted before a cycle takes it over, and that needs a start. Without
        an import projects are begun under the objectives of the cycle.
        """
        manager = {} if self.is_manager else {"manager": False}
        name = {} if self.is_named else {"name": False}
        start = {"start": self.has_start}
        projects = {"projects": self.projects > 0 and not self.leadless and self.is_sorted}
        cycle = {"cycle": self.cycle is not None, "objectives": self.objectives > 0}
        members = {"members": self.has_others and not self.uninvited}
        first = projects | members | cycle if self.is_imported else cycle | projects | members
        last = {"schedule": self.is_schedule_chosen, "mail": self.is_mail_tried}
        return manager | name | (first | start if self.has_start else start | first) | last

    @property
    def first_steps(self) -> dict[str, bool]:
        """The same, and whether the first weekly page is out, with which the beginning ends."""
        return self.steps | {"page": self.has_published}

    @property
    def done(self) -> int:
        return sum(self.steps.values())

    @property
    def next_step(self) -> str:
        """The first that is open; empty when there is none."""
        return next((step for step, is_done in self.steps.items() if not is_done), "")


def checklist_of(team: Team, user: User, now: datetime | None = None) -> Checklist:
    """How far the team is set up, as that manager sees it; a fixed number of queries."""
    cycle = present_cycle(team)
    traces = AuditRecord.objects.filter(team=team, action__in=_TRACES)
    traced = set(traces.order_by().values_list("action", flat=True).distinct())
    entries = StatusEntry.objects.filter(team=team, source=EntrySource.IMPORTED)
    is_imported = entries.exists()
    roles = dict(Membership.objects.filter(team=team).values_list("user", "role"))
    projects = Project.objects.filter(team=team).open_on(team.today())
    led = list(projects.values_list("lead", "lead_name"))
    return Checklist(
        is_manager=roles.get(user.pk) == Role.MANAGER,
        cycle=cycle,
        objectives=Objective.objects.filter(cycle=cycle).count() if cycle else 0,
        projects=len(led),
        leadless=sum(not lead and not name for lead, name in led),
        is_imported=is_imported,
        is_sorted=_PROJECTS in traced or not is_imported,
        members=len(roles),
        invited=Invitation.objects.filter(team=team).open(now or timezone.now()).count(),
        uninvited=tuple(name.name for name in waiting_names(team)),
        is_named=team.name != team.slug,
        has_start=team.starts_on is not None or not is_imported,
        is_schedule_chosen=_SCHEDULE in traced,
        is_mail_tried=_MAIL in traced,
        has_published=_PUBLISHED in traced,
    )


def first_steps(team: Team, user: User) -> dict[str, bool]:
    """Whether each of a manager's first steps is done: as ``seen`` lately, or now."""
    steps: dict[str, bool] | None = cache.get(_cache_key(team, user))
    return seen(team, user, checklist_of(team, user)) if steps is None else steps


def seen(team: Team, user: User, checklist: Checklist) -> dict[str, bool]:
    """Remember the first steps for half a minute, for pages that only mention them."""
    steps = checklist.first_steps
    cache.set(_cache_key(team, user), steps, _REMEMBERED)
    return steps


def _cache_key(team: Team, user: User) -> str:
    return f"checklist:{team.pk}:{user.pk}"


# --- names of leads ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WaitingName:
    """Somebody who leads open projects by name, and is neither a member nor invited."""

    name: str
    projects: tuple[str, ...]


def waiting_names(team: Team) -> list[WaitingName]:
    """By the number of their projects, the most first; five queries."""
    people = leads.people_of(team)
    waiting = Project.objects.filter(team=team, lead=None).open_on(team.today())
    led: dict[str, list[str]] = defaultdict(list)
    for name, project in waiting.exclude(lead_name="").values_list("lead_name", "name"):
        if names.folded(name) and not people.called(name):
            led[name].append(project)
    waiting_for = [WaitingName(name, tuple(projects)) for name, projects in led.items()]
    return sorted(waiting_for, key=lambda waiting: (-len(waiting.projects), waiting.name))


@transaction.atomic
def settle_names(
    team: Team, guests: Iterable[Guest], meant: Iterable[tuple[str, Lead]], *, by: User
) -> list[Invitation]:
    """Invite the guests as leads; the projects of each of the names are led by whom it means."""
    by_name = dict(meant)
    rows = Project.objects.filter(team=team, lead=None, lead_name__in=by_name)
    wanted = [
        WantedChange(key, by_name[name].columns(), {"lead": "", "lead_name": name})
        for key, name in rows.values_list("pk", "lead_name")
    ]
    lifecycle.change_projects(team, wanted, by=by)
    return invitations.invite(team, guests, Role.LEAD, by=by)


# --- what was imported -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SortedProject:
    """A project, when it was last reported on, and what of it is open."""

    project: Project
    last_week: date | None
    milestones: int  # that are open
    late: int  # of these, due before today
    is_from_history: bool  # ended before the team's start, or not reported on since

    @property
    def goes_on(self) -> bool:
        return self.project.closed_on is None


def projects_to_sort(team: Team) -> list[SortedProject]:
    """Those that are open, in their order; then those that ended before the team's start.

    Two queries.
    """
    start = team.starts_on
    is_open = Q(closed_on=None) | Q(closed_on__gt=team.today())
    since_start = StatusEntry.objects.filter(project=OuterRef("pk"), week__gte=start or date.max)
    rows = (
        Project.objects.filter(is_open | Q(closed_on__lt=start or date.min), team=team)
        .select_related("lead", "objective")
        .annotate(last_week=Max("entries__week"), is_running=Exists(since_start))
    )
    counts: dict[int, list[bool]] = defaultdict(list)
    milestones = Milestone.objects.filter(team=team).open()
    for key, due_on in milestones.values_list("project", "due_on"):
        counts[key].append(due_on is not None and due_on < team.today())
    listed = [_sorted(row, counts[row.pk], start) for row in rows]
    return sorted(listed, key=lambda item: (not item.goes_on, item.project.position))


def _sorted(row: Any, late: list[bool], start: date | None) -> SortedProject:
    is_silent = standing.comes_from_history(row.started_on, start) and not row.is_running
    is_over = start is not None and standing.is_closed(row.closed_on, start)
    return SortedProject(row, row.last_week, len(late), sum(late), is_silent or is_over)


@transaction.atomic
def sort_projects(
    team: Team,
    wanted: Iterable[WantedChange],
    *,
    ended: Iterable[int] = (),
    carried: Iterable[int] = (),
    by: User,
) -> BulkOutcome:
    """Save who leads the projects and which of them end or go on, by their keys, as one change.

    A milestone that was due before the team's start stays behind. See
    ``lifecycle.change_projects`` for what others have changed meanwhile.
    """
    team = Team.objects.locked().get(pk=team.pk)
    outcome = lifecycle.change_projects(team, wanted, by=by)
    projects = Project.objects.filter(team=team)
    over, going = (list(ended), list(carried)) if team.starts_on else ([], [])
    if over:
        border.close_as_history(team, projects.filter(pk__in=over), by=by)
    if going:
        is_ahead = Q(due_on=None) | Q(due_on__gte=team.starts_on)
        left = Milestone.objects.filter(is_ahead, project__in=going, is_history=True)
        border.carry_on(team, projects.filter(pk__in=going), left, by=by)
    if not outcome.conflicts:
        after = {"changed": len(outcome.changed), "ended": len(over), "carried": len(going)}
        audit.note(team, _PROJECTS, team, by=by, after=after)
    return outcome
