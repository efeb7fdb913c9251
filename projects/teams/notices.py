"""Mails to the owner of an account about what happened to it, through the outbox.

Whoever gets one without having done it learns of it by mail, at the address of before where the
address itself has changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from okrtracker.accounts import brake, browsers
from okrtracker.mail import sender
from okrtracker.mail.message import Message, render
from projects.models import AccountNotice, User

# What one call sends at most. The next tick sends the rest.
LIMIT: Final = 100

# By kind: what has happened. Those of django-allauth are named as it names them.
_SENTENCES: Final = {
    "new_browser": gettext_noop("Somebody signed in with a browser that was not used before."),
    "password_changed": gettext_noop("The password was changed."),
    "password_set": gettext_noop("A password was set."),
    "password_reset": gettext_noop("The password was changed by a link sent to your address."),
    "totp_activated": gettext_noop("A second factor was set up: codes of an app."),
    "totp_deactivated": gettext_noop("The second factor was switched off."),
    "recovery_codes_generated": gettext_noop(
        "There are new recovery codes; the old ones are void."
    ),
    "account_connected": gettext_noop("Single sign-on was linked to it."),
    "account_disconnected": gettext_noop("Single sign-on was unlinked from it."),
    "address_changed": gettext_noop("The mail address was changed to %(detail)s."),
}


def write(
    user: User, kind: str, request: HttpRequest | None, *, email: str = "", detail: str = ""
) -> None:
    """Have the user told, at their address or at ``email``; of no account without one."""
    email = email or user.email
    if kind not in _SENTENCES or not email:
        return
    AccountNotice.objects.create(
        user=user,
        kind=kind,
        email=email,
        detail=detail,
        address=brake.address_of(request),
        browser=browsers.words_of(request.headers.get("User-Agent", "")) if request else "",
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )


def send_due(now: datetime | None = None) -> int:
    """Send the notices that are due; how many were settled."""
    rows = AccountNotice.objects.select_related("user")
    return sender.send_due(rows, lambda _claimed: _mail, now or timezone.now(), LIMIT)


def _mail(notice: AccountNotice) -> Message:
    with translation.override(notice.language):
        sentence = gettext(_SENTENCES[notice.kind]) % {"detail": notice.detail}
        context = {
            "notice": notice,
            "user": notice.user,
            "sentence": sentence,
            "sessions": settings.SITE_URL + reverse("account_sessions"),
            "reset": settings.SITE_URL + reverse("account_reset_password"),
        }
        mail = render("account_notice", gettext("Your account of OKR Tracker"), context)
    name, message_id = str(notice.user), notice.message_id
    return Message(mail, to=notice.email, name=name, message_id=message_id)
