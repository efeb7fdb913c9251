"""The weekly page and its document: compiled when facts have moved on, and never shown stale."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final

import msgspec
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from okrtracker.requests.database_outage import refuses_writes
from projects import weeks
from projects.models import Team, WeekFacts
from projects.prepared import Prepared
from reports.models import WeeklyPage
from reports.weekly import document
from reports.weekly.compile import compile_week
from reports.weekly.document import WeeklyDocument
from reports.weekly.load.week import load_week

logger = logging.getLogger(__name__)

# How far ahead of UTC a team's wall calendar may be.
_AHEAD: Final = timedelta(hours=14)
# The most pages that one tick compiles, some four seconds' work. The next tick continues.
SWEEP_LIMIT: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class CurrentPage:
    """A week's document as the facts stand now.

    ``key`` identifies it in caches: it changes with the facts, the day and the week. A page is
    equal only to itself, so that functions can be cached by it without comparing documents.
    """

    document: WeeklyDocument
    key: str


def compile_page(team: Team, week: date) -> WeeklyDocument:
    """Compile the week's page from the facts of this moment and store it. Twelve queries,
    and one for what was changed since where the week is over.

    A newer compile is never overwritten by an older one: the revision is read before the facts
    and compared again while storing. That needs no transaction, which on SQLite would hold up
    every writer for the time of the compile.
    """
    compiled = _compile(team, week)
    _store(team, week, compiled)
    return compiled.page.document


@dataclass(frozen=True, slots=True)
class _Compiled:
    page: CurrentPage
    revision: int
    begun: datetime


def _compile(team: Team, week: date) -> _Compiled:
    begun = timezone.now()  # a day that begins meanwhile makes the page stale again
    rows = load_week(team, week, today=team.local(begun).date())
    page = CurrentPage(compile_week(rows), _key(team.pk, week, rows.revision, begun))
    return _Compiled(page, rows.revision, begun)


def _store(team: Team, week: date, compiled: _Compiled) -> None:
    state = {
        "document": document.dump(compiled.page.document),
        "compiled_revision": compiled.revision,
        "compiled_at": compiled.begun,
    }
    pages = WeeklyPage.objects.filter(team=team, week=week)
    if not pages.filter(compiled_revision__lte=compiled.revision).update(**state):
        WeeklyPage.objects.bulk_create(
            [WeeklyPage(team=team, week=week, **state)], ignore_conflicts=True
        )
    # Two compiles have the same time where the clock stands still, as in tests.
    _stored_page.cache_clear()


def _compiled_anew(team: Team, week: date) -> CurrentPage:
    """For a reader, who gets the page also where the database takes nothing."""
    compiled = _compile(team, week)
    try:
        with transaction.atomic():
            _store(team, week, compiled)
    except DatabaseError as error:
        if not refuses_writes(error):
            raise
        logger.warning("page of %s in %s shown without being stored: %s", week, team.slug, error)
    return compiled.page


def _key(team_id: int, week: date, revision: int, compiled_at: datetime) -> str:
    return f"{team_id}.{week:%Y%m%d}.{revision}.{compiled_at.timestamp():.6f}"


def current_document(team: Team, week: date) -> WeeklyDocument | None:
    """The document as the facts stand now: the stored one, compiled anew where that is stale.

    ``None`` where the week has no page: a week to come, or a past week of which nothing is known.
    """
    page = current_pages(team, [week]).get(week)
    return page.document if page else None


def current_pages(
    team: Team, weeks_asked: Iterable[date], revisions: Mapping[date, int] | None = None
) -> dict[date, CurrentPage]:
    """``current_document`` of several weeks, by week; those without one are left out.

    ``revisions`` are those of the weeks' facts, if the caller has read them already. One query for
    the stored pages, and one for each document that this process has not read yet.
    """
    asked = list(dict.fromkeys(weeks_asked))
    rows = _stored.rows(team=team.pk, asked=tuple(asked), with_revision=revisions is None)
    stored = {row.week: row for row in rows}
    for row in stored.values():
        row.team = team  # saves a query; its zone decides which day it is
        if revisions is not None:
            row.facts_revision = revisions.get(row.week, 0)
    pages = ((week, _current(team, week, stored.get(week))) for week in asked)
    return {week: page for week, page in pages if page is not None}


@Prepared
def _stored(*, team: int, asked: tuple[date, ...], with_revision: bool) -> QuerySet[WeeklyPage]:
    rows = WeeklyPage.objects.filter(team=team, week__in=asked)
    rows = rows.only("team", "week", "compiled_revision", "compiled_at")
    return rows.with_revision() if with_revision else rows


def _current(team: Team, week: date, page: WeeklyPage | None) -> CurrentPage | None:
    if page is None:
        is_known = WeekFacts.objects.filter(team=team, week=week).exists()
        this_week = team.this_week()
        has_page = week == this_week or (is_known and week < this_week)
        return _compiled_anew(team, week) if has_page else None
    if page.compiled_at is not None and not page.is_stale:
        state = page.compiled_revision, page.compiled_at
        try:
            return _stored_page(team.pk, week, *state)
        except msgspec.ValidationError:
            # Written by another version of the program; the facts are still there.
            logger.info("cannot read the document of %s in %s, compiling it again", page, team.slug)
        except WeeklyPage.DoesNotExist:
            pass  # compiled again just now
    return _compiled_anew(team, week)


@lru_cache(maxsize=32)
def _stored_page(team: int, week: date, revision: int, compiled_at: datetime) -> CurrentPage:
    """The page that one compile stored. It is frozen, so all requests of the process share it."""
    pages = WeeklyPage.objects.filter(
        team=team, week=week, compiled_revision=revision, compiled_at=compiled_at
    )
    stored = pages.values_list("document", flat=True).get()
    return CurrentPage(document.load(stored or {}), _key(team, week, revision, compiled_at))


def locked(team: Team, week: date) -> WeeklyPage:
    """The page's row without its document, locked until the transaction ends; made if missing."""
    rows = WeeklyPage.objects.of_week(team, week)
    if not rows.exists():
        WeeklyPage.objects.bulk_create([WeeklyPage(team=team, week=week)], ignore_conflicts=True)
    page = rows.select_for_update(no_key=True).defer("document").get()
    page.team = team
    return page


