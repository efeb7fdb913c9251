"""Publishing a week's page: it is frozen as an edition, and its digest arranged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from projects import audit
from projects.models import DigestTime, IdleWeek, Team, User, WeekFacts
from projects.models.deputies import signature_to_keep
from projects.weeks import WEEK
from projects.workdays import WorkCalendar
from reports.models import Digest, Edition, WeeklyPage
from reports.pages import editions, live
from reports.pages.live import CurrentPage
from reports.weekly import changes, document
from reports.weekly.content import say_the_same
from reports.weekly.document import WeeklyDocument
from reports.weekly.needs import says_something
from reports.weekly.schedule import Schedule, due_in

_LONGEST_NAME: Final = 80


class NothingToPublish(Exception):
    """The week has no page that is published: it is to come, unknown, or history."""


class Outdated(Exception):
    """``edition`` was published after the publisher opened the page."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        super().__init__(str(edition))


class NothingChanged(Exception):
    """The page is that of ``edition``, the latest, already."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        super().__init__(str(edition))


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes a page, and what they decide about it."""

    by: User | str | None  # a program's name, where nobody has signed in; None is the schedule
    expected: int | None = None  # the number of the latest edition that they saw, 0 for none
    note: str = ""  # why a correction is made
    mails: bool | None = None  # whether the edition is sent; None is as ``mail_plan`` says
    is_final: bool = False  # whether its mail goes out as it is, whatever is saved until then

    @property
    def user(self) -> User | None:
        return self.by if isinstance(self.by, User) else None

    def publisher(self, team: Team) -> str:
        """The name that the edition keeps; empty for the schedule."""
        name = signature_to_keep(team, self.user) if self.user else str(self.by or "")
        return name[:_LONGEST_NAME]


@transaction.atomic
def publish_week(
    team: Team, week: date, publication: Publication, *, at: datetime | None = None
) -> Edition:
    """Freeze the week's page, as the facts stand now, as its next edition. ``at`` is now.

    Raises ``NothingToPublish``, ``Outdated`` or ``NothingChanged``; then nothing was written.
    """
    at = at or timezone.now()
    page = _locked_page(team, week)
    before = editions.latest(team, week)
    if before is not None and publication.expected not in (None, before.number):
        raise Outdated(before)
    compiled = live.compile_page(team, week)
    sha256 = editions.hash_of(compiled)
    if before is not None and is_unchanged(before, compiled):
        raise NothingChanged(before)
    edition = Edition.objects.create(
        team=team,
        page=page,
        number=before.number + 1 if before else 1,
        document=document.dump(compiled),
        sha256=sha256,
        changes=_changes(before, compiled),
        note=publication.note.strip() if before else "",
        published_by=publication.user,
        publisher=publication.publisher(team),
        published_at=at,
        joined=[monday.isoformat() for monday in joining(team, week)],
        follows_mail=_was_mailed(team, week),
    )
    facts = WeekFacts.objects.filter(team=team, week=week).values("revision")
    WeeklyPage.objects.filter(pk=page.pk).update(
        final_edition=edition.number if publication.is_final else 0,
        published_revision=Subquery(facts),
        left_out_reason="",
    )
    digest = _arrange_digest(edition, before, mails=publication.mails, at=at)
    _note(edition, digest, is_final=publication.is_final)
    return edition


def _note(edition: Edition, digest: Digest | None, *, is_final: bool) -> None:
    """In the audit trail."""
    after: dict[str, object] = {
        "edition": edition.number,
        "sha256": edition.sha256,
        "publisher": edition.publisher,
    }
    if edition.note:
        after["note"] = edition.note
    if is_final:
        after["is_final"] = True
    if digest is not None:
        after["digest_due_at"] = digest.due_at.isoformat()
    audit.note(edition.team, "edition.publish", edition, by=edition.published_by, after=after)


def is_unchanged(edition: Edition, compiled: WeeklyDocument) -> bool:
    """Whether the document says what that edition says.

    Fields added to the document format since that edition do not count as changes, and neither do
    the keys of rows.
    """
    if editions.hash_of(compiled) == edition.sha256:
        return True
    return say_the_same(editions.document_of(edition), compiled)


def has_moved_on(edition: Edition) -> bool:
    """Whether the week's page would say something else now than this edition. One query."""
    team, week = edition.page.team, edition.page.week
    page = live.current_pages(team, [week]).get(week)
    return page is not None and _differs(edition, page)


@lru_cache(maxsize=64)
def _differs(edition: Edition, page: CurrentPage) -> bool:
    return not is_unchanged(edition, page.document)


