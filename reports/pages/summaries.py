"""What each week of the archive says in one line: its headline, and how many updated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from django.core.cache import caches
from django.utils.translation import get_language

from projects.models import Team
from reports.models import Edition, WeeklyPage
from reports.render.mail import headline
from reports.weekly.document import load

_CACHED_FOR: Final = 24 * 60 * 60  # in seconds; the key names the very document


class Summary(NamedTuple):
    headline: str
    updated: int
    expected: int


NOTHING: Final = Summary("", 0, 0)


def summaries_of(team: Team) -> dict[date, Summary]:
    """By week, what its latest edition says; of one without an edition, its page.

    At most four queries. A document is read only until its summary is in the cache.
    """
    editions, pages = _editions(team), _pages(team)
    for week in editions:
        pages.pop(week, None)
    cache = caches["documents"]
    values_by_key = cache.get_many([key for _pk, key in (*editions.values(), *pages.values())])
    cached = {key: Summary(*values) for key, values in values_by_key.items()}
    made = _made(Edition, editions.values(), cached) | _made(WeeklyPage, pages.values(), cached)
    cache.set_many({key: tuple(summary) for key, summary in made.items()}, _CACHED_FOR)
    summaries = cached | made
    return {
        week: summaries[key] for week, (_pk, key) in (pages | editions).items() if key in summaries
    }


def _editions(team: Team) -> dict[date, tuple[int, str]]:
    """By week the row of its latest edition, and the cache's key for it."""
    rows = Edition.objects.filter(team=team).order_by("number")
    columns = rows.values_list("page__week", "pk", "sha256")
    return {week: (pk, f"week-{sha256}-{get_language()}") for week, pk, sha256 in columns}


def _pages(team: Team) -> dict[date, tuple[int, str]]:
    rows = WeeklyPage.objects.filter(team=team, document__isnull=False)
    columns = rows.values_list("week", "pk", "compiled_revision", "compiled_at")
    return {
        week: (pk, f"week-{pk}-{revision}-{at and at.timestamp()}-{get_language()}")
        for week, pk, revision, at in columns
    }


def _made(
    model: type[Edition | WeeklyPage],
    rows: Iterable[tuple[int, str]],
    cached: dict[str, Summary],
) -> dict[str, Summary]:
    """The summaries that are not cached yet, by key."""
    keys = {pk: key for pk, key in rows if key not in cached}
    if not keys:
        return {}
    stored = model._default_manager.filter(pk__in=keys).values_list("pk", "document")
    made = {}
    for pk, built in stored:
        if built is not None:
            document = load(built)
            brief = headline.brief(document)
            made[keys[pk]] = Summary(brief, document.updated, document.expected)
    return made