def claim(team: Team, changed: Iterable[date]) -> list[date]:
    """Claim the compiles of these weeks' pages, but for those that are claimed already.

    A missing page is made to hold the claim. Weeks to come need no page.
    """
    now, this_week = timezone.now(), team.this_week()
    due = [week for week in changed if week <= this_week]
    pages = WeeklyPage.objects.filter(team=team)
    free = pages.unclaimed(now)
    claimed = [week for week in due if free.filter(week=week).update(queued_at=now)]
    if rest := set(due) - set(claimed):
        rest -= set(pages.filter(week__in=rest).values_list("week", flat=True))
        # Another process may make them at the same moment: then one of the two updates fails.
        missing = [WeeklyPage(team=team, week=week) for week in due if week in rest]
        WeeklyPage.objects.bulk_create(missing, ignore_conflicts=True)
        claimed += [
            page.week for page in missing if free.filter(week=page.week).update(queued_at=now)
        ]
    return claimed


def release(team: Team, claimed: Iterable[date]) -> None:
    """Give back claims whose tasks were not enqueued, so that the next sweep need not wait."""
    WeeklyPage.objects.filter(team=team, week__in=claimed).update(queued_at=None)


def compile_claimed(team_id: int, week: date) -> None:
    """Compile a claimed page. The claim ends first, so that later changes are queued again."""
    pages = WeeklyPage.objects.filter(team_id=team_id, week=week)
    if pages.update(queued_at=None):
        compile_page(Team.objects.get(pk=team_id), week)


def stale_weeks(now: datetime, limit: int = SWEEP_LIMIT) -> list[tuple[Team, date]]:
    """Up to ``limit`` weeks whose page is missing or stale and not on its way already.

    A page is stale when its facts have changed since, and that of the present week also when a new
    day has begun, because another date may be past due.
    """
    page = WeeklyPage.objects.filter(team=OuterRef("team"), week=OuterRef("week"))
    is_current = page.filter(compiled_revision__gte=OuterRef("revision")).exclude(compiled_at=None)
    facts = (
        WeekFacts.objects.filter(~Exists(is_current), week__lte=now + _AHEAD)
        .exclude(Exists(page.claimed(now)))
        .select_related("team")
        .order_by("changed_at")
    )
    # Which week has begun depends on the team's zone, so the limit is applied after that.
    begun = ((row.team, row.week) for row in facts.iterator() if row.week <= row.team.this_week())
    stale = set(islice(begun, limit))
    present = WeeklyPage.objects.filter(week__gt=now - 2 * weeks.WEEK, week__lte=now + _AHEAD)
    for row in present.unclaimed(now).with_facts().defer("document"):
        if row.is_stale and row.week <= row.team.this_week():
            stale.add((row.team, row.week))
    return sorted(stale, key=lambda pair: (pair[1], pair[0].pk), reverse=True)[:limit]


def sweep(now: datetime | None = None) -> int:
    """Compile the pages whose message was lost; return how many."""
    stale = stale_weeks(now or timezone.now())
    for team, week in stale:
        try:
            compile_page(team, week)
        except Exception:
            # A page that cannot be compiled must not hold up those of other teams.
            logger.exception("cannot compile %s of %s", week, team.slug)
    return len(stale)
