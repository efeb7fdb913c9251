"""Load and authorise in one step: who may see and change what. The only place that knows roles.

Who is not a member of a team learns nothing about it, not even that it exists: 404. A member
whose role does not go that far is told so: 403 (``PermissionDenied``). A superuser is manager
everywhere. Who has not signed in never comes here: ``LoginRequiredMiddleware`` asks for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from projects import weeks
from projects.models import (
    Cycle,
    KeyResult,
    Membership,
    Milestone,
    Objective,
    Project,
    Role,
    Team,
    User,
)

# A label outside of these years is a slip of the keyboard, and date arithmetic ends somewhere.
_YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Access:
    """A signed-in user in a team, with what the role there allows."""

    user: User
    team: Team
    role: Role

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def may_report(self) -> bool:
        """Whether there is anything in the team that the user could report on."""
        return self.role != Role.VIEWER

    def can_report(self, project: Project) -> bool:
        """A manager on every project of the team, a lead on the projects that they lead."""
        if self.is_manager:
            return True
        return self.role == Role.LEAD and project.lead_id == self.user.pk


def signed_in(request: HttpRequest) -> User:
    """The request's user; ``PermissionDenied`` for the anonymous, should one ever get here."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def teams_for_user(user: User) -> QuerySet[Team]:
    """The teams that the user may open, by name."""
    if user.is_superuser:
        return Team.objects.order_by("name")
    return Team.objects.filter(memberships__user=user).order_by("name")


def get_team_for_user(user: User, slug: str) -> Access:
    """The user's access to the team. ``Http404`` unless member or superuser."""
    membership = (
        Membership.objects.select_related("team").filter(user=user, team__slug=slug).first()
    )
    if user.is_superuser:
        team = membership.team if membership else get_object_or_404(Team, slug=slug)
        return Access(user, team, Role.MANAGER)
    if membership is None:
        raise Http404
    return Access(user, membership.team, Role(membership.role))


def get_team_for_manager(user: User, slug: str) -> Access:
    """The same for what only managers may do: ``PermissionDenied`` for other members."""
    access = get_team_for_user(user, slug)
    require_manager(access)
    return access


def get_project_for_user(user: User, slug: str, project_id: int) -> tuple[Access, Project]:
    """The access and one of the team's projects, with objective and lead. ``Http404`` otherwise."""
    access = get_team_for_user(user, slug)
    projects = Project.objects.select_related("team", "objective", "lead")
    return access, get_object_or_404(projects, team=access.team, pk=project_id)


def get_milestone_for_user(
    user: User, slug: str, project_id: int, milestone_id: int
) -> tuple[Access, Milestone]:
    """The access and one of the project's milestones. ``Http404`` otherwise."""
    access, project = get_project_for_user(user, slug, project_id)
    milestone = get_object_or_404(Milestone, project=project, pk=milestone_id)
    milestone.project = project
    return access, milestone


def get_cycle_for_user(user: User, slug: str, cycle_id: int) -> tuple[Access, Cycle]:
    """The access and one of the team's cycles. ``Http404`` otherwise."""
    access = get_team_for_user(user, slug)
    cycles = Cycle.objects.select_related("team")
    return access, get_object_or_404(cycles, team=access.team, pk=cycle_id)


def get_objective_for_user(user: User, slug: str, objective_id: int) -> tuple[Access, Objective]:
    """The access and one of the team's objectives, with cycle and owner. ``Http404`` otherwise."""
    access = get_team_for_user(user, slug)
    objectives = Objective.objects.select_related("team", "cycle__team", "owner", "aligned_to")
    return access, get_object_or_404(objectives, team=access.team, pk=objective_id)


def get_key_result_for_user(
    user: User, slug: str, objective_id: int, key_result_id: int
) -> tuple[Access, KeyResult]:
    """The access and one of the objective's key results. ``Http404`` otherwise."""
    access = get_team_for_user(user, slug)
    results = KeyResult.objects.filter(team=access.team, objective=objective_id)
    results = results.select_related("metric__team", "objective__cycle__team")
    return access, get_object_or_404(results, pk=key_result_id)


def objectives_of_other_teams(user: User, team: Team) -> QuerySet[Objective]:
    """What an objective of the team may be aligned to: those of the user's other teams."""
    others = teams_for_user(user).exclude(pk=team.pk).order_by()
    rows = Objective.objects.filter(team__in=others).select_related("team", "cycle")
    return rows.order_by("team__name", "-cycle__starts_on", "position", "code")


def get_week(team: Team, label: str) -> date:
    """The Monday that a label in an address means, in the team's numbering.

    ``Http404`` for everything but a label as the team writes it, so that a week has one address.
    """
    try:
        week = weeks.parse(label, team.numbering)
        if week.year in _YEARS and team.week_label(week) == label:
            return week
    except (ValueError, OverflowError):
        pass
    raise Http404


def require_manager(access: Access) -> None:
    if not access.is_manager:
        raise PermissionDenied


def require_may_report(access: Access) -> None:
    """Managers and leads."""
    if not access.may_report:
        raise PermissionDenied


def require_can_report(access: Access, project: Project) -> None:
    """Managers, and the lead of this project; another lead's project is not theirs to report on."""
    if not access.can_report(project):
        raise PermissionDenied
