"""People from outside of a team who get its digest, once they said yes by mail.

``add`` writes down who is to be asked; ``send_due`` sends the mails that are due; ``confirm`` is
the yes.

So that no team can trouble strangers: an address is asked three times at most and hardly twice in
an hour, also when it was taken off the list meanwhile; fifty addresses a day; and whoever ended
the digest, or wanted never to be asked, is not asked again by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from okrtracker.mail import sender
from okrtracker.mail.message import Message, render
from projects import audit
from projects.models import Membership, Team, User
from projects.teams.invitations import Guest
from reports.digest import recipients
from reports.digest.recipients import UnknownToken
from reports.models import Delivery, SendState, Subscriber

LIFETIME: Final = timedelta(days=14)
AGAIN_AFTER: Final = timedelta(hours=1)
TIMES: Final = 3
LIMIT_A_DAY: Final = 50
_SALT: Final = "reports.digest.subscribers"
_AT_ONCE: Final = 200
_FORGOTTEN: Final = "forgotten.invalid"


class SubscriberState(StrEnum):
    """Where a subscriber stands."""

    DUE = "due"  # the mail that asks them is on its way
    ASKED = "asked"  # and has not answered
    UNANSWERED = "unanswered"  # within the two weeks that the link holds
    UNDELIVERED = "undelivered"  # no mail server takes a mail to that address
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    REMOVED = "removed"


class Refusal(StrEnum):
    """Why an address is not asked."""

    IS_MEMBER = "is_member"
    IS_ON_LIST = "is_on_list"  # confirmed, or asked already
    UNSUBSCRIBED = "unsubscribed"
    TOO_SOON = "too_soon"
    TOO_OFTEN = "too_often"
    TOO_MANY = "too_many"  # on that day


class Refused(Exception):
    """Nobody was asked: ``reasons`` says why, by address."""

    def __init__(self, reasons: Mapping[str, Refusal]) -> None:
        self.reasons = dict(reasons)
        super().__init__(str(self.reasons))


class Expired(Exception):
    """The link to confirm is older than ``LIFETIME``."""


class Removed(Exception):
    """The team took them off its list before they said yes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscriber as the team's list shows them."""

    subscriber: Subscriber
    state: SubscriberState
    may_be_asked: bool  # again, now

    @property
    def is_waiting(self) -> bool:
        """Whether they have still to answer."""
        return self.state not in (
            SubscriberState.CONFIRMED,
            SubscriberState.UNSUBSCRIBED,
            SubscriberState.REMOVED,
        )


def on_list(team: Team) -> QuerySet[Subscriber]:
    """All but those whom the team removed."""
    rows = Subscriber.objects.filter(team=team, removed_at=None)
    return rows.select_related("added_by")


def listed(subscriber: Subscriber, now: datetime) -> Listed:
    return Listed(subscriber, state_of(subscriber, now), _refusal_to_ask(subscriber, now) is None)


def state_of(subscriber: Subscriber, now: datetime) -> SubscriberState:
    if subscriber.removed_at is not None:
        return SubscriberState.REMOVED
    if subscriber.unsubscribed_at is not None:
        return SubscriberState.UNSUBSCRIBED
    if subscriber.confirmed_at is not None:
        return SubscriberState.CONFIRMED
    if subscriber.sent_at is not None:
        return (
            SubscriberState.UNANSWERED
            if subscriber.sent_at <= now - LIFETIME
            else SubscriberState.ASKED
        )
    is_tried = subscriber.wanted_at is not None and subscriber.wanted_at > now - LIFETIME
    return (
        SubscriberState.DUE
        if is_tried and subscriber.state != SendState.FAILED
        else SubscriberState.UNDELIVERED
    )


def left_today(team: Team, by: User, now: datetime) -> int:
    """How many addresses may still be asked in these 24 hours, by this team or this user."""
    asked = Subscriber.objects.filter(Q(team=team) | Q(added_by=by))
    return max(LIMIT_A_DAY - asked.filter(wanted_at__gt=now - timedelta(days=1)).count(), 0)


