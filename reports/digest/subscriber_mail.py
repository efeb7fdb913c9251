"""The mail that asks somebody from outside whether they want a team's digest."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from reports.models import Subscriber


def compose(subscriber: Subscriber, token: str, never_again: str) -> EmailMultiAlternatives:
    """As text and HTML, in the subscriber's language, with the link to confirm; ``never_again``
    is the address where they tell the team not to ask.
    """
    with translation.override(subscriber.language):
        subject = gettext("Weekly digest of %(team)s: do you want it?")
        subject %= {"team": subscriber.team.name}
        context = {
            "subject": subject,
            "subscriber": subscriber,
            "team": subscriber.team,
            "link": settings.SITE_URL + reverse("reports:subscription_confirm", args=(token,)),
            "never_again": never_again,
        }
        text = render_to_string("emails/subscriber_confirm.txt", context).strip() + "\n"
        html = render_to_string("emails/subscriber_confirm.html", context)
    message = EmailMultiAlternatives(
        # A header is one line, whatever somebody named their team.
        " ".join(subject.split()),
        text,
        to=[subscriber.email],
        headers={
            # Sent twice by a worker that died in between, it is the same mail to a mail reader.
            "Message-ID": message_id(subscriber),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{never_again}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def message_id(subscriber: Subscriber) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"<subscriber-{subscriber.pk}-{subscriber.times_wanted}@{host}>"
