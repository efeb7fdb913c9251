"""The digest mail before it goes out: how it looks to a reader, and a copy to oneself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from okrtracker.mail.message import new_id
from okrtracker.mail.mime import Mail
from projects import audit
from projects.models import AuditRecord, Membership, Team, User
from projects.text.pinyin import person_key
from reports.digest import edition_mail, recipients
from reports.digest.recipients import Recipient
from reports.models import Edition
from reports.pages import editions
from reports.pages.live import current_document
from reports.render.mail import digest
from reports.schedule import owed
from reports.weekly.needs import Owed

#: So many copies to oneself within the time: a mail server takes offence at more.
TESTS: Final = 10
WITHIN: Final = timedelta(hours=1)
_ACTION: Final = "digest.test"


class NoAddress(Exception):
    """The user has no mail address to send a copy to."""


class TooMany(Exception):
    """There were ``TESTS`` copies within the last hour."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """A member who would find something they owe in their copy."""

    membership_id: int
    name: str
    owed: Owed


def mail_to_show(
    team: Team, week: date, language: str, *, of_draft: bool = False
) -> tuple[Edition | None, Mail] | None:
    """The mail of the latest edition, or of the page as it stands: while there is none, or when
    that is asked for. ``None`` where there is no page.
    """
    edition = None if of_draft else editions.latest(team, week)
    if edition is not None:
        return edition, edition_mail.mail_of(edition, language)
    document = current_document(team, week)
    return (None, digest.compose(document, None, language)) if document else None


def debtors(team: Team, week: date) -> list[Debtor]:
    """Who owes something, by name. A fixed number of queries."""
    owing = owed.owed_in(team, week)
    rows = Membership.objects.filter(team=team, pk__in=owing).select_related("user")
    debtors = [Debtor(row.pk, team.name_of(row.user), owing[row.pk]) for row in rows]
    return sorted(debtors, key=lambda debtor: (person_key(debtor.name), debtor.membership_id))


def send_test(
    team: Team,
    week: date,
    *,
    by: User,
    language: str,
    of_draft: bool = False,
    at: datetime | None = None,
) -> str:
    """Send a copy to the user's own address, its subject marked; the address.

    What the user owes and their own link to unsubscribe are in it, as they will be. Raises
    ``NoAddress``, ``TooMany``, ``LookupError`` where there is no page, and ``OSError`` where the
    mail server does not take it.
    """
    at = at or timezone.now()
    if not by.email:
        raise NoAddress
    shown = mail_to_show(team, week, language, of_draft=of_draft)
    if shown is None:
        raise LookupError(week)
    edition, mail = shown
    _count(team, by, at)
    if edition is not None and edition_mail.lacks_pdf(edition, language):
        edition_mail.make_pdf(edition, language)
        mail = edition_mail.mail_of(edition, language)
    member = Membership.objects.filter(team=team, user=by).first()
    reader = Recipient(by.email, str(by), language, membership_id=member.pk if member else None)
    message = digest.message_for(
        _marked_as_test(mail),
        to=by.email,
        name=str(by),
        message_id=new_id("test"),
        owed=owed.owed_in(team, week).get(member.pk) if member else None,
        unsubscribe_url=recipients.unsubscribe_url(reader) if member else "",
        at=at,
    )
    message.send()
    return by.email


def _marked_as_test(mail: Mail) -> Mail:
    with translation.override(mail.language):
        return replace(mail, subject=_("[Test] %(subject)s") % {"subject": mail.subject})


@transaction.atomic
def _count(team: Team, by: User, at: datetime) -> None:
    """Leave a trace of the copy; ``TooMany`` when there are enough of them."""
    Team.objects.locked().get(pk=team.pk)
    lately = AuditRecord.objects.filter(team=team, action=_ACTION, by=by, at__gt=at - WITHIN)
    if lately.count() >= TESTS:
        raise TooMany
    audit.note(team, _ACTION, by.email, by=by)
