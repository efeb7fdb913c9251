"""What people change of their own account: their name, and where their mails go.

A new address holds once the link sent to it was opened by whoever asked, signed in. Until then
mails go to the old one. Nothing of it is kept: the link holds the address, signed for this user
and for the address that it replaces, so that it works once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.internal.userkit import filter_users_by_email
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from okrtracker.mail.message import Message, new_id, render
from projects import audit
from projects.conflicts import Opened, merge
from projects.models import Membership, User
from projects.teams import members, notices

LIFETIME: Final = timedelta(days=3)


class BadLink(LookupError):
    """The link is not whole, too old, used before, or somebody else's."""


@transaction.atomic
def rename(user: User, name: str, opened: Opened | None = None) -> None:
    """Another name, from now on and in what is compiled from now on; noted in each team.

    Raises ``EditConflict``.
    """
    before = User.objects.select_for_update().get(pk=user.pk).name
    name = merge({"name": before}, {"name": name}, opened)["name"]
    user.name = name
    if before == name:
        return
    user.save(update_fields=["name"])
    _note(user, "member.rename", {"name": before}, {"name": name})
    for membership in Membership.objects.filter(user=user).select_related("team"):
        members.announce_name(membership.team, user, before, name)


@transaction.atomic
def set_single_keys(user: User, *, is_on: bool) -> None:
    """Whether single keys (J, K …) act on the pages of this user; noted in each team."""
    _switch(user, "has_single_keys", "member.single_keys", is_on=is_on)


@transaction.atomic
def set_comment_mails(user: User, *, is_on: bool) -> None:
    """Whether mails tell this user of comments (``projects.comments.mails``); noted likewise."""
    _switch(user, "gets_comment_mails", "member.comment_mails", is_on=is_on)


def _switch(user: User, field: str, action: str, *, is_on: bool) -> None:
    before = getattr(User.objects.select_for_update().get(pk=user.pk), field)
    setattr(user, field, is_on)
    if before == is_on:
        return
    user.save(update_fields=[field])
    _note(user, action, {"is_on": before}, {"is_on": is_on})


def send_link(user: User, email: str, language: str) -> None:
    """Mail the link that makes this the user's address."""
    with translation.override(language):
        subject = gettext("Your new address for OKR Tracker")
        path = reverse("projects:account_address_confirm", args=(token_of(user, email),))
        context = {"user": user, "link": f"{settings.SITE_URL}{path}"}
        mail = render("account_address", subject, context)
    Message(mail, to=email, name=user.name, message_id=new_id("address")).send()


def token_of(user: User, email: str) -> str:
    """What the link holds: the new address, signed for this user as they are now."""
    return _signer(user).sign_object(email)


def address_in(user: User, token: str) -> str:
    """The address that the token would give this user. Raises ``BadLink``."""
    try:
        email: str = _signer(user).unsign_object(token, max_age=LIFETIME)
    except signing.BadSignature:
        raise BadLink from None
    return email


@transaction.atomic
def change_address(user: User, token: str, request: HttpRequest | None = None) -> str:
    """Mails go to the token's address from now on, which is returned. Raises ``BadLink``."""
    standing = User.objects.select_for_update().get(pk=user.pk)
    email = address_in(standing, token)
    before, user.email = standing.email, email
    user.save(update_fields=["email"])
    _note(user, "member.address", {"email": before}, {"email": email})
    for to in filter(None, (before, email)):
        notices.write(user, "address_changed", request, email=to, detail=email)
    return email


def _signer(user: User) -> signing.TimestampSigner:
    # The usual colon would be escaped by some mail programs.
    return signing.TimestampSigner(sep=".", salt=f"projects.teams.account:{user.pk}:{user.email}")


def _note(
    user: User, action: str, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    memberships = Membership.objects.filter(user=user).select_related("team")
    audit.note_all(
        audit.record_of(membership.team, action, user, by=user, before=before, after=after)
        for membership in memberships
    )


def send_password_link(email: str, language: str) -> None:
    """Mail a link to each active user with that address and a password; nothing if there is none.

    A worker does it, so that the page takes as long to answer whether there is one or not.
    """
    users = [
        user
        for user in filter_users_by_email(email, is_active=True, for_login=True)
        if user.has_usable_password()
    ]
    if users:
        with translation.override(language):
            request_password_reset(None, email, users, default_token_generator)
