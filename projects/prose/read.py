"""Reading a text: each reader in its turn, so that no number is read twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from projects.prose.clauses import Page, cut
from projects.prose.dates.reading import read_dates
from projects.prose.fold import fold
from projects.prose.marks import without_code, without_marks
from projects.prose.mentions import (
    DateMention,
    Dependency,
    Mentions,
    Owner,
    Percent,
    ReadingMention,
    State,
)
from projects.prose.people import dependencies, owners
from projects.prose.percents.amounts import asks_for_week
from projects.prose.percents.reading import judged_percents, progress
from projects.prose.readings import read_readings
from projects.prose.states import read_states

# A year of room at both ends of the calendar, for the nearest year and the ends of quarters.
_FIRST_WEEK: Final = date(3, 1, 6)
_LAST_WEEK: Final = date(9997, 1, 6)
#: What is longer is not remembered.
_LONGEST_LINE: Final = 1000


def read(text: str, *, week: date, names: Iterable[str] = ()) -> Mentions:
    """Everything that ``text`` says of progress, dates, numbers, states and people.

    ``week`` is the Monday of the week the text belongs to; a date without a year is the one
    nearest to it. ``names`` are those known (of projects, the page, the team): an amount that
    stands alone beside one of them is its progress. Takes any text, raises nothing and needs time
    linear in its length. Each mention satisfies ``text[mention.start : mention.end] ==
    mention.text``.
    """
    week = min(max(week, _FIRST_WEEK), _LAST_WEEK)
    reader = _read_again if len(text) <= _LONGEST_LINE else _read
    return reader(text, week, _folded_names(tuple(names)))


def _read(text: str, week: date, names: frozenset[str]) -> Mentions:
    is_short = len(text) <= _LONGEST_LINE
    laid_out, beside_dates = (
        (_laid_out_again, _beside_dates_again) if is_short else (_laid_out, _beside_dates)
    )
    page, places = laid_out(text, names)
    dates, stretches = read_dates(page, week)
    asked_week = week if asks_for_week(page.folded) else None
    mentions = beside_dates(text, names, tuple(dates), tuple(stretches), asked_week)
    return mentions if places is None else _moved(mentions, text, places)


def _laid_out(text: str, names: frozenset[str]) -> tuple[Page, list[int] | None]:
    """The text cut into clauses, without its marks, and where each character of it stood."""
    plain, places = without_marks(text)
    return cut(plain, without_code(fold(plain)), names), places


def _beside_dates(
    text: str,
    names: frozenset[str],
    dates: tuple[DateMention, ...],
    stretches: tuple[tuple[int, int], ...],
    week: date | None,
) -> Mentions:
    """All mentions of the text, in which ``dates`` were read in those stretches.

    ``week`` is ``None`` where no amount asks for it: then all weeks have this reading.
    """
    laid_out = _laid_out_again if len(text) <= _LONGEST_LINE else _laid_out
    page, _ = laid_out(text, names)
    judged = judged_percents(page, dates, stretches, week)
    return Mentions(
        percents=tuple(progress(page, judged)),
        dates=dates,
        readings=tuple(read_readings(page, judged, stretches)),
        states=tuple(read_states(page, dates)),
        owners=tuple(owners(page)),
        dependencies=tuple(dependencies(page)),
    )


# The importer asks for one line from several sides, and the form for one text at every key.
_read_again: Final = lru_cache(maxsize=1024)(_read)
# Pages repeat their lines from week to week: all but the dates is read once.
_laid_out_again: Final = lru_cache(maxsize=2048)(_laid_out)
_beside_dates_again: Final = lru_cache(maxsize=2048)(_beside_dates)


@lru_cache(maxsize=8)
def _folded_names(names: tuple[str, ...]) -> frozenset[str]:
    folded = (fold(without_marks(name)[0]).strip().casefold() for name in names)
    return frozenset(name for name in folded if len(name) > 1)


def _moved(mentions: Mentions, text: str, places: list[int]) -> Mentions:
    """The mentions where they stand in ``text``, which has marks between the words."""

    def moved[M: (Percent, DateMention, ReadingMention, State, Owner, Dependency)](mention: M) -> M:
        start, end = places[mention.start], places[mention.end - 1] + 1
        return replace(mention, start=start, end=end, text=text[start:end])

    return Mentions(
        percents=tuple(map(moved, mentions.percents)),
        dates=tuple(map(moved, mentions.dates)),
        readings=tuple(map(moved, mentions.readings)),
        states=tuple(map(moved, mentions.states)),
        owners=tuple(map(moved, mentions.owners)),
        dependencies=tuple(map(moved, mentions.dependencies)),
    )
