"""What a reader in a hurry should know of a week, from its document. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reports.weekly.document import Entry, Move, WeeklyDocument
from reports.weekly.news import news_of

_AT_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Highlights:
    risen: tuple[Entry, ...]  # the largest gains in percent, largest first
    fallen: tuple[Entry, ...]  # every loss, largest first
    moved: tuple[tuple[Entry, Move], ...]  # dates that moved later
    done: tuple[Entry, ...]
    silent: tuple[Entry, ...]

    def __bool__(self) -> bool:
        return bool(self.risen or self.fallen or self.moved or self.done or self.silent)


def highlights_of(document: WeeklyDocument) -> Highlights:
    """The same news as the mail tells (``reports.weekly.news``)."""
    news = news_of(document)
    return Highlights(
        risen=news.risen[:_AT_MOST],
        fallen=news.fallen,
        moved=tuple((slip.entry, slip.move) for slip in news.slips),
        done=news.done,
        silent=news.silent,
    )
