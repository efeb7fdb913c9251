"""The small charts of a page as PNG, for mail programs, which show no SVG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import resvg_py

from okrtracker.mail.mime import Picture
from projects.history.charts import PERCENT, Scale, Values, in_words, sparkline

# Twice the size at which it is shown: telephones have that many dots.
_ZOOM: Final = 2
#: Of all pictures of one mail, in bytes.
ROOM: Final = 100_000
# A blue that is told apart from white and from the dark ground of a mail at night (3:1).
_LOOK: Final = """
.spark path { fill: none; stroke: #3b82d6; stroke-width: 1.6 }
.spark .area { fill: #3b82d6; fill-opacity: .18; stroke: none }
.spark circle { fill: #3b82d6 }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture where it stands: its name in the mail, and what it says in words."""

    cid: str
    alt: str


class Album:
    """The pictures of one mail, as many as there is room for."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._taken: list[Picture] = []
        self._left = ROOM

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(self._taken)

    def course(
        self, history: Values, unit: str = "%", scale: Scale | None = PERCENT
    ) -> Shown | None:
        """The sparkline that the page has for it; ``None`` without one, or without room."""
        svg = sparkline(history, unit=unit, scale=scale)
        png = _png(str(svg)) if svg else b""
        if not png or len(png) > self._left:
            return None
        self._left -= len(png)
        cid = f"chart-{len(self._taken) + 1}@{self._host}"
        self._taken.append(Picture(cid, png))
        return Shown(cid, in_words(history, unit))

    def keep(self, html: str) -> tuple[Picture, ...]:
        """Those that the HTML shows: a part that is left out takes its pictures along."""
        return tuple(picture for picture in self._taken if f"cid:{picture.cid}" in html)


@lru_cache(maxsize=512)
def _png(svg: str) -> bytes:
    """Without any text, so that it needs no fonts."""
    whole = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=whole, style_sheet=_LOOK, zoom=_ZOOM, skip_system_fonts=True
        )
    )
