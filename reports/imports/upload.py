"""Hand in files for an import, and call it off.

Nothing of what a browser names a file is used as a path: the bytes are rows of the database, where
workers on other machines find them too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import audit
from projects.models import Team, User
from reports.importer.formats.archive import ARCHIVE
from reports.importer.formats.limits import LARGEST
from reports.models import ImportFile, ImportState, PageImport

MOST_FILES: Final = 2_000
LARGEST_IMPORT: Final = 200 * 2**20  # bytes of all files together, as they come
LARGEST_BODY: Final = LARGEST_IMPORT + 10 * 2**20  # with the names, and what stands between
_SENT_TWICE_WITHIN: Final = timedelta(minutes=1)
_MB: Final = 2**20
_LONGEST_NAME: Final = 300
_DEEPEST: Final = 12  # folders within each other
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
# What systems leave in folders: no page, and no fault of whoever picked the folder.
_HIDDEN: Final = re.compile(r"(?:^|/)(?:\.|__MACOSX(?:/|$)|~\$|Thumbs\.db$|desktop\.ini$)")


class UploadRefused(Exception):
    """Why nothing was taken, in words for whoever hands it in."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file as the browser sends it; ``name`` may have its folders before it."""

    name: str
    size: int
    read: Callable[[], bytes]


class _SentTwice(Exception):
    """The same files are there already; undoes what was begun."""

    def __init__(self, page_import: PageImport) -> None:
        self.page_import = page_import
        super().__init__(str(page_import))


def begin(team: Team, files: Iterable[HandedIn], *, by: User) -> PageImport:
    """A new import of these files, to be read by a worker. Raises ``UploadRefused``.

    A form that is sent twice is one import: the one that the sender began with the same files
    within the last minute, while it is neither applied nor called off.
    """
    wanted = [file for file in files if not _HIDDEN.search(file.name)]
    _refuse_too_much(wanted)
    try:
        with transaction.atomic():
            return _begun(team, wanted, by)
    except _SentTwice as twice:
        return twice.page_import


def _begun(team: Team, wanted: Sequence[HandedIn], by: User) -> PageImport:
    Team.objects.select_for_update().get(pk=team.pk)  # of two sendings the second sees the first
    page_import = PageImport.objects.create(
        team=team, started_by=by, step="files", total=len(wanted)
    )
    names = unique_names([clean_name(file.name) for file in wanted])
    contents = []
    for position, (name, file) in enumerate(zip(names, wanted, strict=True)):
        data = file.read()
        contents.append((name, sha256(data).digest()))
        # One by one: their bytes together would not fit into one statement.
        ImportFile.objects.create(
            team=team,
            page_import=page_import,
            name=name,
            size=file.size,
            data=data,
            position=position,
        )
    _refuse_twice(page_import, contents)
    audit.note(team, "import.begin", str(page_import), by=by, after={"files": len(wanted)})
    return page_import


def _refuse_twice(page_import: PageImport, contents: list[tuple[str, bytes]]) -> None:
    """Raises ``_SentTwice`` where the sender's import of just now has the same files."""
    just_now = page_import.started_at - _SENT_TWICE_WITHIN
    before = PageImport.objects.filter(team=page_import.team, started_by=page_import.started_by)
    before = before.open().filter(started_at__gte=just_now, pk__lt=page_import.pk)
    for earlier in before:
        files = earlier.files.order_by("position")
        if list(files.values_list("name", flat=True)) != [name for name, _digest in contents]:
            continue
        data = files.values_list("name", "data").iterator(chunk_size=1)
        if [(name, sha256(bytes(stored or b"")).digest()) for name, stored in data] == contents:
            raise _SentTwice(earlier)


def _refuse_too_much(files: Sequence[HandedIn]) -> None:
    if not files:
        raise UploadRefused(_("Choose at least one file, or paste a page."))
    if len(files) > MOST_FILES:
        raise UploadRefused(
            ngettext(
                "At most %(most)s file at once.", "At most %(most)s files at once.", MOST_FILES
            )
            % {"most": MOST_FILES}
        )
    if sum(file.size for file in files) > LARGEST_IMPORT:
        raise UploadRefused(
            _("At most %(most)s MB at once: hand the years in one after the other.")
            % {"most": LARGEST_IMPORT // _MB}
        )
    for file in files:
        most = LARGEST_IMPORT if file.name.lower().endswith(ARCHIVE) else LARGEST
        if file.size > most:
            raise UploadRefused(
                _("“%(name)s” is larger than %(most)s MB.")
                % {"name": clean_name(file.name), "most": most // _MB}
            )


def clean_name(name: str) -> str:
    """The name to show: with slashes, without what cannot be printed, leading nowhere."""
    parts = _UNPRINTABLE.sub("", name).replace("\\", "/").split("/")
    parts = [part for part in parts if part.strip() not in {"", ".", ".."}]
    return "/".join(parts[-_DEEPEST:])[-_LONGEST_NAME:] or _("unnamed")


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, those that come again with a number before them: no file hides another."""
    seen: set[str] = set()
    result = []
    for name in names:
        unique, number = name, 1
        while unique in seen:
            number += 1
            unique = f"{number}-{name}"[:_LONGEST_NAME]
        seen.add(unique)
        result.append(unique)
    return result


@transaction.atomic
def cancel(page_import: PageImport, *, by: User) -> bool:
    """Call it off: its files, pages and decisions go. ``False`` when it is applied already."""
    page_import = PageImport.objects.select_for_update().get(pk=page_import.pk)
    if page_import.state in {ImportState.APPLYING, ImportState.APPLIED}:
        return False
    if page_import.state != ImportState.CANCELLED:
        page_import.state = ImportState.CANCELLED
        page_import.save(update_fields=["state"])
        for rows in (page_import.files, page_import.pages, page_import.doubts):
            rows.all().delete()
        audit.note(page_import.team, "import.cancel", str(page_import), by=by)
    return True
