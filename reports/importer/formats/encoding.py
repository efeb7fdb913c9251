"""Bytes to text without losing a character: UTF-8, UTF-16, GB18030 (GBK, GB2312), Big5.

Nothing is replaced or dropped: a byte that fits no encoding makes the file unreadable, and the
reason names its line.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from functools import cache
from typing import Final

from reports.importer.formats.problems import NotTextError, Problem

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE: Final = ("gb18030", "big5hkscs")
_PLAUSIBLE: Final = 0.8  # share of common characters; a wrong guess gives less than half of that
_MOSTLY_UTF8: Final = 20  # good characters for each bad byte: a damaged file, not another encoding
_STRAY: Final = 4
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PAIRED_HIGH_BYTES: Final = re.compile(rb"[\x80-\xff]{2}")
_HIGH_BYTE: Final = re.compile(rb"[\x80-\xff]")
_CHINESE_SIGN: Final = re.compile(r"[^\x00-\xff]")


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of ``data``, its byte order mark taken off; line ends stay as they are.

    ``declared`` is the encoding that the document itself names (HTML); it is only believed where
    the bytes do not say otherwise. Raises ``NotTextError``.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strictly(data[len(mark) :], encoding))
    if b"\x00" in data:
        return _checked(_utf16_without_mark(data))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _checked(_other(data, error, declared))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise NotTextError(Problem.DAMAGED_IN, encoding.upper(), line=line) from error


def _checked(text: str) -> str:
    """``text``, unless it is binary; single control characters that were pasted along may stay."""
    if (zero := text.find("\x00")) >= 0:
        raise NotTextError(Problem.BINARY, line=len((text[:zero] + "x").splitlines()))
    if len(_CONTROL.findall(text)) > max(_STRAY, len(text) // 200):
        raise NotTextError(Problem.BINARY)
    return text


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 text that lacks its mark has most of its zero bytes on one side.

    A few zero bytes in UTF-8 text came in by accident: nobody sees them, and they are left out.
    """
    if data.count(0) <= max(_STRAY, len(data) // 200):
        with contextlib.suppress(UnicodeDecodeError):
            return data.replace(b"\x00", b"").decode("utf-8")
    even, odd = data[::2].count(0), data[1::2].count(0)
    if not len(data) % 2 and min(even, odd) * 10 < max(even, odd):
        text = _strictly(data, "utf-16-le" if odd > even else "utf-16-be")
        if not _CHINESE_SIGN.search(text) or plausibility(text) >= _PLAUSIBLE / 2:
            return text
    raise NotTextError(Problem.BINARY, line=_line_of(data, data.index(0)))


def _other(data: bytes, error: UnicodeDecodeError, declared: str | None) -> str:
    """The text in the Chinese encoding that fits best, or Windows Latin between English words."""
    if _is_damaged_utf8(data):
        raise NotTextError(Problem.DAMAGED_IN, "UTF-8", line=_line_of(data, error.start)) from error
    guesses = [_guess(data, encoding) for encoding in _candidates(declared)]
    best, text = max(guesses, key=lambda guess: guess[0])
    if text is not None and best >= _PLAUSIBLE:
        return text
    if not _PAIRED_HIGH_BYTES.search(data):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError as fault:
            raise NotTextError(Problem.DAMAGED_TEXT, line=_line_of(data, fault.start)) from fault
    raise NotTextError(Problem.NO_ENCODING, line=_first_bad_line(data)) from error


def _candidates(declared: str | None) -> list[str]:
    """The encodings to try; of two that fit equally well the first wins, the declared one."""
    name = (declared or "").strip().lower()
    if name.startswith("big5"):
        return ["big5hkscs", "gb18030"]
    if name and not name.startswith(("gb", "utf", "iso-8859", "windows-1252", "ascii")):
        try:
            return [codecs.lookup(name).name, *_CHINESE]
        except LookupError:
            pass
    return list(_CHINESE)


def _guess(data: bytes, encoding: str) -> tuple[float, str | None]:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return -1.0, None
    return plausibility(text), text


def plausibility(text: str) -> float:
    """The share of common ones among the characters beyond Latin, 0 to 1."""
    signs = _CHINESE_SIGN.findall(text)
    return sum(map(_common().__contains__, signs)) / len(signs) if signs else 0.0


@cache
def _common() -> frozenset[str]:
    """The everyday characters of Simplified and Traditional Chinese, with their punctuation.

    Level 1 of GB 2312 and of Big5: their makers sorted characters by use. Bytes read in the
    wrong one of the two encodings give characters from all over the tables.
    """
    simplified = _block("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _block("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    full_width = map(chr, range(0xFF01, 0xFF5F))
    return (
        simplified
        | traditional
        | {*full_width, *"　、。〈〉《》「」『』【】·—…‘’“”①②③④⑤⑥⑦⑧⑨⑩→√●■◆★"}
    )


def _block(encoding: str, leads: range, trails: range | list[int]) -> frozenset[str]:
    pairs = b"".join(bytes((lead, trail)) for lead in leads for trail in trails)
    return frozenset(pairs.decode(encoding, "ignore"))


def _is_damaged_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return len(_CHINESE_SIGN.findall(text)) - bad >= bad * _MOSTLY_UTF8


def _first_bad_line(data: bytes) -> int:
    """Where the Chinese encoding that gets furthest stops."""
    furthest = 0
    for encoding in _CHINESE:
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    if not furthest and (high := _HIGH_BYTE.search(data)):
        furthest = high.start()
    return _line_of(data, furthest)


def _line_of(data: bytes, position: int) -> int:
    return len((data[:position] + b"x").splitlines())
