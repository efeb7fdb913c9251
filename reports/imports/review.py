"""Decide the doubts of an import, each once for all pages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects.conflicts import Opened, merge
from projects.models import User
from reports.importer.database.columns import remember_columns
from reports.importer.deciding import decided_pages
from reports.importer.decisions import Decisions, all_of, as_plain, from_plain
from reports.importer.doubts import COLUMNS, CORRECTION, DOUBLES, WEEKS
from reports.importer.page import ParsedPage
from reports.imports import doubts, work
from reports.imports.documents import unpacked
from reports.models import ImportDoubt, ImportPage, ImportState, PageImport

_PAGES: Final = (WEEKS, DOUBLES)


class ReviewClosed(Exception):
    """The import is not to be reviewed (any more)."""


def decisions_of(page_import: PageImport) -> Decisions:
    """What holds for it: what the team decided before, then what was decided of it."""
    choices = page_import.doubts.filter(choice__isnull=False).order_by("decided_at", "pk")
    own = all_of(from_plain(choice) for choice in choices.values_list("choice", flat=True))
    return doubts.remembered(page_import.team).and_then(own)


def choice_text(doubt: ImportDoubt) -> str:
    """What is decided, as a form that was opened with it sends it back."""
    return "" if doubt.choice is None else json.dumps(doubt.choice, sort_keys=True)


@transaction.atomic
def decide(
    doubt: ImportDoubt, decisions: Decisions, *, by: User, opened: Opened | None = None
) -> ImportDoubt:
    """Save what somebody decided. Raises ``ReviewClosed``, ``EditConflict``."""
    page_import = PageImport.objects.select_for_update().get(pk=doubt.page_import_id)
    if page_import.state != ImportState.REVIEW:
        raise ReviewClosed
    row = ImportDoubt.objects.select_for_update().get(pk=doubt.pk)
    choice = as_plain(decisions)
    wanted = json.dumps(choice, sort_keys=True)
    merge({"choice": choice_text(row)}, {"choice": wanted}, opened)
    row.choice, row.decided_by, row.decided_at = choice, by, timezone.now()
    row.save(update_fields=["choice", "decided_by", "decided_at"])
    if row.kind == COLUMNS and decisions.columns:
        _read_again(page_import, decisions, by)
    elif row.kind in _PAGES:
        # Which pages there are, and when, decides what else is in doubt.
        doubts.refresh(page_import, decisions_of(page_import))
    return row


def _read_again(page_import: PageImport, decisions: Decisions, by: User) -> None:
    """Remember what the columns are; files that are there are to be read with it."""
    remember_columns(page_import.team, decisions.columns, by=by)
    work.read_again(page_import.pk)


@transaction.atomic
def correct(
    page: ImportPage, line: int, name: str, decisions: Decisions, *, by: User, opened: Opened | None
) -> ImportDoubt:
    """Save what somebody said of a line: a doubt that is decided as it is raised.

    Whose the line is and what its numbers are stand beside each other: the one that is not said
    stays. Raises ``ReviewClosed``, ``EditConflict``.
    """
    PageImport.objects.select_for_update().get(pk=page.page_import_id)
    last = page.page_import.doubts.order_by("position").last()
    doubt, _ = ImportDoubt.objects.get_or_create(
        page_import=page.page_import,
        key=correction_key(page, line),
        defaults={
            "team": page.team,
            "kind": CORRECTION,
            "title": name[:200],
            "detail": {"rows": [{"page": page.pk, "line": line, "places": [(page.pk, line)]}]},
            "position": last.position + 1 if last else 0,
        },
    )
    if doubt.choice is not None:
        before = from_plain(doubt.choice)
        decisions = (
            replace(before, values=decisions.values)
            if decisions.values
            else replace(decisions, values=before.values)
        )
    return decide(doubt, decisions, by=by, opened=opened)


def correction_key(page: ImportPage, line: int) -> str:
    return f"{CORRECTION}:{page.key}:{line}"


@transaction.atomic
def withdraw(doubt: ImportDoubt) -> None:
    """Take a correction back: the line is read as before. Raises ``ReviewClosed``."""
    page_import = PageImport.objects.select_for_update().get(pk=doubt.page_import_id)
    if page_import.state != ImportState.REVIEW:
        raise ReviewClosed
    ImportDoubt.objects.filter(pk=doubt.pk, kind=CORRECTION).delete()


def as_decided(page: ImportPage, decisions: Decisions) -> ParsedPage:
    """The page as it would be imported; as it was read where it is left out."""
    parsed = unpacked(page.document)
    return next(decided_pages([parsed], decisions), parsed)


def next_open(doubt: ImportDoubt) -> ImportDoubt | None:
    """The next doubt that nobody decided, from there on and then from the beginning."""
    rows = ImportDoubt.objects.filter(page_import=doubt.page_import_id, decided_at=None)
    rows = rows.exclude(pk=doubt.pk)
    after = rows.filter(position__gt=doubt.position)
    return after.first() or rows.first()
