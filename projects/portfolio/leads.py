"""Who leads a project: a member, or by name somebody who has no account yet.

Old pages name people; whoever joins under such a name is given the projects that wait for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects import audit, facts
from projects.models import Invitation, Membership, Project, Role, Team, User
from projects.models.people import person_place
from projects.prepared import Prepared
from projects.text import names
from projects.text.pinyin import person_key

_LEADING: Final = (Role.MANAGER, Role.LEAD)
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Lead:
    """A member, or somebody of that name who has no account yet; or nobody."""

    user: User | None = None
    name: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a project to set; a member keeps the name that pages gave them."""
        return {"lead": self.user} if self.user else {"lead": None, "lead_name": self.name}


class SeveralMeant(Exception):
    """Several people go by the name; ``people`` tells them apart."""

    def __init__(self, people: Sequence[str]) -> None:
        self.people = tuple(people)
        super().__init__("; ".join(self.people))


@dataclass(frozen=True)
class People:
    """Who may lead projects of a team."""

    members: tuple[User, ...]
    invited: tuple[Invitation, ...]  # open invitations
    waiting: tuple[str, ...]  # names of leads who are neither
    names_of: dict[int, frozenset[str]] = field(repr=False)  # keys of a member's names, by user

    @cached_property
    def _by_key(self) -> dict[str, list[User | Invitation]]:
        meant: dict[str, list[User | Invitation]] = defaultdict(list)
        for user in self.members:
            for key in self.names_of[user.pk]:
                meant[key].append(user)
        for invitation in self.invited:
            for key in _keys(invitation.name, invitation.email):
                meant[key].append(invitation)
        return meant

    def called(self, name: str) -> list[User | Invitation]:
        """The members and the invited who go by the name; mostly one, or nobody."""
        return list(self._by_key.get(names.folded(name), ()))

    def resolve(self, text: str) -> Lead:
        """Whom a name, user name or mail address means; a new name when nobody goes by it.

        Raises ``SeveralMeant``.
        """
        people = self.called(text)
        exact = [person for person in people if _exact(person) == text]
        if len(people) > 1 and len(exact) != 1:
            raise SeveralMeant([_exact(person) for person in people])
        match (exact or people)[:1]:
            case [User() as user]:
                return Lead(user)
            case [Invitation() as invitation]:
                return Lead(name=self._label_of_invitation(invitation))
        return Lead(name=text[:_LONGEST_NAME])

    def label(self, lead: Lead) -> str:
        """What to type for it: the name where only one goes by it, else what is unique."""
        if lead.user is None:
            return lead.name
        is_alone = len(self.called(str(lead.user))) <= 1
        return str(lead.user) if is_alone else lead.user.username

    def offers(self) -> list[tuple[str, str]]:
        """What can be typed, with what kind of person it is: member, invited, waiting."""
        offers = [(self.label(Lead(user)), "member") for user in self.members]
        offers += [(self._label_of_invitation(guest), "invited") for guest in self.invited]
        return offers + [(name, "waiting") for name in self.waiting]

    def _label_of_invitation(self, invitation: Invitation) -> str:
        is_alone = bool(invitation.name) and len(self.called(invitation.name)) == 1
        return invitation.name if is_alone else invitation.email[:_LONGEST_NAME]


def people_of(team: Team) -> People:
    """Four queries."""
    members = sorted((row.user for row in _memberships.rows(team=team.pk)), key=person_place)
    invited_as: dict[int, list[str]] = defaultdict(list)
    keys = tuple(user.pk for user in members)
    for user_id, name, email in _accepted.rows(team=team.pk, members=keys):
        invited_as[user_id] += [name, email]
    names_of = {
        user.pk: _keys(user.name, user.username, user.email, *invited_as[user.pk])
        for user in members
    }
    addresses = {user.email.lower() for user in members}
    invited = _invited.rows(team=team.pk, now=timezone.now())
    invited = [guest for guest in invited if guest.email not in addresses]
    people = People(tuple(members), tuple(invited), (), names_of)
    by_key = {names.folded(name): name for name in _named.rows(team=team.pk)}
    strangers = (name for key, name in by_key.items() if key and not people.called(name))
    unknown = sorted(strangers, key=person_key)
    return People(people.members, people.invited, tuple(unknown), names_of)


@Prepared
def _memberships(*, team: int) -> QuerySet[Membership]:
    rows = Membership.objects.filter(team=team, role__in=_LEADING)
    return rows.select_related("user")


@Prepared
def _accepted(*, team: int, members: tuple[int, ...]) -> QuerySet[Any, tuple[int, str, str]]:
    rows = Invitation.objects.filter(team=team, accepted_by__in=members)
    return rows.values_list("accepted_by", "name", "email")


@Prepared
def _invited(*, team: int, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(team=team).open(now).order_by("name", "email")


@Prepared
def _named(*, team: int) -> QuerySet[Any, str]:
    """Whom projects name that nobody with an account leads."""
    rows = Project.objects.filter(team=team, lead=None).exclude(lead_name="")
    return rows.values_list("lead_name", flat=True)


@transaction.atomic
def hand_over(team: Team, *, by: User | None) -> list[Project]:
    """Give each project that waits for a name to the only member who goes by it.

    A name that several people go by, or an open invitation as well, is nobody's: a manager chooses.
    Call it in the transaction in which somebody joins, or in which projects are imported.
    """
    waiting = Project.objects.filter(team=team, lead=None).exclude(lead_name="")
    if not waiting.exists():
        return []
    people = people_of(team)
    given = []
    for project in waiting.locked().order_by("pk"):
        match people.called(project.lead_name):
            case [User() as user]:
                project.lead = user
                given.append(project)
    if given:
        Project.objects.bulk_update(given, ["lead"])
        audit.note_all(
            audit.record_of(
                team,
                "project.hand_over",
                project,
                by=by,
                project=project,
                before={"lead": project.lead_name},
                after={"lead": project.lead},
            )
            for project in given
        )
        facts.announce(team, [team.this_week()])
    return given


def _keys(*written: str) -> frozenset[str]:
    return frozenset(key for name in written if (key := names.folded(name)))


def _exact(person: User | Invitation) -> str:
    return person.username if isinstance(person, User) else person.email
