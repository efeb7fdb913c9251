"""Small charts as inline SVG, drawn on the server, with a sentence that says the same.

They carry classes, no styles and no script: a strict CSP lets them pass, and they print.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH: Final = 84
HEIGHT: Final = 22
_MARGIN: Final = 3

type History = Sequence[tuple[date, Decimal]]
type Scale = tuple[Decimal, Decimal]

PERCENT: Final[Scale] = (Decimal(0), Decimal(100))


def sparkline(history: History, *, unit: str = "%", scale: Scale | None = PERCENT) -> SafeString:
    """The values by week as one line, oldest first; a week without a value makes a longer step.

    ``scale`` is the value at the foot and the one at the top; ``None`` takes the smallest and the
    largest of ``history``. Empty for fewer than two values: a line needs two points.
    """
    if len(history) < 2:
        return SafeString("")
    points = _points(history, scale or _range_of(history))
    line = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    end_x, end_y = points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        '<path class="area" d="{line} L{end_x} {height} L{start_x} {height}Z"/>'
        '<path d="{line}"/><circle cx="{end_x}" cy="{end_y}" r="2.2"/></svg>',
        width=WIDTH,
        height=HEIGHT,
        label=_in_words(history, unit),
        line=line,
        start_x=f"{points[0][0]:.1f}",
        end_x=f"{end_x:.1f}",
        end_y=f"{end_y:.1f}",
    )


def _in_words(history: History, unit: str) -> str:
    """过去 7 周：20% 到 72%."""
    (begin, first), (end, last) = history[0], history[-1]
    figures = {
        "weeks": (end - begin).days // 7 + 1,
        "first": f"{first.normalize():f}{unit}",
        "last": f"{last.normalize():f}{unit}",
    }
    return _("Last %(weeks)s weeks: %(first)s to %(last)s") % figures


def _range_of(history: History) -> Scale:
    values = [value for _week, value in history]
    return min(values), max(values)


def _points(history: History, scale: Scale) -> list[tuple[float, float]]:
    """Each value's place in the picture; what lies beyond the scale is drawn at its edge."""
    low, high = scale
    begin, end = history[0][0], history[-1][0]
    days = max((end - begin).days, 1)
    wide, tall = WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN
    points = []
    for week, value in history:
        share = (value - low) / (high - low) if high > low else Decimal("0.5")
        y = HEIGHT - _MARGIN - float(min(max(share, Decimal(0)), Decimal(1))) * tall
        points.append((_MARGIN + (week - begin).days / days * wide, y))
    return points