def refusals(team: Team, emails: Iterable[str], now: datetime) -> dict[str, Refusal]:
    """Which of these addresses (in lower case) cannot be added, and why. Two queries."""
    meant = list(emails)
    members = Membership.objects.filter(team=team, user__is_active=True)
    members = members.annotate(address=Lower("user__email")).filter(address__in=meant)
    reasons = dict.fromkeys(members.values_list("address", flat=True), Refusal.IS_MEMBER)
    for email, subscriber in _known(team, meant).items():
        refusal = _refusal_to_ask(subscriber, now)
        if subscriber.removed_at is None and subscriber.unsubscribed_at is None:
            refusal = Refusal.IS_ON_LIST
        if refusal is not None:
            reasons.setdefault(email, refusal)
    return reasons


def _refusal_to_ask(subscriber: Subscriber, now: datetime) -> Refusal | None:
    if subscriber.unsubscribed_at is not None:
        return Refusal.UNSUBSCRIBED
    if subscriber.removed_at is None and subscriber.confirmed_at is not None:
        return Refusal.IS_ON_LIST
    if subscriber.times_wanted >= TIMES:
        return Refusal.TOO_OFTEN
    if subscriber.wanted_at is not None and subscriber.wanted_at > now - AGAIN_AFTER:
        return Refusal.TOO_SOON
    return None


@transaction.atomic
def add(
    team: Team, guests: Iterable[Guest], language: str, *, by: User, now: datetime | None = None
) -> list[Subscriber]:
    """Have each of these people asked by mail, at once; all of them or none. Raises ``Refused``."""
    now = now or timezone.now()
    _lock(team)
    meant = {guest.email.lower(): guest.name for guest in guests}
    reasons = refusals(team, meant, now)
    askable = [email for email in meant if email not in reasons]
    for email in askable[left_today(team, by, now) :]:
        reasons[email] = Refusal.TOO_MANY
    if reasons:
        raise Refused(reasons)
    subscribers = _known(team, meant)
    added = [subscribers.get(email, Subscriber(team=team, email=email)) for email in meant]
    for email, subscriber in zip(meant, added, strict=True):
        subscriber.name, subscriber.language = meant[email] or subscriber.name, language
        subscriber.added_by, subscriber.added_at = by, now
        subscriber.email = email
        subscriber.confirmed_at = subscriber.removed_at = None
        _want(subscriber, now)
        subscriber.save()
    audit.note_all(
        audit.record_of(team, "subscriber.add", subscriber, by=by) for subscriber in added
    )
    return added


@transaction.atomic
def resend(subscriber: Subscriber, *, by: User, now: datetime | None = None) -> None:
    """Have them asked once more. Raises ``Refused``."""
    now = now or timezone.now()
    _lock(subscriber.team)
    subscriber = Subscriber.objects.select_related("team").get(pk=subscriber.pk)
    reason = (
        Refusal.IS_ON_LIST
        if subscriber.removed_at is not None
        else _refusal_to_ask(subscriber, now)
    )
    if reason is None and not left_today(subscriber.team, by, now):
        reason = Refusal.TOO_MANY
    if reason is not None:
        raise Refused({subscriber.email: reason})
    subscriber.save(update_fields=_want(subscriber, now))
    audit.note(subscriber.team, "subscriber.ask_again", subscriber, by=by)


def _want(subscriber: Subscriber, now: datetime) -> list[str]:
    """Have them asked; the names of the fields to save."""
    subscriber.wanted_at = now
    subscriber.times_wanted += 1
    return ["wanted_at", "times_wanted", *subscriber.queue_anew()]


def _known(team: Team, emails: Iterable[str]) -> dict[str, Subscriber]:
    """The team's subscribers of these addresses, also those of whom only a hash is left."""
    addresses = {}
    for email in emails:
        addresses[email] = addresses[_hash_of(team.pk, email)] = email
    rows = Subscriber.objects.filter(team=team, email__in=addresses)
    return {addresses[subscriber.email]: subscriber for subscriber in rows}


def _hash_of(team_id: int, email: str) -> str:
    """Stands for the address of somebody forgotten: it tells a team that it is the same again."""
    digest = salted_hmac("reports.subscriber", f"{team_id} {email}", algorithm="sha256")
    return f"{digest.hexdigest()[:40]}@{_FORGOTTEN}"