def _locked_page(team: Team, week: date) -> WeeklyPage:
    """The week's page, locked until the commit, so that a second publisher waits here.

    The week's facts are locked, too: whoever changes one updates the same row of ``WeekFacts`` at
    the end of the transaction. What is read from here on is of one moment. (SQLite has one writer
    at a time anyway.)
    """
    is_known = WeekFacts.objects.filter(team=team, week=week).exists()
    this_week = team.this_week()
    if team.is_history(week) or week > this_week or not (is_known or week == this_week):
        raise NothingToPublish
    if not is_known:
        WeekFacts.objects.bulk_create(
            [WeekFacts(team=team, week=week, revision=0)], ignore_conflicts=True
        )
    pages_of_week = WeeklyPage.objects.of_week(team, week)
    if not pages_of_week.exists():
        WeeklyPage.objects.bulk_create([WeeklyPage(team=team, week=week)], ignore_conflicts=True)
    # NO KEY: rows that refer to the page (sections) may be added meanwhile.
    page = pages_of_week.select_for_update(no_key=True).defer("document").get()
    facts = WeekFacts.objects.filter(team=team, week=week)
    list(facts.select_for_update().values_list("pk"))
    page.team = team
    return page


def _changes(before: Edition | None, compiled: WeeklyDocument) -> list[object]:
    if before is None:
        return []
    return changes.dump(changes.changes_between(editions.document_of(before), compiled))


@dataclass(frozen=True, slots=True)
class MailPlan:
    """Whether and when the digest of the next edition is sent."""

    due_at: datetime
    is_usual: bool  # whether it is sent unless the publisher decides otherwise
    is_waiting: bool = False  # it replaces one that has not gone out, and is sent in any case

    def is_due(self, now: datetime) -> bool:
        """Whether the mail goes out at once."""
        return self.due_at <= now


def mail_plan(team: Team, week: date, latest: Edition | None, at: datetime) -> MailPlan:
    """When an edition that is published ``at`` goes out, and whether it does.

    It replaces an edition whose digest has not been prepared yet, and goes out at that one's time.
    Otherwise a first edition is sent at the digest's time, or at once when that has passed or the
    team wants it so. A correction, or a page from before last week, is sent only if the publisher
    decides so.
    """
    if waiting := _waiting(team, week).first():
        return MailPlan(waiting.due_at, is_usual=True, is_waiting=True)
    if latest is not None or week < team.this_week() - WEEK:
        return MailPlan(at, is_usual=False)
    return MailPlan(digest_due_at(team, week, at), is_usual=True)


def _waiting(team: Team, week: date) -> QuerySet[Digest]:
    digests = Digest.objects.filter(team=team, edition__page__week=week, prepared_at=None)
    return digests.order_by("due_at")


def _arrange_digest(
    edition: Edition, before: Edition | None, *, mails: bool | None, at: datetime
) -> Digest | None:
    team, week = edition.team, edition.page.week
    # A digest that is being prepared has its row locked; after that it is not waiting any more.
    waiting = list(_waiting(team, week).select_for_update(of=("self",)))
    plan = mail_plan(team, week, before, at)
    Digest.objects.filter(pk__in=[digest.pk for digest in waiting]).delete()
    if not (plan.is_waiting or (plan.is_usual if mails is None else mails)):
        return None
    return Digest.objects.create(
        team=team, edition=edition, due_at=plan.due_at, requested_by=edition.published_by
    )


def _was_mailed(team: Team, week: date) -> bool:
    """Whether readers have, or are about to get, the mail of an edition of the week."""
    # A digest that is being prepared has its row locked; after that it counts as mailed.
    digests = Digest.objects.filter(team=team, edition__page__week=week).select_for_update()
    return any(digests.values_list("prepared_at", flat=True))


def joining(team: Team, week: date) -> list[date]:
    """The weeks without a working day that are published together with this one, in order.

    They are those merged into it whose page says something.
    """
    if team.idle_week != IdleWeek.MERGE:
        return []
    calendar = team.work_calendar()
    idle: list[date] = []
    before = week - WEEK
    while (schedule := _schedule(team, before, calendar)) and schedule.week == week:
        idle.insert(0, before)
        before -= WEEK
    pages = live.current_pages(team, idle) if idle else {}
    return [monday for monday in idle if monday in pages and says_something(pages[monday].document)]


def digest_due_at(team: Team, week: date, at: datetime) -> datetime:
    """When the digest of a first edition that is published ``at`` goes out."""
    if team.digest_when == DigestTime.PUBLISHED:
        return at
    schedule = _schedule(team, week, team.work_calendar())
    return at if schedule is None else max(at, schedule.digest_at)


def _schedule(team: Team, week: date, calendar: WorkCalendar) -> Schedule | None:
    return due_in(
        week,
        calendar,
        team.zone,
        team.cutoff_time,
        team.digest_time,
        idle_week="merge" if team.idle_week == IdleWeek.MERGE else "skip",
    )
