"""Load and authorise in one step: who may see and change what. The only place that knows roles.

Someone who is not a member of a team learns nothing about it, not even that it exists: 404. A
member whose role does not allow it gets 403 (``PermissionDenied``). A superuser is
manager everywhere. A deputy may what those may for whom they act today
(``projects.teams.deputies``), and is traced as acting for them. ``LoginRequiredMiddleware`` lets
nobody come here who has not signed in.

The helpers take the request and what its address names: ``…_for_user`` for every member,
``…_for_manager`` for managers, ``…_for_reporter`` for managers and for the leads concerned.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from okrtracker.accounts import second_factor
from projects.models import (
    Comment,
    Cycle,
    DayException,
    Incident,
    KeyResult,
    Membership,
    Metric,
    Milestone,
    Objective,
    Project,
    Question,
    Role,
    Team,
    User,
)
from projects.models.deputies import may_stand_in
from projects.prepared import Prepared
from projects.teams import deputies
from projects.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Access:
    """A signed-in user in a team, with what the role there allows.

    ``role`` is their own or, for a deputy, the highest of those for whom they act.
    ``user.on_behalf_of`` is for whom they do what this access allows, if it is not their own.
    """

    user: User
    team: Team
    role: Role
    own_role: Role | None = None  # None: the same
    acts_for: tuple[Membership, ...] = ()
    # Whether somebody in the team may be away about now: it spares others the question who is.
    has_deputies: bool = False
    # Whether the team's calendar has days of its own: most teams are spared the question which.
    has_day_exceptions: bool = True
    membership: Membership | None = None  # None: a superuser who is no member
    # The last day of the team's last cycle; None: there is no cycle, or nobody has looked.
    last_cycle_ends_on: date | None = None

    @property
    def may_have_cycle_ended(self) -> bool:
        """Whether it is worth asking which cycle comes next: most requests are spared that."""
        if self.membership is None:
            return True
        ends_on = self.last_cycle_ends_on
        return ends_on is not None and ends_on < self.team.today()

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def may_report(self) -> bool:
        """Whether there is anything in the team that the user could report on."""
        return self.role != Role.VIEWER

    def work_calendar(self) -> WorkCalendar:
        """The team's working days, as they were when the request came."""
        return self.team.work_calendar(has_exceptions=self.has_day_exceptions)

    @property
    def leads(self) -> frozenset[int]:
        """Whose projects are the user's to report on today: by the keys of their leads."""
        own = () if (self.own_role or self.role) == Role.VIEWER else (self.user.pk,)
        others = (row.user_id for row in self.acts_for if row.role != Role.VIEWER)
        return frozenset((*own, *others))

    def can_report(self, project: Project) -> bool:
        """A manager on every project of the team, a lead on the projects that they lead."""
        return self.is_manager or project.lead_id in self.leads

    def person_of(self, project: Project) -> User | None:
        """For whom the user reports on the project: its lead, whose deputy they are today."""
        if project.lead_id == self.user.pk:
            return None
        leads = (row.user for row in self.acts_for if row.user_id == project.lead_id)
        return next(leads, self.user.on_behalf_of)

    def reporting_on(self, project: Project) -> Access:
        """The same, for what is done to this project: traced as done for its lead, or not."""
        return replace(self, user=acting(self.user, self.person_of(project)))


def acting(user: User, person: User | None) -> User:
    """The user as they act for that person; other holders of the user see nothing of it."""
    if user.on_behalf_of == person:
        return user
    actor = copy(user)
    actor.on_behalf_of = person
    return actor


