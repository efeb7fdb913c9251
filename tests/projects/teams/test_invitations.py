from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from okrtracker.mail.models import SendState
from projects.models import AuditRecord, Invitation, Membership, Role, Team, User
from projects.teams import invitations
from projects.teams.invitations import Closed, Guest, InvitationState
from tests.conftest import Personas
from tests.factories import NOW, make_project, make_user

pytestmark = pytest.mark.usefixtures("now")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def invited(personas: Personas, email: str = "zhao@example.com", name: str = "赵宁") -> Invitation:
    guests = [Guest(email, name)]
    return invitations.invite(personas.team, guests, Role.LEAD, by=personas.manager)[0]


# --- inviting


def test_invitation_is_written_and_its_mail_is_due(personas: Personas) -> None:
    invitation = invited(personas, "Zhao@Example.com")
    assert invitation.email == "zhao@example.com"
    assert (invitation.expires_at, invitation.state) == (NOW + 14 * DAY, SendState.PENDING)
    assert Invitation.objects.due(NOW).contains(invitation)
    assert AuditRecord.objects.get().after == {"role": "lead", "to": ["zhao@example.com"]}


def test_token_is_not_stored(personas: Personas) -> None:
    invitation = invited(personas)
    token = invitations.token_of(invitation)
    assert re.fullmatch(r"[\w-]{43}", token)
    for row in Invitation.objects.values():
        assert token not in str(row)
    assert token not in str(AuditRecord.objects.values())
    assert invitations.find(token) == invitation
    assert invitations.find(invitation.token_sha256) is None
    assert invitations.find("") is None


def test_person_with_an_open_invitation_is_left_out(personas: Personas) -> None:
    first = invited(personas)
    guests = [Guest("zhao@example.com"), Guest("sun@example.com")]
    made = invitations.invite(personas.team, guests, Role.VIEWER, by=personas.manager)
    assert [invitation.email for invitation in made] == ["sun@example.com"]
    first.refresh_from_db()
    assert first.role == Role.LEAD
    # Another team's invitation is another matter.
    other = Team.objects.get(slug="risk")
    assert invitations.invite(other, guests, Role.LEAD, by=personas.outsider)


def test_expired_invitation_is_replaced(personas: Personas) -> None:
    first = invited(personas)
    later = NOW + 15 * DAY
    made = invitations.invite(
        personas.team, [Guest("zhao@example.com")], Role.LEAD, by=personas.manager, now=later
    )
    assert len(made) == 1
    assert invitations.find(invitations.token_of(first)) == first
    first.refresh_from_db()
    assert invitations.state_of(first, later) is InvitationState.WITHDRAWN


def test_invitations_of_a_day_are_limited(personas: Personas) -> None:
    invited(personas)
    assert invitations.left_today(personas.manager) == 99
    assert invitations.left_today(personas.manager, NOW + 2 * DAY) == 100


