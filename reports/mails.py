"""The digest mail of an edition, ready to be addressed."""

from __future__ import annotations

import logging

from reports import editions
from reports.models import Edition, FileKind
from reports.render.digest import DigestMail, unpack
from reports.render.pdf import PdfUnavailable

logger = logging.getLogger(__name__)


def mail_of(edition: Edition, language: str) -> DigestMail:
    """What was rendered of the edition the first time it was asked for, with its PDF where the
    team attaches one.

    A machine that cannot make a PDF sends the mail without it: the page is more than its file.
    """
    content = editions.file_of(edition, FileKind.MAIL, language)
    return unpack(content, pdf=_pdf(edition, language))


def _pdf(edition: Edition, language: str) -> bytes | None:
    if not edition.page.team.attaches_pdf:
        return None
    try:
        return editions.file_of(edition, FileKind.PDF, language)
    except PdfUnavailable as error:
        logger.warning("edition %s is sent without its PDF: %s", edition.pk, error)
        return None