def signed_in(request: HttpRequest) -> User:
    """The request's user; ``PermissionDenied`` for the anonymous, should one ever get here."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def signed_in_staff(request: HttpRequest) -> User:
    """The same for who runs the site."""
    user = signed_in(request)
    if not user.is_staff:
        raise PermissionDenied
    return user


def teams_for_user(user: User) -> QuerySet[Team]:
    """The teams that the user may open, by name."""
    if user.is_superuser:
        return Team.objects.order_by("name")
    return Team.objects.for_user(user)


@Prepared
def _memberships(*, user: int, slug: str, today: date) -> QuerySet[Membership]:
    exceptions = DayException.objects.filter(team=OuterRef("team"))
    last_cycle = Cycle.objects.filter(team=OuterRef("team")).order_by("-ends_on")
    memberships = Membership.objects.annotate(
        may_stand_in=may_stand_in(today),
        has_day_exceptions=Exists(exceptions),
        last_cycle_ends_on=Subquery(last_cycle.values("ends_on")[:1]),
    )
    return memberships.select_related("team").filter(user=user, team__slug=slug)


def get_team_for_user(request: HttpRequest, slug: str) -> Access:
    """The access of the request's user to the team. ``Http404`` unless member or superuser.

    A manager whose team asks for a second factor is led to set it up first.
    """
    access = _access_of(signed_in(request), slug)
    needs_one = access.is_manager and access.team.needs_second_factor
    if needs_one and not second_factor.has_one(access.user):
        raise ImmediateHttpResponse(redirect(f"{reverse('mfa_index')}?needed"))
    return access


def _access_of(user: User, slug: str) -> Access:
    memberships = _memberships.rows(user=user.pk, slug=slug, today=timezone.now().date())
    membership: Any = memberships[0] if memberships else None  # annotated
    if user.is_superuser:
        team = membership.team if membership else get_object_or_404(Team, slug=slug)
        access = Access(user, team, Role.MANAGER, membership=membership)
    elif membership is None:
        raise Http404
    else:
        access = Access(user, membership.team, Role(membership.role), membership=membership)
    if membership is not None:
        access = replace(
            access,
            has_day_exceptions=membership.has_day_exceptions,
            last_cycle_ends_on=membership.last_cycle_ends_on,
        )
    if membership is None or not membership.may_stand_in:
        return access
    return _with_deputies(access)


def _with_deputies(access: Access) -> Access:
    """With what the user may do for others today."""
    acts_for = deputies.today(access.team).for_user(access.user)
    roles = [access.role, *(Role(row.role) for row in acts_for)]
    role = min(roles, key=list(Role).index)
    person = None
    if access.role != Role.MANAGER == role:
        person = next(row.user for row in acts_for if row.role == Role.MANAGER)
    user = acting(access.user, person)
    own_role = access.role
    return replace(
        access, user=user, role=role, own_role=own_role, acts_for=acts_for, has_deputies=True
    )


def may_found_team(user: User) -> bool:
    """Whether the user may found one; by ``settings.TEAM_FOUNDING``."""
    match settings.TEAM_FOUNDING:
        case "anyone":
            return True
        case "staff":
            return user.is_staff or user.is_superuser or not Team.objects.exists()
        case "nobody":
            return False
    raise ImproperlyConfigured("TEAM_FOUNDING is one of: anyone, staff, nobody")


def get_team_for_manager(request: HttpRequest, slug: str) -> Access:
    """The same for what only managers may do."""
    access = get_team_for_user(request, slug)
    if not access.is_manager:
        raise PermissionDenied
    return access


def get_team_for_reporter(request: HttpRequest, slug: str) -> Access:
    """The same for what managers and leads may do."""
    access = get_team_for_user(request, slug)
    if not access.may_report:
        raise PermissionDenied
    return access


def get_project_for_user(
    request: HttpRequest, slug: str, project_id: int
) -> tuple[Access, Project]:
    """The access and one of the team's projects, with objective and lead. ``Http404`` otherwise."""
    access = get_team_for_user(request, slug)
    return access, _project_of(access, project_id)


def get_project_for_manager(
    request: HttpRequest, slug: str, project_id: int
) -> tuple[Access, Project]:
    """The same for what only managers may do."""
    access = get_team_for_manager(request, slug)
    return access, _project_of(access, project_id)


def get_project_for_reporter(
    request: HttpRequest, slug: str, project_id: int
) -> tuple[Access, Project]:
    """The same for managers and the lead of this project; other leads may not report on it."""
    access, project = get_project_for_user(request, slug, project_id)
    _require_can_report(access, project)
    return access.reporting_on(project), project


def get_milestone_for_reporter(
    request: HttpRequest, slug: str, project_id: int, milestone_id: int
) -> tuple[Access, Milestone]:
    """The access and one of the project's milestones, for whoever may report on the project."""
    access, project = get_project_for_reporter(request, slug, project_id)
    milestone = get_object_or_404(Milestone, project=project, pk=milestone_id)
    milestone.project = project
    return access, milestone


def get_cycle_for_manager(request: HttpRequest, slug: str, cycle_id: int) -> tuple[Access, Cycle]:
    """The access and one of the team's cycles, for a manager. ``Http404`` otherwise."""
    access = get_team_for_manager(request, slug)
    cycles = Cycle.objects.select_related("team")
    return access, get_object_or_404(cycles, team=access.team, pk=cycle_id)


