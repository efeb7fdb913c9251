"""A page that was published before its digest is sent, and the facts that moved since then.

The mail carries what was saved until it is prepared. What moved since the latest edition goes along
as the next one, which the schedule makes, unless the manager declared the edition final. In a team
that waits for its manager the digest waits for the decision, and the manager is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from projects import audit
from projects.checkin import undoing
from projects.models import LastSave, Project, StatusEntry, Team, User, WeekFacts
from reports.models import Digest, Edition
from reports.pages import editions, live, publish
from reports.pages.live import CurrentPage
from reports.weekly.changes import Change, changes_between
from reports.weekly.needs import Behind, Course


@dataclass(frozen=True, slots=True)
class _State:
    """The week's latest edition, its digest if one waits, and the facts since."""

    id: int
    sha256: str
    number: int
    publisher: str
    published_at: datetime
    final_edition: int
    published_revision: int
    revision: int
    mail_at: datetime | None

    def course(self, team: Team) -> Course:
        if self.mail_at is None or self.mail_at <= self.published_at:
            return Course.CORRECTED
        if self.final_edition == self.number:
            return Course.FINAL
        return Course.FOLLOWS if team.publishes_itself else Course.HELD


def _state(team: Team, week: date) -> _State | None:
    """One query."""
    facts = WeekFacts.objects.filter(team=team, week=week).values("revision")
    digests = Digest.objects.filter(edition=OuterRef("pk"), prepared_at=None).values("due_at")
    rows = Edition.objects.filter(page__team=team, page__week=week).order_by("-number")
    row = rows.values_list(
        *("pk", "sha256", "number", "publisher", "published_at", "page__final_edition"),
        *("page__published_revision", Coalesce(Subquery(facts[:1]), 0), Subquery(digests[:1])),
    ).first()
    return _State(*row) if row else None


def behind(team: Team, week: date) -> Behind | None:
    """How the week's latest edition lies behind the facts; ``None`` when it does not, or there is
    none. One query where nothing was saved since, else two, and one for each document that this
    process has not read yet.
    """
    return behind_since(team, week)[0]


def behind_since(team: Team, week: date) -> tuple[Behind | None, datetime | None]:
    """The same, and when that edition was published."""
    state = _state(team, week)
    if state is None:
        return None, None
    return _behind(team, week, state), state.published_at


def _behind(team: Team, week: date, state: _State) -> Behind | None:
    if state.revision <= state.published_revision:
        return None
    page = live.current_pages(team, [week]).get(week)
    changes = _changes(state.id, state.sha256, page) if page else ()
    if not changes:
        return None
    course = state.course(team)
    waits = state.mail_at is not None and course is not Course.CORRECTED
    return Behind(
        number=state.number,
        published_at=team.local(state.published_at),
        publisher=state.publisher,
        changes=changes,
        course=course,
        mail_at=team.local(state.mail_at) if waits and state.mail_at else None,
    )


@lru_cache(maxsize=64)
def _changes(edition_id: int, sha256: str, page: CurrentPage) -> tuple[Change, ...]:
    edition = Edition(pk=edition_id, sha256=sha256)
    return changes_between(editions.document_of(edition), page.document)


def published_at(team: Team, week: date) -> datetime | None:
    """When the week's latest edition was published; ``None`` where there is none."""
    edition = editions.latest(team, week)
    return edition.published_at if edition else None


@transaction.atomic
def undo_check_in(project: Project, week: date, *, revision: int, by: User) -> StatusEntry | None:
    """``checkin.undoing.undo``, unless an edition holds the save: ``NothingToUndo``, too.

    The page is locked, so that nobody publishes the save meanwhile.
    """
    team = project.team
    live.locked(team, week)
    save = LastSave.objects.filter(entry__project=project, entry__week=week).first()
    last_published = published_at(team, week)
    if save is None or (last_published is not None and last_published >= save.at):
        raise undoing.NothingToUndo
    return undoing.undo(project, week, revision=revision, by=by)


@transaction.atomic
def edition_to_send(edition: Edition, *, at: datetime) -> Edition | None:
    """The edition that the digest due for this one carries: this one, or the next, made here.

    ``None`` when it waits for its manager. The page is locked first, as whoever publishes does.
    """
    team, week = edition.page.team, edition.page.week
    if team.is_history(week):
        return edition
    live.locked(team, week)
    latest = editions.latest(team, week)
    if latest is None or latest.number != edition.number:
        return latest
    state = behind(team, week)
    if state is not None and state.is_held:
        return None
    if state is None or not state.is_followed:
        return latest
    by_schedule = publish.Publication(by=None, expected=latest.number)
    try:
        return publish.publish_week(team, week, by_schedule, at=at)
    except (publish.NothingChanged, publish.NothingToPublish):
        return latest


@transaction.atomic
def set_final(edition: Edition, *, is_final: bool, by: User | None) -> bool:
    """Declare the latest edition final, or take that back while its digest waits; whether that
    changed anything.
    """
    team, week = edition.page.team, edition.page.week
    page = live.locked(team, week)
    latest = editions.latest(team, week)
    was_final = page.final_edition == edition.number
    if latest is None or latest.number != edition.number or is_final == was_final:
        return False
    waiting = Digest.objects.filter(edition=edition, prepared_at=None)
    if not waiting.filter(due_at__gt=edition.published_at).exists():
        return False
    page.final_edition = edition.number if is_final else 0
    page.save(update_fields=["final_edition"])
    after = {"is_final": is_final}
    audit.note(team, "edition.final", edition, by=by, before={"is_final": was_final}, after=after)
    return True
