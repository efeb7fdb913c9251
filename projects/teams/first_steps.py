"""The first steps of a member, each done when the database says so; they go away by themselves.

A manager's are those of the team (``projects.teams.checklist``).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from projects import audit
from projects.access import Access
from projects.checkin.worklist import Assignment
from projects.models import EntrySource, Membership, Role, StatusEntry, User
from projects.teams import checklist


def of_manager(access: Access) -> dict[str, bool]:
    """Whether each is done; none when there is nothing to show. See ``checklist.first_steps``.

    A superuser who is no member cannot put them away, and has them while the team is new.
    """
    is_shown = access.membership is None or access.membership.shows_first_steps
    if not (access.is_manager and access.team.is_new and is_shown):
        return {}
    return _unless_done(checklist.first_steps(access.team, access.user))


def of_lead(access: Access, assignments: Iterable[Assignment]) -> dict[str, bool]:
    """The same for a lead, of whose projects in the present week these are: an update of their
    own, and a milestone that has its date.
    """
    membership = _shown_to(access, Role.LEAD)
    if membership is None:
        return {}
    own = [assignment for assignment in assignments if assignment.project.lead_id == access.user.pk]
    entries = (entry for assignment in own for entry in (assignment.entry, assignment.previous))
    has_updated = any(_is_by(access.user, entry) for entry in entries)
    has_date = any(assignment.deciding for assignment in own)
    return _unless_done({"update": has_updated, "date": has_date})


def _is_by(user: User, entry: StatusEntry | None) -> bool:
    return entry is not None and entry.author_id == user.pk and entry.source != EntrySource.IMPORTED


def of_viewer(access: Access) -> dict[str, bool]:
    """The same for a viewer: that they have read a page is known when they say so."""
    membership = _shown_to(access, Role.VIEWER)
    if membership is None:
        return {}
    return {"read": False, "digest": membership.gets_digest and bool(access.user.email)}


def _shown_to(access: Access, role: Role) -> Membership | None:
    """The membership of a reader who has that role of their own, and wants to see the steps."""
    membership = access.membership
    is_shown = membership is not None and membership.shows_first_steps
    return membership if is_shown and membership and membership.role == role else None


def _unless_done(steps: dict[str, bool]) -> dict[str, bool]:
    return {} if all(steps.values()) else steps


@transaction.atomic
def dismiss(membership: Membership, *, by: User) -> None:
    """Show the member no first steps any more; the same asked twice is done once."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("team", "user")
    now = rows.get(pk=membership.pk)
    if now.shows_first_steps:
        now.shows_first_steps = False
        now.save(update_fields=["shows_first_steps"])
        audit.note(now.team, "member.first_steps", now.user, by=by, after={"shown": False})