def get_objective_for_user(
    request: HttpRequest, slug: str, objective_id: int
) -> tuple[Access, Objective]:
    """The access and one of the team's objectives, with cycle and owner. ``Http404`` otherwise."""
    access = get_team_for_user(request, slug)
    return access, _objective_of(access, objective_id)


def get_objective_for_manager(
    request: HttpRequest, slug: str, objective_id: int
) -> tuple[Access, Objective]:
    """The same for what only managers may do."""
    access = get_team_for_manager(request, slug)
    return access, _objective_of(access, objective_id)


def get_key_result_for_manager(
    request: HttpRequest, slug: str, objective_id: int, key_result_id: int
) -> tuple[Access, KeyResult]:
    """The access and one of the objective's key results, for a manager. ``Http404`` otherwise."""
    access = get_team_for_manager(request, slug)
    results = KeyResult.objects.filter(team=access.team, objective=objective_id)
    results = results.select_related("metric__team", "objective__cycle__team")
    return access, get_object_or_404(results, pk=key_result_id)


def get_question_for_manager(
    request: HttpRequest, slug: str, question_id: int
) -> tuple[Access, Question]:
    """The access and one of the team's questions, for a manager. ``Http404`` otherwise."""
    access = get_team_for_manager(request, slug)
    return access, _question_of(access, question_id)


def get_question_for_reporter(
    request: HttpRequest, slug: str, question_id: int
) -> tuple[Access, Question]:
    """The access and one of the team's questions, for whoever may report on its project."""
    access = get_team_for_user(request, slug)
    question = _question_of(access, question_id)
    _require_can_report(access, question.project)
    return access.reporting_on(question.project), question


def get_comment_for_author(
    request: HttpRequest, slug: str, comment_id: int
) -> tuple[Access, Comment]:
    """The access and one of the team's comments, for who wrote it and for managers."""
    access = get_team_for_user(request, slug)
    comments = Comment.objects.select_related("team", "project__team", "author")
    comment = get_object_or_404(comments, team=access.team, pk=comment_id)
    if comment.author_id != access.user.pk and not access.is_manager:
        raise PermissionDenied
    return access, comment


def get_incident_for_reporter(
    request: HttpRequest, slug: str, incident_id: int
) -> tuple[Access, Incident]:
    """The access and one of the team's incidents, for managers and leads.

    ``Http404`` for an incident of an imported page, too: it stays as that page has it.
    """
    access = get_team_for_reporter(request, slug)
    incidents = Incident.objects.filter(team=access.team, text="")
    incidents = incidents.select_related("team", "project")
    return access, get_object_or_404(incidents, pk=incident_id)


def get_metric_for_manager(
    request: HttpRequest, slug: str, metric_id: int
) -> tuple[Access, Metric]:
    """The access and one of the team's own metrics, for a manager. ``Http404`` otherwise."""
    access = get_team_for_manager(request, slug)
    metrics = Metric.objects.filter(team=access.team).of_the_team()
    return access, get_object_or_404(metrics, pk=metric_id)


def _require_can_report(access: Access, project: Project) -> None:
    if not access.can_report(project):
        raise PermissionDenied


@Prepared
def _projects(*, team: int, project: int) -> QuerySet[Project]:
    projects = Project.objects.select_related("team", "objective", "lead")
    return projects.filter(team=team, pk=project)


def _project_of(access: Access, project_id: int) -> Project:
    projects = _projects.rows(team=access.team.pk, project=project_id)
    if not projects:
        raise Http404
    return projects[0]


def _objective_of(access: Access, objective_id: int) -> Objective:
    objectives = Objective.objects.select_related("team", "cycle__team", "owner", "aligned_to")
    return get_object_or_404(objectives, team=access.team, pk=objective_id)


def _question_of(access: Access, question_id: int) -> Question:
    questions = Question.objects.select_related("team", "project__team", "asked_by", "answered_by")
    return get_object_or_404(questions, team=access.team, pk=question_id)


def objectives_of_other_teams(user: User, team: Team) -> QuerySet[Objective]:
    """What an objective of the team may be aligned to: those of the user's other teams."""
    others = teams_for_user(user).exclude(pk=team.pk).order_by()
    rows = Objective.objects.filter(team__in=others).select_related("team", "cycle")
    return rows.order_by("team__name", "-cycle__starts_on", "position", "code")
