"""The mail of each delivery of an edition: what all copies share once, then each reader's part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage

from reports import mails, owed
from reports.models import Delivery, Edition
from reports.recipients import unsubscribe_url
from reports.render.digest import message_for


def edition_of(edition_id: int) -> Edition:
    """With page and team; its document is read when it is asked for."""
    rows = Edition.objects.select_related("page__team", "team")
    return rows.defer("document", "page__document").get(pk=edition_id)


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
