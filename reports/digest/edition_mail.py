"""The digest mail of an edition: made once in each language, then a copy for each delivery."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from okrtracker.mail.message import Message
from okrtracker.mail.mime import Mail, unpack
from reports.digest.recipients import recipients_of, unsubscribe_url
from reports.models import Delivery, Digest, Edition, EditionFile, FileKind
from reports.pages import editions
from reports.render.mail.digest import message_for
from reports.render.pdf import PdfUnavailable
from reports.schedule import owed

logger = logging.getLogger(__name__)

# So long a mail waits for its PDF, from when it might have gone out.
PATIENCE: Final = timedelta(minutes=5)


def edition_of(edition_id: int) -> Edition:
    """With page and team; its document is read when it is asked for."""
    rows = Edition.objects.select_related("page__team", "team")
    return rows.defer("document", "page__document").get(pk=edition_id)


# --- what all copies share


def mail_of(edition: Edition, language: str) -> Mail:
    """What was rendered of the edition the first time it was asked for, with its PDF where the
    team attaches one and ``make_pdf`` could make it: the page is more than its file.
    """
    content = editions.file_of(edition, FileKind.MAIL, language)
    attaches = edition.page.team.attaches_pdf
    pdf = editions.kept_file(edition, FileKind.PDF, language) if attaches else None
    return unpack(content, pdf=pdf)


def make_pdf(edition: Edition, language: str) -> None:
    """Have the PDF made that goes with the mail, if the team attaches one.

    It can take longer than a claim of deliveries lasts, and what it is made with can fail in ways
    of its own: so nobody who sends a mail makes it, and a failure is only logged.
    """
    if not edition.page.team.attaches_pdf:
        return
    try:
        editions.file_of(edition, FileKind.PDF, language)
    except PdfUnavailable as error:
        logger.warning("edition %s is sent without its PDF: %s", edition.pk, error)
    except Exception:
        logger.exception("edition %s is sent without its PDF", edition.pk)


def lacks_pdf(edition: Edition, language: str) -> bool:
    """Whether ``make_pdf`` has something to do, which takes a while."""
    made = EditionFile.objects.filter(edition=edition, kind=FileKind.PDF, language=language)
    return edition.page.team.attaches_pdf and not made.exists()


def make_ready(edition_id: int, now: datetime | None = None) -> None:
    """Make what all copies share, for an edition that is or will be sent: before anything of it is
    claimed, best right after it was published. Made once; a second call finds it there.
    """
    edition = edition_of(edition_id)
    languages = _languages(edition)
    for language in languages if _waits_for_pdf(edition, now) else ():
        make_pdf(edition, language)
    try:
        for language in languages:
            mail_of(edition, language)
    except Exception:
        # Whoever sends meets it again, and writes it into the deliveries.
        logger.exception("cannot make the mail of edition %s", edition_id)


def is_slow(edition_id: int, now: datetime | None = None) -> bool:
    """Whether ``make_ready`` has yet to make what takes a while, which one worker should do."""
    edition = edition_of(edition_id)
    lacks = (lacks_pdf(edition, language) for language in _languages(edition))
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
    return {recipient.language for recipient in recipients_of(edition.page.team)}


# --- each reader's copy


def writer(edition_id: int, rows: Sequence[Delivery]) -> Callable[[Delivery], Message]:
    """What writes the mail of each of these rows, read with the member's user and the subscriber.

    What leads owe is asked for all of them at once.
    """
    edition = edition_of(edition_id)
    mails = {language: mail_of(edition, language) for language in {row.language for row in rows}}
    has_members = any(row.membership_id is not None for row in rows)
    owing = owed.owed_in(edition.page.team, edition.page.week) if has_members else {}

    def write(row: Delivery) -> Message:
        return message_for(
            mails[row.language],
            to=row.recipient,
            name=_name_of(row),
            message_id=row.message_id,
            owed=owing.get(row.membership_id or 0),
            unsubscribe_url=unsubscribe_url(row),
        )

    return write


def _name_of(row: Delivery) -> str:
    if row.membership is not None:
        return row.membership.user.name
    return row.subscriber.name if row.subscriber is not None else ""
