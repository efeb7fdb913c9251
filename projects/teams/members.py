"""Who belongs to a team, and in which role. A team always keeps a manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Count, Q

from projects import audit, facts
from projects.conflicts import Opened, RowsToSave, merge_rows
from projects.models import Membership, Project, Role, Team, User
from projects.models.people import person_place
from projects.portfolio import leads
from projects.text import names


class LastManager(Exception):
    """The team would be left without a manager."""


def members_of(team: Team) -> list[Membership]:
    """By role, then name; each with ``led``, the number of open projects that they lead here."""
    open_projects = Project.objects.filter(team=team).open_on(team.today())
    led = Count("user__led_projects", filter=Q(user__led_projects__in=open_projects))
    rows = Membership.objects.filter(team=team).select_related("user").annotate(led=led)
    rank = Role.values.index
    return sorted(rows, key=lambda row: (rank(row.role), *person_place(row.user)))


def who_can_lead(rows: Iterable[Membership]) -> list[Membership]:
    """Those of ``members_of`` who may be given a project: they may report, and can sign in.

    By name, as people are looked for in a list of choices.
    """
    able = (row for row in rows if row.role != Role.VIEWER and row.user.is_active)
    return sorted(able, key=lambda row: person_place(row.user))


def members_signing_in_as(usernames: Sequence[str]) -> list[Membership]:
    """A membership of each of these users who can sign in, in the order of the names."""
    rows = Membership.objects.filter(user__username__in=usernames, user__is_active=True)
    by_name = {row.user.username: row for row in rows.select_related("user").order_by("-pk")}
    return [by_name[name] for name in usernames if name in by_name]


@transaction.atomic
def change_roles(
    team: Team, wanted: Mapping[int, Role], *, by: User | None, opened: Opened | None = None
) -> RowsToSave:
    """Give the members these roles, by the keys of their memberships: all of them or none.

    ``opened`` has the roles by key. Raises ``LastManager``, ``EditConflict``.
    """
    Team.objects.locked().get(pk=team.pk)
    members = {row.pk: row for row in team.memberships.select_related("user")}
    rows = merge_rows({pk: row.role for pk, row in members.items()}, wanted, opened)
    if not rows.changed:
        return rows
    changed = [members[pk] for pk in rows.changed]
    before = {row.pk: row.role for row in changed}
    for row in changed:
        row.role = Role(rows.changed[row.pk])
    if all(row.role != Role.MANAGER for row in members.values()):
        manager = next(row for row in changed if before[row.pk] == Role.MANAGER)
        raise LastManager(team.name_of(manager.user))
    Membership.objects.bulk_update(changed, ["role"])
    audit.note_all(
        [
            audit.record_of(
                team,
                "member.role",
                row.user,
                by=by,
                before={"role": before[row.pk]},
                after={"role": row.role},
            )
            for row in changed
        ]
    )
    leads.hand_over(team, by=by)
    return rows


@transaction.atomic
def remove_member(membership: Membership, *, by: User | None) -> None:
    """The user is no member any more; nobody leads their projects, whose pages keep the name.

    Raises ``LastManager``.
    """
    if (now := _locked(membership)) is None:
        return
    _require_another_manager(now)
    team, user = now.team, now.user
    led = Project.objects.filter(team=team, lead=user)
    led_names = list(led.values_list("name", flat=True))
    led.filter(lead_name="").update(lead_name=str(user))
    led.update(lead=None)
    now.delete()
    before = {"role": now.role, "projects": led_names}
    audit.note(team, "member.remove", user, by=by, before=before)
    announce_name(team, user, user.name)
    if led_names:
        facts.announce(team, [team.this_week()])


def announce_name(team: Team, user: User, *people_names: str) -> None:
    """Have the present page compiled anew where another member goes by one of these names of the
    user: with the change, the two are told apart on it, or need not be any more.
    """
    changed = {names.folded(name) for name in people_names if name}
    others = team.memberships.exclude(user=user).exclude(user__name="")
    if any(names.folded(name) in changed for name in others.values_list("user__name", flat=True)):
        facts.announce(team, [team.this_week()])


def _locked(membership: Membership) -> Membership | None:
    """As it stands now, ``None`` when it is gone.

    Of two who change members at the same moment one waits for the other.
    """
    Team.objects.locked().get(pk=membership.team_id)
    return Membership.objects.select_related("team", "user").filter(pk=membership.pk).first()


def _require_another_manager(membership: Membership) -> None:
    managers = Membership.objects.filter(team=membership.team, role=Role.MANAGER)
    if membership.role == Role.MANAGER and not managers.exclude(pk=membership.pk).exists():
        raise LastManager(str(membership.user))
