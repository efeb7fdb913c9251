"""Small charts as inline SVG, drawn on the server, with a sentence that says the same.

They carry classes, no styles and no script: a strict CSP lets them pass, and they print.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.text.numbers import plain

WIDTH: Final = 84
HEIGHT: Final = 22
_MARGIN: Final = 3

type Values = Sequence[tuple[date, Decimal]]
type Scale = tuple[Decimal, Decimal]

PERCENT: Final[Scale] = (Decimal(0), Decimal(100))


def sparkline(history: Values, *, unit: str = "%", scale: Scale | None = PERCENT) -> SafeString:
    """The values by week as one line, oldest first; a week without a value makes a longer step.

    ``scale`` is the value at the foot and the one at the top; ``None`` takes the smallest and the
    largest of ``history``. Empty for fewer than two values: a line needs two points.
    """
    if len(history) < 2:
        return SafeString("")
    points = [f"{x:.1f} {y:.1f}" for x, y in _points(history, scale or _range_of(history))]
    line = "M" + " L".join(points)
    start_x, _sep, _start_y = points[0].partition(" ")
    end_x, _sep, end_y = points[-1].partition(" ")
    # Numbers alone but for the label; format_html would ask each of them whether it is safe.
    return SafeString(
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(in_words(history, unit))}">'
        f'<path class="area" d="{line} L{end_x} {HEIGHT} L{start_x} {HEIGHT}Z"/>'
        f'<path d="{line}"/><circle cx="{end_x}" cy="{end_y}" r="2.2"/></svg>'
    )


def in_words(history: Values, unit: str) -> str:
    """What a sparkline of at least two values shows: 过去 7 周：20% 到 72%."""
    (begin, first), (end, last) = history[0], history[-1]
    figures = {
        "weeks": (end - begin).days // 7 + 1,
        "first": f"{plain(first)}{unit}",
        "last": f"{plain(last)}{unit}",
    }
    return _("Last %(weeks)s weeks: %(first)s to %(last)s") % figures


def _range_of(history: Values) -> Scale:
    values = [value for _week, value in history]
    return min(values), max(values)


def _points(history: Values, scale: Scale) -> list[tuple[float, float]]:
    """Each value's place in the picture; what lies beyond the scale is drawn at its edge."""
    low, high = float(scale[0]), float(scale[1])
    begin, end = history[0][0], history[-1][0]
    days = max((end - begin).days, 1)
    wide, tall = WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN
    points = []
    for week, value in history:
        share = (float(value) - low) / (high - low) if high > low else 0.5
        y = HEIGHT - _MARGIN - min(max(share, 0.0), 1.0) * tall
        points.append((_MARGIN + (week - begin).days / days * wide, y))
    return points
