"""The mail of each delivery of an edition: what all copies share once, then each reader's part."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from reports.digest import mails
from reports.digest.recipients import recipients_of, unsubscribe_url
from reports.models import Delivery, Digest, Edition
from reports.render.digest import message_for
from reports.schedule import owed

logger = logging.getLogger(__name__)

# So long a mail waits for its PDF, from when it might have gone out.
PATIENCE: Final = timedelta(minutes=5)


def edition_of(edition_id: int) -> Edition:
    """With page and team; its document is read when it is asked for."""
    rows = Edition.objects.select_related("page__team", "team")
    return rows.defer("document", "page__document").get(pk=edition_id)


def make_ready(edition_id: int, now: datetime | None = None) -> None:
    """Make what all copies share, for an edition that is or will be sent: before anything of it is
    claimed, best right after it was published. Made once; a second call finds it there.
    """
    edition = edition_of(edition_id)
    languages = _languages(edition)
    for language in languages if _waits_for_pdf(edition, now) else ():
        mails.make_pdf(edition, language)
    try:
        for language in languages:
            mails.mail_of(edition, language)
    except Exception:
        # Whoever sends meets it again, and lets the ledger know.
        logger.exception("cannot make the mail of edition %s", edition_id)


def is_slow(edition_id: int, now: datetime | None = None) -> bool:
    """Whether ``make_ready`` has yet to make what takes a while, which one worker should do."""
    edition = edition_of(edition_id)
    lacks = (mails.lacks_pdf(edition, language) for language in _languages(edition))
    return any(lacks) and _waits_for_pdf(edition, now)


def _waits_for_pdf(edition: Edition, now: datetime | None) -> bool:
    """Not for ever, where it hangs or fails again and again."""
    since = (now or timezone.now()) - PATIENCE
    return not Digest.objects.filter(edition=edition, prepared_at__lte=since).exists()


def _languages(edition: Edition) -> set[str]:
    """Those of who gets the edition; of who would get it at this moment, as long as it is not
    prepared. Nobody does whose digest is not to be sent.
    """
    rows = Delivery.objects.filter(edition=edition, is_chat=False).order_by()
    written = set(rows.values_list("language", flat=True).distinct())
    if written or not Digest.objects.filter(edition=edition, prepared_at=None).exists():
        return written
    return {one.language for one in recipients_of(edition.page.team)}


def writer(edition_id: int, rows: Sequence[Delivery]) -> Callable[[Delivery], EmailMessage]:
    """What writes the mail of each of these rows, read with the member's user and the subscriber.

    The edition is rendered once in each language and kept (``mails.mail_of``); what leads owe is
    asked for all of them at once.
    """
    edition = edition_of(edition_id)
    copies = {
        language: mails.mail_of(edition, language) for language in {row.language for row in rows}
    }
    has_members = any(row.membership_id is not None for row in rows)
    owing = owed.owed_in(edition.page.team, edition.page.week) if has_members else {}

    def write(row: Delivery) -> EmailMessage:
        return message_for(
            copies[row.language],
            to=row.recipient,
            name=_name_of(row),
            message_id=row.message_id,
            owed=owing.get(row.membership_id or 0),
            unsubscribe_url=unsubscribe_url(row),
            from_email=settings.DEFAULT_FROM_EMAIL,
        )

    return write


def _name_of(row: Delivery) -> str:
    if row.membership is not None:
        return row.membership.user.name
    return row.subscriber.name if row.subscriber is not None else ""
