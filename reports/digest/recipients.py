"""Who gets a team's digest by mail, and how each of them can stop it.

Members get it unless they chose not to, people from outside once they have confirmed their
address (see ``reports.digest.subscribers``). The link that ends it stands in every mail. It is a
signed name of the membership or the subscriber: it tells no address, holds as long as they are
there, and an address that changes does not change it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects import audit
from projects.conflicts import Opened, merge
from projects.models import Membership, Team, User
from reports.models import Subscriber

_SALT: Final = "reports.digest.recipients"
_NAMED: Final = re.compile(r"([ms])([1-9][0-9]{0,17})")


class UnknownToken(LookupError):
    """The token was not made here, or is not whole."""


class Gone(LookupError):
    """The membership or subscriber that the token names is not there any more."""


class ReadsDigest(Protocol):
    """What names a reader: a ``Recipient``, a ``Delivery``."""

    @property
    def membership_id(self) -> int | None: ...
    @property
    def subscriber_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of the digest: a member or a subscriber, never both."""

    address: str  # in lower case
    name: str
    language: str
    membership_id: int | None = None
    subscriber_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the link in a mail is about: whose digest it is, of which team, and how it stands.

    Neither on nor off is who was asked and has not answered, or was removed.
    """

    team: Team
    address: str
    name: str
    language: str
    is_on: bool
    is_off: bool  # by the reader
    is_removed: bool = False  # by the team, so that the reader cannot turn it on


def recipients_of(team: Team) -> list[Recipient]:
    """Everybody who gets the team's digest, each address once; members first. Two queries.

    A member gets it in the team's language. Whoever is a member decides there: a subscriber with
    the same address is passed over, also when the member wants no digest.
    """
    members = Membership.objects.filter(team=team, user__is_active=True).exclude(user__email="")
    by_address: dict[str, Recipient] = {}
    decided: set[str] = set()
    rows = members.order_by("pk").values_list("pk", "gets_digest", "user__email", "user__name")
    for pk, gets_digest, email, name in rows:
        address = email.strip().lower()
        decided.add(address)
        if gets_digest and address not in by_address:
            by_address[address] = Recipient(address, name, team.language, membership_id=pk)
    subscribers = Subscriber.objects.filter(team=team).who_get_the_digest().order_by("pk")
    for pk, email, name, language in subscribers.values_list("pk", "email", "name", "language"):
        address = email.lower()
        if address not in decided:
            by_address.setdefault(address, Recipient(address, name, language, subscriber_id=pk))
    return list(by_address.values())


def reader_of(subscriber: Subscriber) -> Recipient:
    """The subscriber as a reader of the digest, also before they are one."""
    return Recipient(
        subscriber.email, subscriber.name, subscriber.language, subscriber_id=subscriber.pk
    )


def token_of(reader: ReadsDigest) -> str:
    """The signed name of the reader, the same each time."""
    if reader.membership_id is not None:
        return _signer().sign(f"m{reader.membership_id}")
    if reader.subscriber_id is not None:
        return _signer().sign(f"s{reader.subscriber_id}")
    raise ValueError("neither a member nor a subscriber")


def unsubscribe_url(reader: ReadsDigest) -> str:
    """Where the reader ends the digest, for a mail: ``https://…/subscription/…/``."""
    path: str = reverse("reports:subscription", args=(token_of(reader),))
    return f"{settings.SITE_URL}{path}"


def find(token: str) -> Subscription:
    """The subscription that the token names. Raises ``UnknownToken`` or ``Gone``."""
    row = _row(token)
    return _of_member(row) if isinstance(row, Membership) else _of_subscriber(row)


@transaction.atomic
def unsubscribe(token: str, now: datetime | None = None) -> Subscription:
    """No digest from now on. Doing it twice is doing it once. Raises as ``find`` does."""
    row = _row(token, for_update=True)
    if isinstance(row, Membership):
        choose(row, gets_digest=False, by=None)
        return _of_member(row)
    if row.unsubscribed_at is None:
        row.unsubscribed_at = now or timezone.now()
        row.save(update_fields=["unsubscribed_at"])
        audit.note(row.team, "subscriber.unsubscribe", row.email, by=None)
    return _of_subscriber(row)


@transaction.atomic
def resubscribe(token: str, now: datetime | None = None) -> Subscription:
    """The digest again, as the reader wants it; whoever has the link reads that address.

    Whom the team removed it may then ask again, no more. Raises as ``find`` does.
    """
    row = _row(token, for_update=True)
    if isinstance(row, Membership):
        choose(row, gets_digest=True, by=None)
        return _of_member(row)
    subscription = _of_subscriber(row)
    if subscription.is_on or (subscription.is_removed and not subscription.is_off):
        return subscription
    row.unsubscribed_at = None
    if row.removed_at is None and row.confirmed_at is None:
        row.confirmed_at = now or timezone.now()
    row.save(update_fields=["confirmed_at", "unsubscribed_at"])
    audit.note(row.team, "subscriber.come_back", row.email, by=None)
    return _of_subscriber(row)


@transaction.atomic
def choose(
    membership: Membership, *, gets_digest: bool, by: User | None, opened: Opened | None = None
) -> bool:
    """A member's own choice; whether they get the digest then.

    ``by`` is nobody when it came by the link in a mail. ``opened`` is what the form was opened
    with: one that was left as it was changes nothing that the link has changed meanwhile.
    """
    standing = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    before = {"gets_digest": standing.gets_digest}
    after = merge(before, {"gets_digest": gets_digest}, opened)
    membership.gets_digest = after["gets_digest"]
    if after != before:
        membership.save(update_fields=["gets_digest"])
        audit.note(
            membership.team, "member.digest", membership.user, by=by, before=before, after=after
        )
    return membership.gets_digest


def masked(address: str) -> str:
    """``l***@example.com``: who knows the address recognises it, nobody else learns it."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}***@{domain}" if domain else "***"


def _signer() -> signing.Signer:
    # The usual colon would be escaped by some mail programs.
    return signing.Signer(sep=".", salt=_SALT)


def _row(token: str, *, for_update: bool = False) -> Membership | Subscriber:
    try:
        named = _NAMED.fullmatch(_signer().unsign(token))
    except signing.BadSignature:
        raise UnknownToken from None
    if named is None:
        raise UnknownToken
    kind, pk = named[1], int(named[2])
    row = _membership(pk, for_update) if kind == "m" else _subscriber(pk, for_update)
    if row is None:
        raise Gone
    return row


def _membership(pk: int, for_update: bool) -> Membership | None:
    rows = Membership.objects.select_related("team", "user").filter(pk=pk)
    return (rows.select_for_update(of=("self",)) if for_update else rows).first()


def _subscriber(pk: int, for_update: bool) -> Subscriber | None:
    rows = Subscriber.objects.select_related("team").filter(pk=pk)
    return (rows.select_for_update(of=("self",)) if for_update else rows).first()


def _of_member(membership: Membership) -> Subscription:
    team, user, is_on = membership.team, membership.user, membership.gets_digest
    return Subscription(
        team, user.email.lower(), user.name, team.language, is_on=is_on, is_off=not is_on
    )


def _of_subscriber(subscriber: Subscriber) -> Subscription:
    return Subscription(
        subscriber.team,
        subscriber.email,
        subscriber.name,
        subscriber.language,
        is_on=subscriber.gets_digest,
        is_off=subscriber.unsubscribed_at is not None,
        is_removed=subscriber.removed_at is not None,
    )
