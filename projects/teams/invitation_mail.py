"""The mail that asks somebody to join a team."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from projects.models import Invitation, Role


def compose(invitation: Invitation, token: str) -> EmailMultiAlternatives:
    """The invitation as text and HTML, in the team's language, with the link to accept it."""
    team = invitation.team
    with translation.override(team.language):
        subject = gettext("Join %(team)s on OKR Tracker") % {"team": team.name}
        context = {
            "subject": subject,
            "invitation": invitation,
            "team": team,
            "role": Role(invitation.role).label,
            "link": settings.SITE_URL + reverse("projects:invitation", args=(token,)),
            "until": team.local(invitation.expires_at).date(),
        }
        text = render_to_string("emails/invitation.txt", context).strip() + "\n"
        html = render_to_string("emails/invitation.html", context)
    # A header is one line, whatever somebody named their team.
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[invitation.email])
    message.attach_alternative(html, "text/html")
    return message
