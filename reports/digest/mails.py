"""The digest mail of an edition, ready to be addressed."""

from __future__ import annotations

import logging

from reports.models import Edition, EditionFile, FileKind
from reports.pages import editions
from reports.render.digest import DigestMail, unpack
from reports.render.pdf import PdfUnavailable

logger = logging.getLogger(__name__)


def mail_of(edition: Edition, language: str) -> DigestMail:
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
    of its own: so nobody who sends a mail makes it, and a failure is only told to the log.
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
