"""A metric's last weeks as one line, with its target dashed. Inline SVG, as in ``charts``."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString

from projects.history.charts import Values, in_words

WIDTH: Final = 100
HEIGHT: Final = 40
_MARGIN: Final = 3


def trend(history: Values, unit: str, target: Decimal | None = None) -> SafeString:
    """The values by week, oldest first, scaled to hold the target as well.

    Empty for fewer than two values: a line needs two points.
    """
    if len(history) < 2:
        return SafeString("")
    values = [float(value) for _week, value in history]
    ends = values if target is None else [*values, float(target)]
    low, high = min(ends), max(ends)
    begin, days = history[0][0], max((history[-1][0] - history[0][0]).days, 1)
    points = [
        f"{(week - begin).days / days * WIDTH:.1f} {_height(float(value), low, high):.1f}"
        for week, value in history
    ]
    goal = ""
    if target is not None:
        goal = f'<path class="goal" d="M0 {_height(float(target), low, high):.1f}H{WIDTH}"/>'
    line = " L".join(points)
    return SafeString(
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(in_words(history, unit))}">{goal}<path d="M{line}"/></svg>'
    )


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN)
