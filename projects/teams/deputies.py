"""Deputies: who acts for whom today. Access, worklists, reminders and mails all ask here.

Somebody who is away has at most one deputy a day. Where the deputy is away as well, that one's
deputy acts for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects import audit, weeks
from projects.models import Deputy, Membership, Project, Role, Team, User
from projects.models.people import person_place
from projects.prepared import Prepared


class DeputyProblem(StrEnum):
    """Why somebody cannot be named."""

    SELF = "self"
    PAST = "past"  # the last day is over
    OVERLAP = "overlap"  # the person has a deputy on some of these days
    CIRCLE = "circle"  # the deputy is away then, and the person stands in for them
    NOTHING = "nothing"  # the person neither leads nor manages: there is nothing to do for them
    INACTIVE = "inactive"  # the deputy cannot sign in


class CannotName(Exception):
    """``other`` is the row that is in the way, if one is."""

    def __init__(self, problem: DeputyProblem, other: Deputy | None = None) -> None:
        self.problem, self.other = problem, other
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class StandIns:
    """Who acts for whom in a team on one day."""

    by_person: Mapping[int, Membership]  # the deputy, by the user who is away
    people: Mapping[int, Membership]  # those who are away, by user

    def of(self, user: User | None) -> User | None:
        """Who does the user's work on that day: their deputy, or they themselves."""
        if user is None or user.pk not in self.by_person:
            return user
        return self.by_person[user.pk].user

    def for_user(self, user: User) -> tuple[Membership, ...]:
        """For whom the user acts on that day, by name."""
        people = [
            self.people[person]
            for person, deputy in self.by_person.items()
            if deputy.user_id == user.pk
        ]
        return tuple(sorted(people, key=lambda membership: person_place(membership.user)))

    def key_of(self, user: int | None) -> int:
        """The same as ``of`` for keys; 0 for nobody."""
        deputy = self.by_person.get(user or 0)
        return deputy.user_id if deputy else user or 0


NOBODY = StandIns({}, {})


@Prepared
def _standing_in(*, team: int, day: date) -> QuerySet[Deputy]:
    rows = Deputy.objects.standing_in(team, day)
    return rows.select_related("person__user", "deputy__user")


def today(team: Team) -> StandIns:
    """Who acts for whom in the team today. One query."""
    rows = _standing_in.rows(team=team.pk, day=team.today())
    direct = {row.person.user_id: row for row in rows}
    return StandIns(
        by_person={person: _last(direct, person) for person in direct},
        people={person: row.person for person, row in direct.items()},
    )


def of_week(team: Team, week: date) -> list[Deputy]:
    """Who stood in for whom on some day of that week, ended early or not."""
    rows = Deputy.objects.filter(team=team, first_day__lte=weeks.last_day(week), last_day__gte=week)
    return list(rows.select_related("person", "deputy"))


def _last(direct: Mapping[int, Deputy], person: int) -> Membership:
    """Follows the deputies of deputies to the one who is there."""
    passed = {person}
    deputy = direct[person].deputy
    while deputy.user_id in direct and deputy.user_id not in passed:
        passed.add(deputy.user_id)
        deputy = direct[deputy.user_id].deputy
    return deputy


@transaction.atomic
def name_deputy(
    person: Membership, deputy: Membership, first_day: date, last_day: date, *, by: User
) -> Deputy:
    """Have ``deputy`` stand in for ``person`` on these days; the same twice is one.

    Whoever may do it is decided by the caller. Raises ``CannotName``.
    """
    team = Team.objects.locked().get(pk=person.team_id)
    rows = list(Deputy.objects.to_come(team))
    days = (first_day, last_day)
    for row in rows:
        if (row.person, row.deputy, row.first_day, row.last_day) == (person, deputy, *days):
            return row
    if (problem := _problem(team, person, deputy, last_day)) is not None:
        raise CannotName(problem)
    near = [row for row in rows if row.first_day <= last_day and row.last_day >= first_day]
    for row in near:
        if row.person == person:
            raise CannotName(DeputyProblem.OVERLAP, row)
    if (back := _circle(near, person, deputy, days)) is not None:
        raise CannotName(DeputyProblem.CIRCLE, back)
    named = Deputy.objects.create(
        team=team,
        person=person,
        deputy=deputy,
        first_day=first_day,
        last_day=last_day,
        named_by=by,
    )
    audit.note(team, "deputy.name", person.user, by=by, after=_values(named))
    return named


def _problem(
    team: Team, person: Membership, deputy: Membership, last_day: date
) -> DeputyProblem | None:
    if person == deputy:
        return DeputyProblem.SELF
    if last_day < team.today():
        return DeputyProblem.PAST
    if not deputy.user.is_active:
        return DeputyProblem.INACTIVE
    leads = Project.objects.filter(team=team, lead=person.user_id, closed_on=None)
    if person.role == Role.VIEWER and not leads.exists():
        return DeputyProblem.NOTHING
    return None


def _circle(
    rows: Iterable[Deputy], person: Membership, deputy: Membership, days: tuple[date, date]
) -> Deputy | None:
    """The row by which the deputies of deputies come back to ``person`` on some of the days."""
    first_day, last_day = days
    for row in rows:
        begins, ends = max(first_day, row.first_day), min(last_day, row.last_day)
        if row.person != deputy or begins > ends:
            continue
        if row.deputy == person:
            return row
        if (other := _circle(rows, person, row.deputy, (begins, ends))) is not None:
            return other
    return None


@transaction.atomic
def end(deputy: Deputy, *, by: User) -> None:
    """The deputy stands in no longer, from now on. Doing it twice is doing it once."""
    Team.objects.locked().get(pk=deputy.team_id)
    now = Deputy.objects.select_related("team", "person__user", "deputy__user").get(pk=deputy.pk)
    if now.ended_at is not None:
        return
    now.ended_at = timezone.now()
    now.save(update_fields=["ended_at"])
    audit.note(now.team, "deputy.end", now.person.user, by=by, before=_values(now))


def _values(deputy: Deputy) -> dict[str, object]:
    return {
        "deputy": deputy.deputy.user,
        "first_day": deputy.first_day,
        "last_day": deputy.last_day,
    }
