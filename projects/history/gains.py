"""What each of the last weeks brought, as columns on one scale for all projects.

A line from 0 to 100 is flat for everybody. Inline SVG with classes, as in ``charts``; the columns
are strokes, which take half the characters of rectangles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.text.numbers import signed
from projects.weeks import WEEK

WEEKS: Final = 8
FULL: Final = 8  # points a week that fill the height
_STEP: Final = 12  # from one column to the next, in the picture's units
_WIDE: Final = 9
_BASE: Final = 18  # where columns stand; drops hang below it
_TALL: Final = 26

type Gains = Sequence[tuple[date, Decimal | None]]


def gain_columns(gains: Gains, last: date) -> SafeString:
    """The weeks up to ``last``: a column for a gain, ▼ for a drop, ○ where no entry was.

    ``gains`` holds the weeks with an entry; what lies before the first of them stays empty. Empty
    for a project that was never reported on.
    """
    by_week = dict(gains)
    if not by_week:
        return SafeString("")
    weeks = [last - ago * WEEK for ago in reversed(range(WEEKS))]
    begun = [week for week in weeks if week >= min(by_week)]
    marks = "".join(_mark(week, weeks.index(week) * _STEP, by_week) for week in begun)
    label = _("Points gained in the last %(n)s weeks: %(gains)s") % {
        "n": len(begun),
        "gains": _(", ").join(_in_words(begun, by_week)),
    }
    return SafeString(
        f'<svg class="gains" viewBox="0 0 {WEEKS * _STEP - _STEP + _WIDE} {_TALL}" role="img"'
        f' aria-label="{escape(label)}">{marks}</svg>'
    )


def _mark(week: date, x: int, gains: Mapping[date, Decimal | None]) -> str:
    if week not in gains:
        return f'<circle class="none" cx="{x + _WIDE / 2}" cy="{_BASE - 1}" r="3"/>'
    gain = float(gains[week] or 0)
    if gain > 0:
        height = max(min(gain, FULL) * 2.2, 2)
        return f'<path class="rise" d="M{x + _WIDE / 2} {_BASE}v{-height:.1f}"/>'
    if gain < 0:
        depth = min(max(-gain * 1.2, 4), _TALL - _BASE)
        return f'<path class="fall" d="M{x} {_BASE}h{_WIDE}L{x + _WIDE / 2} {_BASE + depth:.1f}z"/>'
    return f'<path d="M{x} {_BASE - 1}h{_WIDE}"/>'


def _in_words(weeks: Sequence[date], gains: Mapping[date, Decimal | None]) -> Iterator[str]:
    for week in weeks:
        if week not in gains:
            yield _("no update")
            continue
        gain = gains[week]
        yield "–" if gain is None else signed(gain)
