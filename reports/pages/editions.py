"""Editions, and the files made of them: rendered once, and kept as those bytes for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Count, QuerySet, Subquery

from okrtracker.requests.database_outage import refuses_writes
from projects.models import Comment, Language, Team, WeekFacts
from projects.prepared import Prepared
from reports.models import Edition, EditionFile, FileKind
from reports.models.editions import EditionQuerySet
from reports.render import files
from reports.weekly import changes, document
from reports.weekly.changes import Imprint, JoinedWeek
from reports.weekly.document import WeeklyDocument

# Kinds of files that are the same in every language, and kept once.
_WITHOUT_WORDS: Final = frozenset({FileKind.JSON})


def editions_of(team: Team | int, week: date) -> EditionQuerySet:
    """The week's editions, the newest first, without their documents."""
    editions = Edition.objects.of_week(team, week).order_by("-number")
    return editions.select_related("page__team").defer("document", "page__document")


def latest(team: Team, week: date) -> Edition | None:
    """The edition that stands, without its document (which ``document_of`` reads)."""
    editions = _latest.rows(team=team.pk, week=week)
    return editions[0] if editions else None


def latest_week(team: Team) -> date | None:
    """The latest week of which an edition was published."""
    weeks = Edition.objects.filter(page__team=team).order_by("-page__week")
    return weeks.values_list("page__week", flat=True).first()


@Prepared
def _latest(*, team: int, week: date) -> QuerySet[Edition]:
    return editions_of(team, week)[:1]


@dataclass(frozen=True, slots=True)
class EditionState:
    """The latest edition of a week, how often the week's facts have changed since, and how many
    comments stand under its entries.
    """

    id: int
    number: int
    sha256: str
    revision: int
    is_final: bool = False
    comments: int = 0


def latest_state(team: Team, week: date) -> EditionState | None:
    """What decides whether a rendered page can be shown again; one small query."""
    facts = WeekFacts.objects.filter(team=team, week=week).values("revision")
    standing = Comment.objects.of_week(team, week).standing().order_by().values("team")
    comments = standing.annotate(count=Count("pk")).values("count")
    rows = Edition.objects.filter(page__team=team, page__week=week).order_by("-number")
    columns = ("pk", "number", "sha256", Subquery(facts[:1]), "page__final_edition")
    row = rows.values_list(*columns, Subquery(comments)).first()
    if row is None:
        return None
    return EditionState(row[0], row[1], row[2], row[3] or 0, row[4] == row[1], row[5] or 0)


def numbered(team: Team, week: date, number: int) -> Edition | None:
    return editions_of(team, week).filter(number=number).first()


def document_of(edition: Edition) -> WeeklyDocument:
    """The published document. It is frozen, so all requests of the process share it."""
    return _document(edition.pk, edition.sha256)


def hash_of(page: WeeklyDocument) -> str:
    """The SHA-256 of an edition of this document."""
    return hashlib.sha256(document.canonical(page)).hexdigest()


@lru_cache(maxsize=32)
def _document(edition: int, sha256: str) -> WeeklyDocument:
    stored = Edition.objects.filter(pk=edition, sha256=sha256)
    return document.load(stored.values_list("document", flat=True).get())


def imprint_of(edition: Edition) -> Imprint:
    """The edition's imprint, with times by the team's clock."""
    return Imprint(
        number=edition.number,
        published_at=edition.page.team.local(edition.published_at),
        publisher=edition.publisher,
        sha256=edition.sha256,
        note=edition.note,
        changes=changes.load(edition.changes),
        previous=edition.number - 1,
        joined=_joined(edition),
        follows_mail=edition.follows_mail,
    )


def _joined(edition: Edition) -> tuple[JoinedWeek, ...]:
    mondays = map(date.fromisoformat, edition.joined)
    return tuple(JoinedWeek(monday, edition.page.team.week_label(monday)) for monday in mondays)


def file_of(edition: Edition, kind: FileKind, language: str) -> bytes:
    """The edition as a file in a language, as it was made when it was first asked for.

    Raises ``ValueError`` for an unknown language, and ``PdfUnavailable`` where this machine cannot
    make a PDF that was not asked for before.
    """
    kind = FileKind(kind)
    spoken = Language.CHINESE if kind in _WITHOUT_WORDS else Language(language)
    try:
        return _stored(edition.pk, kind, spoken)
    except EditionFile.DoesNotExist:
        return _made(edition, kind, spoken)


def kept_file(edition: Edition, kind: FileKind, language: str) -> bytes | None:
    """The file, or ``None`` where it was not made yet."""
    try:
        return _stored(edition.pk, kind, Language(language))
    except EditionFile.DoesNotExist:
        return None


def _stored(edition: int, kind: FileKind, language: Language) -> bytes:
    stored_files = EditionFile.objects.filter(edition=edition, kind=kind, language=language)
    return bytes(stored_files.values_list("content", flat=True).get())


def _made(edition: Edition, kind: FileKind, language: Language) -> bytes:
    content = files.make(document_of(edition), kind, language, imprint_of(edition))
    made = EditionFile(
        team=edition.page.team,
        edition=edition,
        kind=kind,
        language=language,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    # Another process may make it at the same moment: the first that is kept is the file.
    try:
        with transaction.atomic():
            EditionFile.objects.bulk_create([made], ignore_conflicts=True)
    except DatabaseError as error:
        if not refuses_writes(error):
            raise
        return content  # who reads gets it; it is made again once it can be kept
    return _stored(edition.pk, kind, language)
