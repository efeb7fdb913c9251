"""A new password for who forgot theirs, by mail."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.core.cache import cache
from django.utils import translation

# One mail a minute and address: a form that is sent ten times fills nobody's mailbox.
_PAUSE: Final = timedelta(minutes=1)


def send(email: str, language: str) -> None:
    """Mail a link to each active user with that address and a password; nothing if there is none.

    It is done by a worker, so that the page that asks takes as long whether there is one or not.
    """
    key = "password_reset:" + hashlib.sha256(email.lower().encode()).hexdigest()
    form = PasswordResetForm({"email": email})
    if not form.is_valid() or not cache.add(key, 1, timeout=int(_PAUSE.total_seconds())):
        return
    site = urlsplit(settings.SITE_URL)
    with translation.override(language):
        form.save(
            domain_override=site.netloc,
            use_https=site.scheme == "https",
            subject_template_name="emails/password_reset_subject.txt",
            email_template_name="emails/password_reset.txt",
            html_email_template_name="emails/password_reset.html",
        )
