"""A worker's hold on an import: claimed, renewed with each step, found again when it died.

The database says what is left to do (``PageImport.state``), so a lost message costs a minute.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from django.core.cache import caches
from django.db.models import Exists, F
from django.utils import timezone
from django.utils.translation import gettext_noop

from reports.models import ImportFile, ImportState, PageImport

_EVERY: Final = 0.25  # seconds between two writes of the progress
_FEW: Final = 100
_SHARE_LASTS: Final = 600  # seconds
_MOST_ATTEMPTS: Final = 3
LOST: Final = gettext_noop("The workers that read it were lost three times.")


class CalledOff(Exception):
    """Somebody cancelled the import, or another worker has it by now."""


def waiting() -> list[tuple[int, str]]:
    """Key and state of the imports that a worker should go on with and none does."""
    rows = PageImport.objects.waiting(timezone.now()).order_by("pk")
    return list(rows.values_list("pk", "state"))


def claim(import_id: int, state: ImportState) -> PageImport | None:
    """Take the import's work of that state; ``None`` where it is done or another worker has it."""
    now = timezone.now()
    free = PageImport.objects.waiting(now).filter(pk=import_id, state=state)
    if not free.update(claimed_at=now, attempts=F("attempts") + 1):
        return None
    page_import = PageImport.objects.select_related("team", "started_by", "applied_by").get(
        pk=import_id
    )
    if page_import.attempts > _MOST_ATTEMPTS:
        fail(page_import, LOST)
        return None
    return page_import


def read_again(import_id: int) -> bool:
    """Have a worker read the files anew; what was decided stays.

    ``False`` where one is at work on it, where it is applied or called off, or its files are gone.
    """
    files = ImportFile.objects.filter(page_import=import_id, data__isnull=False)
    rows = PageImport.objects.filter(
        Exists(files), pk=import_id, state__in=(ImportState.REVIEW, ImportState.FAILED)
    )
    return bool(
        rows.update(
            state=ImportState.READING,
            step="files",
            claimed_at=None,
            attempts=0,
            done=0,
            failure="",
        )
    )


def finish(page_import: PageImport, state: ImportState, **values: object) -> None:
    """The work is done. Raises ``CalledOff``."""
    rows = PageImport.objects.filter(pk=page_import.pk, state=page_import.state)
    if not rows.update(state=state, claimed_at=None, attempts=0, current="", **values):
        raise CalledOff
    page_import.state = state


def fail(page_import: PageImport, failure: str) -> None:
    """The work cannot be done; the page of the import says why."""
    rows = PageImport.objects.filter(pk=page_import.pk, state=page_import.state)
    rows.update(state=ImportState.FAILED, claimed_at=None, attempts=0, failure=failure[:500])


@dataclass(slots=True)
class ImportProgress:
    """Says how far the work is, a few times a second, and learns whether it was called off."""

    page_import: PageImport
    step: str = ""
    total: int = 0
    done: int = 0
    _written: float = field(default=0.0, init=False)

    def begin(self, step: str, total: int) -> None:
        self.step, self.total, self.done = step, total, 0
        self._write("")

    def at(self, current: str) -> None:
        """The worker turns to that file or page."""
        is_few = self.total <= _FEW  # then each is named, also one that takes long
        if is_few or time.monotonic() - self._written >= _EVERY:
            self._write(current)

    def next(self) -> None:
        self.done += 1

    def _write(self, current: str) -> None:
        self._written = time.monotonic()
        rows = PageImport.objects.filter(pk=self.page_import.pk, state=self.page_import.state)
        if not rows.update(
            step=self.step,
            total=self.total,
            done=self.done,
            current=current[-300:],
            claimed_at=timezone.now(),
        ):
            raise CalledOff


def say_written(page_import: PageImport, share: float) -> None:
    """How much of the import is written, from 0 to 1.

    It is one transaction, and nobody sees its rows before it ends: so this goes by the cache.
    """
    with suppress(OSError):  # a full disk keeps nobody from importing
        caches["progress"].set(f"import-{page_import.pk}", share, timeout=_SHARE_LASTS)


def share_written(page_import: PageImport) -> float:
    """What was said last of it; 0 where nothing is known."""
    share: float = caches["progress"].get(f"import-{page_import.pk}", 0)
    return share


def give_back(page_import: PageImport, failure: str) -> None:
    """The import cannot be applied as it is: it is to be reviewed again, and says why."""
    rows = PageImport.objects.filter(pk=page_import.pk, state=ImportState.APPLYING)
    rows.update(state=ImportState.REVIEW, claimed_at=None, attempts=0, failure=failure[:500])
