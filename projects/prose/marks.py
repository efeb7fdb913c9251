"""What stands in a text without being said: bold marks, invisible characters, addresses, code."""

from __future__ import annotations

import re
from typing import Final

from projects.prose import lazy

# Pages out of editors have their bold marks in odd places (P**OS收单**系统) and invisible
# characters within words; both would cut a word in two.
_UNSAID: Final = lazy.compile("[*`\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]+|~~+|__+")
# Bounded, so that a text of nothing but addresses stays linear.
_ADDRESS: Final = lazy.compile(
    r"(?=[hfw])(?:(?:https?|ftp|file)://|www\.)[^\s<>\"'\u4e00-\u9fff,。、;)\]]{1,2000}"
)
_URL_CODES: Final = lazy.compile(r"(?:%[0-9A-Fa-f]{2}){2,2000}")
_CSS: Final = lazy.compile(
    r"(?=[a-z])(?:(?<![A-Za-z])(?:(?:min-|max-)?(?:width|height)|margin|padding|opacity|"
    r"flex-basis|font-size|"
    r"line-height|border-radius)[a-z-]{0,12} ?(?:[:=]|[\u4e00-\u9fff]{1,4}) ?[\"']?"
    r"(?:-?[0-9.]{1,8}(?:px|r?em|%)? ){0,3}-?[0-9.]{1,12} ?%"
    # rgba(0, 0, 0, 45%), calc(100% - 240px)
    r"|(?<![A-Za-z])(?:rgba?|hsla?|calc|translate[XY3]?d?|scale|clamp|minmax|repeat|color-mix|"
    r"(?:linear|radial)-gradient)\([^()\n]{0,80}\)"
    # Words that prose knows too count only with the end of a declaration.
    r"|(?<![A-Za-z])(?:top|left|right|bottom|flex|zoom) ?: ?-?[0-9.]{1,12}%[;}\"'])",
    re.IGNORECASE,
)


def without_marks(text: str) -> tuple[str, list[int] | None]:
    """``text`` without its unsaid marks, and where each character stood (``None``: no mark in it).

    The list has one entry more than the result has characters: the place of the end.
    """
    if _UNSAID.search(text) is None:
        return text, None
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for mark in _UNSAID.finditer(text):
        pieces.append(text[at : mark.start()])
        places.extend(range(at, mark.start()))
        at = mark.end()
    pieces.append(text[at:])
    places.extend(range(at, len(text)))
    places.append(len(text))
    return "".join(pieces), places


# An emoji stands between two things that are told, not within a name.
_BAR: Final = lazy.compile("[\u2580-\u259f\u25a0\u25a1\u25cf\u25cb]{3,40}")  # ██████░░░░ 60%
_EMOJI: Final = lazy.compile(
    "[\u231a-\u23ff\u25a0-\u25b1\u25b3-\u25bb\u25bd-\u25ff\u2600-\u27be\u2b05-\u2b55"
    "\U0001f000-\U0001faff]"
)
#: Any character of those two: most texts hold none.
_DRAWN: Final = lazy.compile("[\u231a-\u27be\u2b05-\u2b55\U0001f000-\U0001faff]")


def without_code(folded: str) -> str:
    """``folded`` with addresses, URL codes and CSS blanked out, length kept: no numbers of work.

    An emoji becomes a semicolon.
    """
    if not folded.isascii() and _DRAWN.search(folded):
        folded = _EMOJI.sub(";", _BAR.sub(_blank, folded))
    if "://" in folded or "www." in folded:
        folded = _ADDRESS.sub(_blank, folded)
    if "%" in folded:
        folded = _CSS.sub(_blank, _URL_CODES.sub(_blank, folded))
    return folded


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
