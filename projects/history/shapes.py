"""The elements that the progress chart is drawn with: shapes in SVG, each with its look. Pure.

They carry classes and presentation attributes, no styles. A page's stylesheet colours them for
light and dark; without one (print, PDF, mail) they have the light colours.
"""

from __future__ import annotations

from typing import Final

from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

type Spot = tuple[float, float]


def _dashed(colour: str, dashes: str) -> dict[str, str]:
    return {"fill": "none", "stroke": colour, "stroke-width": "1.7", "stroke-dasharray": dashes}


# Without a stylesheet. The colours are those of tokens.css for light.
_LOOK: Final = {
    "grid": {"stroke": "#dfe5ea"},
    "label": {"fill": "#4f5d6b"},
    "range": {"fill": "#0b5cad", "fill-opacity": ".12"},
    "plan": _dashed("#5f6c79", "6 4"),
    "forecast": _dashed("#0b5cad", "3 4"),
    "actual": {"fill": "none", "stroke": "#0b5cad", "stroke-width": "2.2"},
    "gap": _dashed("#0b5cad", "1 4"),
    "dot": {"fill": "#0b5cad"},
    "today": {"stroke": "#4f5d6b"},
    "due": {"fill": "none", "stroke": "#855400", "stroke-width": "1.6"},
    "due-dot": {"fill": "#855400"},
    "due-guide": {"stroke": "#855400", "stroke-dasharray": "2 4"},
    "incident": {"fill": "#b42323"},
}


def element(tag: str, kind: str, content: str = "", **attributes: object) -> SafeString:
    """One shape of a kind; an attribute's underscore stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    marks = flatatt({"class": kind, **_LOOK.get(kind, {}), **named})
    return format_html("<{0}{1}>{2}</{0}>", tag, marks, content)


def path(kind: str, d: str, content: str = "") -> SafeString:
    """A path of that kind; ``d`` is its data."""
    return element("path", kind, content, d=d)


def together(*shapes: SafeString) -> SafeString:
    """The shapes, one after the other."""
    return format_html_join("", "{}", ((shape,) for shape in shapes))


def at(value: float) -> str:
    """A coordinate to one decimal: 12, 12.5."""
    return f"{value:.1f}".removesuffix(".0")


def through(places: list[Spot]) -> str:
    """The path data of a line through the places."""
    return "M" + "L".join(f"{at(x)} {at(y)}" for x, y in places)