def test_all_together_are_limited_too(personas: Personas, settings: LazySettings) -> None:
    settings.INVITATIONS_A_DAY = 2
    people = (personas.manager, personas.lead, personas.viewer, personas.other_lead)
    for number in range(8):
        guests = [Guest(f"{number}@example.com")]
        invitations.invite(personas.team, guests, Role.LEAD, by=people[number // 2])
    assert invitations.left_today(personas.manager) == 0
    assert invitations.left_today(personas.outsider) == 2
    invitations.invite(personas.team, [Guest("x@x.com"), Guest("y@x.com")], Role.LEAD, by=people[0])
    assert invitations.left_today(personas.outsider) == 0


# --- sending


def test_invitation_is_sent_once(personas: Personas) -> None:
    invitation = invited(personas)
    invited(personas, "sun@example.com", "")
    assert invitations.send_due() == 2
    assert invitations.send_due(now=NOW + DAY) == 0
    assert [message.to for message in mail.outbox] == [["zhao@example.com"], ["sun@example.com"]]
    invitation.refresh_from_db()
    assert invitation.state == SendState.SENT
    assert invitation.sent_at is not None
    assert invitation.sent_at - NOW < MINUTE


def test_due_mails_of_one_team_or_all_are_sent(personas: Personas) -> None:
    invited(personas)
    assert invitations.send_due(personas.team.pk + 1000) == 0
    assert invitations.send_due(personas.team.pk) == 1


def test_mail_is_in_the_teams_language(personas: Personas) -> None:
    Team.objects.filter(pk=personas.team.pk).update(language="en", name="Pay\n<b>&Co</b>")
    personas.team.refresh_from_db()
    invitation = invited(personas, name="<script>alert(1)</script>")
    invitations.send_due()
    message = mail.outbox[0]
    link = f"https://okr.example.com/invitations/{invitations.token_of(invitation)}/"
    assert isinstance(message, mail.EmailMultiAlternatives)
    text, html = str(message.body), str(message.alternatives[0][0])
    assert message.subject == "Join Pay <b>&Co</b> on OKR Tracker"
    for part in (text, html):
        assert link in part
        assert "林岚" in part
        assert "lead" in part
        assert "Jul 3" in part
    assert "Hello <script>alert(1)</script>," in text
    assert "<script>" not in html
    assert "<b>" not in html
    assert message.alternatives[0][1] == "text/html"


def test_mail_is_chinese_for_a_chinese_team(personas: Personas) -> None:
    invited(personas)
    invitations.send_due()
    message = mail.outbox[0]
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert "支付产研" in message.subject
    for part in (str(message.body), str(message.alternatives[0][0])):
        assert "7月3日" in part
        assert "赵宁" in part
    assert 'lang="zh-hans"' in str(message.alternatives[0][0])


def test_failed_mail_is_retried_at_growing_intervals(personas: Personas) -> None:
    invitation = invited(personas)
    now, pauses = NOW, []
    with patch.object(EmailBackend, "send_messages", side_effect=smtplib.SMTPServerDisconnected):
        while invitations.send_due(now=now):
            invitation.refresh_from_db()
            if invitation.claimed_until is not None:
                pauses.append((invitation.claimed_until - now) // MINUTE)
                now = invitation.claimed_until
    assert pauses == [2**n for n in range(14)]
    assert (invitation.state, invitation.sent_at) == (SendState.FAILED, None)
    assert 11 * DAY < now - NOW < invitations.LIFETIME


def test_mail_is_sent_at_its_next_try(personas: Personas) -> None:
    invited(personas)
    with patch.object(EmailBackend, "send_messages", side_effect=smtplib.SMTPServerDisconnected):
        invitations.send_due()
    assert invitations.send_due(now=NOW + MINUTE / 2) == 0
    assert invitations.send_due(now=NOW + 2 * MINUTE) == 1
    assert len(mail.outbox) == 1


def test_failed_mail_does_not_hold_others_back(personas: Personas) -> None:
    invited(personas)
    invited(personas, "sun@example.com")
    real = EmailBackend.send_messages

    def refuse_zhao(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["zhao@example.com"]:
            raise smtplib.SMTPRecipientsRefused({})
        return real(self, messages)

    with patch.object(EmailBackend, "send_messages", refuse_zhao):
        invitations.send_due()
    assert [message.to for message in mail.outbox] == [["sun@example.com"]]


def test_mails_wait_while_the_mail_server_is_away(personas: Personas) -> None:
    invited(personas)
    with patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError):
        assert invitations.send_due() == 0
    assert invitations.send_due(now=NOW + 2 * MINUTE) == 1


def test_mail_of_a_closed_invitation_is_not_sent(personas: Personas) -> None:
    invitations.withdraw(invited(personas), by=personas.manager)
    invited(personas, "sun@example.com")
    assert invitations.send_due(now=NOW + 15 * DAY) == 0


# --- again, and never mind


def test_resent_link_is_the_same_for_two_more_weeks(personas: Personas) -> None:
    invitation = invited(personas)
    invitations.send_due()
    token = invitations.token_of(invitation)
    assert not invitations.resend(invitation, by=personas.manager)  # just now
    later = NOW + 20 * DAY  # it has expired meanwhile
    assert invitations.resend(invitation, by=personas.manager, now=later)
    assert not invitations.resend(invitation, by=personas.manager, now=later)
    assert invitations.send_due(now=later) == 1
    renewed = invitations.find(token)
    assert renewed is not None
    assert renewed.expires_at == later + 14 * DAY
    assert token in str(mail.outbox[-1].body)


def test_new_secret_key_needs_a_new_mail(personas: Personas, settings: object) -> None:
    invitation = invited(personas)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    invitations.resend(invitation, by=personas.manager, now=NOW + DAY)
    assert invitations.find(invitations.token_of(invitation)) == invitation


def test_withdrawn_invitation_stays_closed(personas: Personas) -> None:
    invitation = invited(personas)
    invitations.withdraw(invitation, by=personas.manager)
    invitations.withdraw(invitation, by=personas.manager)
    with pytest.raises(Closed):
        invitations.resend(invitation, by=personas.manager)
    with pytest.raises(Closed):
        invitations.accept(invitation, personas.outsider)
    assert AuditRecord.objects.filter(action="member.withdraw_invitation").count() == 1


# --- accepting


def test_accepting_makes_a_member(personas: Personas) -> None:
    invitation = invited(personas)
    user = make_user("zhao", "赵宁")
    membership = invitations.accept(invitation, user)
    assert (membership.team, membership.role) == (personas.team, "lead")
    user.refresh_from_db()
    assert user.email == "zhao@example.com"
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert invitations.send_due() == 0
    assert invitations.accept(invitation, user) == membership  # twice is once
    assert AuditRecord.objects.filter(action="member.join").count() == 1
    with pytest.raises(Closed) as closed:
        invitations.accept(invitation, personas.outsider)
    assert closed.value.state is InvitationState.ACCEPTED
    with pytest.raises(Closed):
        invitations.withdraw(invitation, by=personas.manager)


def test_new_account_is_saved_with_the_membership_or_not_at_all(personas: Personas) -> None:
    invitation = invited(personas)
    with pytest.raises(Closed):
        invitations.accept(invitation, User(username="zhao"), now=NOW + 15 * DAY)
    assert not User.objects.filter(username="zhao").exists()
    invitations.accept(invitation, User(username="zhao"))
    assert Membership.objects.filter(user__username="zhao", team=personas.team).exists()


def test_member_keeps_the_role(personas: Personas) -> None:
    membership = invitations.accept(invited(personas), personas.manager)
    assert membership.role == Role.MANAGER


def test_known_address_is_kept(personas: Personas) -> None:
    user = make_user("zhao")
    user.email = "own@example.com"
    user.save()
    invitations.accept(invited(personas), user)
    user.refresh_from_db()
    assert user.email == "own@example.com"


def test_projects_waiting_for_the_name_are_handed_over(personas: Personas) -> None:
    theirs, led = make_project(personas.team, "POS"), make_project(personas.team, "DocAI")
    led.lead = personas.other_lead
    other = make_project(Team.objects.get(slug="risk"), "反诈")
    for project in (theirs, led, other):
        project.lead_name = "赵宁"
        project.save()
    user = make_user("zhao", "随便什么名字")
    invitations.accept(invited(personas), user)
    for project in (theirs, led, other):
        project.refresh_from_db()
    assert (theirs.lead, led.lead, other.lead) == (user, personas.other_lead, None)


def test_projects_waiting_for_the_own_name_are_handed_over(personas: Personas) -> None:
    project = make_project(personas.team, "POS")
    project.lead_name = "赵宁"
    project.save()
    user = make_user("zhao", "赵宁")
    invitations.accept(invited(personas, name=""), user)
    project.refresh_from_db()
    assert project.lead == user
