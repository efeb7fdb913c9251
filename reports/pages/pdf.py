"""The PDF of a page, which takes seconds to make: a worker makes it while its reader waits.

That of an edition is kept with it for ever (``reports.pages.editions``). That of a page as it
stands is kept for some minutes: it has a key of its own as soon as a fact changes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.cache import caches

from projects.models import Team
from reports.models import Edition, FileKind
from reports.pages import editions
from reports.pages.live import current_pages
from reports.render import files
from reports.weekly.document import WeeklyDocument

_KEPT: Final = 10 * 60  # seconds
# So long nobody else asks a worker for the same: longer than one takes, idle or not.
_ASKED: Final = 60


@dataclass(frozen=True, slots=True)
class PdfOrder:
    """Which PDF: that of an edition, or of a page as it stands.

    ``key`` identifies it in the cache.
    """

    page: Edition | WeeklyDocument
    language: str
    key: str


def order(team: Team, week: date, language: str, edition: Edition | None) -> PdfOrder | None:
    """The order for that PDF; ``None`` where the week has no page."""
    if edition is not None:
        return PdfOrder(edition, language, f"pdf-{edition.pk}-{language}")
    current = current_pages(team, [week]).get(week)
    if current is None:
        return None
    return PdfOrder(current.document, language, f"pdf-{current.key}-{language}")


def made(order: PdfOrder) -> bytes | None:
    """The PDF, if it is there already."""
    if isinstance(order.page, Edition):
        return editions.kept_file(order.page, FileKind.PDF, order.language)
    content: bytes | None = caches["progress"].get(order.key)
    return content


def make(order: PdfOrder) -> bytes:
    """The PDF. Raises ``PdfUnavailable`` where this machine cannot make one."""
    if isinstance(order.page, Edition):
        return editions.file_of(order.page, FileKind.PDF, order.language)
    if (content := made(order)) is None:
        content = files.make(order.page, FileKind.PDF, order.language)
        _remember(order.key, content, _KEPT)
    return content


def claim(order: PdfOrder) -> bool:
    """Whether the caller is to ask a worker for it: nobody else did within the last minute."""
    return caches["progress"].add(f"{order.key}-asked", "yes", _ASKED)


def refuse(order: PdfOrder, reason: str) -> None:
    """A worker could not make it: whoever waits is told why."""
    _remember(f"{order.key}-refused", reason, _ASKED)


def refusal(order: PdfOrder) -> str:
    """Why it could not be made; empty where nothing is known."""
    reason: str = caches["progress"].get(f"{order.key}-refused", "")
    return reason


def _remember(key: str, value: object, seconds: int) -> None:
    with suppress(OSError):  # a full disk: it is made again for whoever asks next
        caches["progress"].set(key, value, timeout=seconds)