@transaction.atomic
def forget_removed(before: datetime) -> int:
    """Take name and address of those whom a team removed before that moment; how many they are."""
    rows = Subscriber.objects.filter(removed_at__lt=before)
    count = 0
    for subscriber in rows.exclude(email__endswith=f"@{_FORGOTTEN}")[:1000]:
        subscriber.email = _hash_of(subscriber.team_id, subscriber.email)
        subscriber.name = subscriber.error = ""
        subscriber.save(update_fields=["email", "name", "error"])
        Delivery.objects.filter(subscriber=subscriber).update(recipient=subscriber.email)
        count += 1
    return count


@transaction.atomic
def remove(subscriber: Subscriber, *, by: User, now: datetime | None = None) -> bool:
    """Take them off the list: no digest, and the link in their mail confirms nothing any more.

    ``False`` for whoever unsubscribed: they stay to be seen, so that nobody asks them again.
    """
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if subscriber.unsubscribed_at is not None:
        return False
    if subscriber.removed_at is None:
        subscriber.removed_at = now or timezone.now()
        subscriber.save(update_fields=["removed_at"])
        audit.note(subscriber.team, "subscriber.remove", subscriber, by=by)
    return True


# --- the yes


def token_of(subscriber: Subscriber) -> str:
    """What the link to confirm holds: the subscriber and the present moment, signed."""
    return _signer().sign(str(subscriber.pk))


def find(token: str) -> Subscriber:
    """Whom the token asks. Raises ``UnknownToken``, ``Expired`` or ``Removed``."""
    try:
        pk = _signer().unsign(token, max_age=LIFETIME)
    except signing.SignatureExpired:
        raise Expired from None
    except signing.BadSignature:
        raise UnknownToken from None
    rows = Subscriber.objects.select_related("team", "added_by")
    subscriber = rows.filter(pk=pk, removed_at=None).first()
    if subscriber is None:
        raise Removed
    return subscriber


@transaction.atomic
def confirm(token: str, now: datetime | None = None) -> Subscriber:
    """The digest from now on, also for who had unsubscribed. Twice is once; raises as ``find``."""
    subscriber = Subscriber.objects.select_for_update().get(pk=find(token).pk)
    if subscriber.removed_at is not None:
        raise Removed
    if subscriber.confirmed_at is None or subscriber.unsubscribed_at is not None:
        subscriber.confirmed_at, subscriber.unsubscribed_at = now or timezone.now(), None
        subscriber.times_wanted = 0
        subscriber.save(update_fields=["confirmed_at", "unsubscribed_at", "times_wanted"])
        audit.note(subscriber.team, "subscriber.confirm", subscriber, by=None)
    return subscriber


def _signer() -> signing.TimestampSigner:
    # The usual colon would be escaped by some mail programs.
    return signing.TimestampSigner(sep=".", salt=_SALT)


def _lock(team: Team) -> None:
    """Of two who add at the same moment one waits for the other, so that the limits hold."""
    Team.objects.locked().get(pk=team.pk)


# --- the mails


def send_due(team_id: int | None = None, now: datetime | None = None) -> int:
    """Send the mails that are due, of one team or of all; how many were settled.

    What no server will ever take is given up at once, and shown as such.
    """
    now = now or timezone.now()
    rows = Subscriber.objects.who_have_not_answered().filter(wanted_at__gt=now - LIFETIME)
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    rows = rows.select_related("team", "added_by")
    return sender.send_due(rows, lambda _claimed: _question, now, _AT_ONCE)


def _question(subscriber: Subscriber) -> Message:
    """The mail that asks whether they want the digest, in their language, with the link to say yes
    and the one that ends all asking.
    """
    never_again = recipients.unsubscribe_url(recipients.reader_of(subscriber))
    path = reverse("reports:subscription_confirm", args=(token_of(subscriber),))
    with translation.override(subscriber.language):
        subject = gettext("Weekly digest of %(team)s: do you want it?")
        mail = render(
            "subscriber_confirm",
            subject % {"team": subscriber.team.name},
            {
                "subscriber": subscriber,
                "team": subscriber.team,
                "link": settings.SITE_URL + path,
                "never_again": never_again,
            },
        )
    return Message(
        mail,
        to=subscriber.email,
        name=subscriber.name,
        message_id=subscriber.message_id,
        unsubscribe_url=never_again,
    )
