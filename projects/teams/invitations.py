"""Asking people by mail to join a team.

``invite`` writes down who is asked; ``send_due`` sends the mails that are due. The link in the
mail holds a token that is nowhere kept: it is derived from the invitation and the site's secret, so
that a mail that is sent again brings the same link, and the database alone opens no team.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from okrtracker.mail import sender
from okrtracker.mail.message import Message, render
from projects import audit
from projects.models import Invitation, Membership, Role, Team, User
from projects.portfolio import leads
from projects.teams import members

LIFETIME: Final = timedelta(days=14)
# Who presses "send again" twice means one mail.
AGAIN_AFTER: Final = timedelta(minutes=2)
# What all may invite together in a day, as a multiple of what one may.
_TOGETHER: Final = 5
_AT_ONCE: Final = 200


class InvitationState(StrEnum):
    """What can be done with an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Closed(Exception):
    """The invitation can no longer be accepted."""

    def __init__(self, state: InvitationState) -> None:
        self.state = state
        super().__init__(state)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is asked to join: the address, and the name if it is known."""

    email: str
    name: str = ""


def state_of(invitation: Invitation, now: datetime | None = None) -> InvitationState:
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    if invitation.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return (
        InvitationState.OPEN
        if invitation.expires_at > (now or timezone.now())
        else InvitationState.EXPIRED
    )


def waiting(team: Team) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, the newest first; some may have expired."""
    rows = Invitation.objects.filter(team=team, accepted_at=None, withdrawn_at=None)
    return rows.select_related("invited_by").order_by("-invited_at", "email")


def left_today(by: User, now: datetime | None = None) -> int:
    """How many people this user may still invite, counting the last 24 hours."""
    since = (now or timezone.now()) - timedelta(days=1)
    own = Count("pk", filter=Q(invited_by=by))
    asked = Invitation.objects.filter(invited_at__gte=since).aggregate(own=own, all=Count("pk"))
    limit: int = settings.INVITATIONS_A_DAY
    left: int = min(limit - asked["own"], _TOGETHER * limit - asked["all"])
    return max(left, 0)


@transaction.atomic
def invite(
    team: Team, guests: Iterable[Guest], role: Role, *, by: User, now: datetime | None = None
) -> list[Invitation]:
    """Write an invitation for each guest; their mails are due at once.

    Whoever has one that is still open is left out: the same form sent twice invites once.
    """
    now = now or timezone.now()
    Team.objects.locked().get(pk=team.pk)
    meant = {guest.email.lower(): guest for guest in guests}
    asked = waiting(team).filter(email__in=meant)
    asked.filter(expires_at__lte=now).update(withdrawn_at=now)
    for email in asked.values_list("email", flat=True):
        del meant[email]
    invitations = [
        _new_invitation(team, Guest(email, guest.name), role, by, now)
        for email, guest in meant.items()
    ]
    Invitation.objects.bulk_create(invitations)
    if invitations:
        emails = ", ".join(meant)
        audit.note(team, "member.invite", emails, by=by, after={"role": role, "to": list(meant)})
    return invitations


def _new_invitation(team: Team, guest: Guest, role: Role, by: User, now: datetime) -> Invitation:
    invitation = Invitation(
        team=team,
        email=guest.email,
        name=guest.name,
        role=role,
        invited_by=by,
        invited_at=now,
        expires_at=now + LIFETIME,
    )
    invitation.token_sha256 = _digest(token_of(invitation))
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: User, now: datetime | None = None) -> bool:
    """Have the mail sent again; the same link then holds for two weeks more.

    ``False`` when a mail was sent a moment ago or is on its way. Raises ``Closed`` unless the
    invitation is open or expired.
    """
    now = now or timezone.now()
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if (state := state_of(invitation, now)) in (
        InvitationState.ACCEPTED,
        InvitationState.WITHDRAWN,
    ):
        raise Closed(state)
    if _asked_at(invitation) > now - AGAIN_AFTER:
        return False
    invitation.expires_at = now + LIFETIME
    # The site's secret may be another one than when the invitation was written.
    invitation.token_sha256 = _digest(token_of(invitation))
    invitation.save(update_fields=["expires_at", "token_sha256", *invitation.queue_anew()])
    audit.note(invitation.team, "member.invite_again", invitation.email, by=by)
    return True


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, now: datetime | None = None) -> None:
    """The link opens nothing any more. Withdrawing twice is once; raises ``Closed`` if accepted."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise Closed(InvitationState.ACCEPTED)
    if invitation.withdrawn_at is not None:
        return
    invitation.withdrawn_at = now or timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.note(invitation.team, "member.withdraw_invitation", invitation.email, by=by)
    leads.hand_over(invitation.team, by=by)  # a name may be that of one person now


def token_of(invitation: Invitation) -> str:
    """The token in the link: 43 letters that only who knows the site's secret can make."""
    moment = invitation.invited_at.astimezone(UTC).isoformat()
    what = f"{invitation.team_id} {invitation.email} {moment}"
    derived = salted_hmac("projects.invitation", what, algorithm="sha256").digest()
    return signing.b64_encode(derived).decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Invitation | None:
    """The invitation that the token opens, whatever became of it."""
    rows = Invitation.objects.select_related("team", "invited_by")
    return rows.filter(token_sha256=_digest(token)).first()


@transaction.atomic
def accept(invitation: Invitation, user: User, *, now: datetime | None = None) -> Membership:
    """Make the user a member in the role they were invited to; a member keeps the role they have.

    A user that is not saved yet is saved with it, or not at all. The projects that waited for
    somebody of their name, or of the invited one, are theirs from now on. Doing it twice is doing
    it once; raises ``Closed`` when the invitation is not open.
    """
    now = now or timezone.now()
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    team = invitation.team
    if (state := state_of(invitation, now)) is not InvitationState.OPEN:
        if state is InvitationState.ACCEPTED and invitation.accepted_by == user:
            mine = Membership.objects.filter(team=team, user=user).first()
            if mine is not None:
                return mine
        raise Closed(state)
    is_new, has_email = user._state.adding, bool(user.email)
    if not has_email:
        # Whoever opened the link reads what is sent there.
        user.email = invitation.email
    if is_new or not has_email:
        user.save()
    membership, _ = Membership.objects.get_or_create(
        team=team, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.note(team, "member.join", user, by=user, after={"role": membership.role})
    members.announce_name(team, user, user.name)
    leads.hand_over(team, by=user)
    return membership


def _asked_at(invitation: Invitation) -> datetime:
    """When it was last asked to send the mail."""
    return invitation.expires_at - LIFETIME


def send_due(team_id: int | None = None, now: datetime | None = None) -> int:
    """Send the mails of open invitations that are due, of one team or of all; how many were
    settled.
    """
    now = now or timezone.now()
    rows = Invitation.objects.open(now).select_related("team", "invited_by")
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    return sender.send_due(rows, lambda _claimed: _mail, now, _AT_ONCE)


def _mail(invitation: Invitation) -> Message:
    """In the team's language, with the link to accept it."""
    team = invitation.team
    path = reverse("projects:invitation", args=(token_of(invitation),))
    with translation.override(team.language):
        mail = render(
            "invitation",
            gettext("Join %(team)s on OKR Tracker") % {"team": team.name},
            {
                "invitation": invitation,
                "team": team,
                "role": Role(invitation.role).label,
                "link": settings.SITE_URL + path,
                "until": team.local(invitation.expires_at).date(),
            },
        )
    return Message(
        mail, to=invitation.email, name=invitation.name, message_id=invitation.message_id
    )
