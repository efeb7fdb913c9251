"""Headings in every form: which line begins a section, and of which kind. Pure.

The same heading is written 【O1 业务服务】, ``## 【O2系统升级】``, ``### A. 支付账户2.0升级``,
``**三、生产事件**`` or bare; a word table in two languages says what kind it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from projects.prose import fold
from reports.importer.dating.headings import standing_out, week_labels
from reports.importer.reading.heading_words import kind_of_words
from reports.importer.reading.outline import PARAGRAPH, OutlineLine
from reports.weekly.sections import Kind


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a section. ``kind`` is ``None`` where only its form says so."""

    line: OutlineLine
    kind: Kind | None
    text: str  # as written, without the Markdown mark
    level: int  # 1 to 6; 2 where the source had no Markdown heading
    code: str = ""  # O1, or the letter of "A. 支付账户"
    name: str = ""  # the objective's name


_CODED: Final = re.compile(
    r"(?P<code>O\s?(?P<number>\d{1,2}))(?![0-9A-Za-z%])\s*[.．\-—–:：、|/]*\s*(?P<name>.*)",
    re.IGNORECASE,
)
_MAY_BE_CODED: Final = re.compile(r"[OoＯｏ]|目[标標]")
_KEY_RESULT: Final = re.compile(r"KR\s?\d", re.IGNORECASE)
_OWN_CODE: Final = re.compile(r"\s*[（(]O\d{1,2}[)）]$")
_NUMBERED: Final = re.compile(
    r"(?:objective|目标|okr)\s*O?(?P<number>\d{1,2}|"
    r"[一二三四五六七八九])(?![0-9A-Za-z%年月日])\s*[.．\-—–:：、]*\s*(?P<name>.*)",
    re.IGNORECASE,
)
# I, V and X number the parts of a report.
_LETTERED: Final = re.compile(r"(?P<code>[A-HJ-UWYZ])\s*[.、．)）:：]\s*(?P<name>\S.*)")
_BRACKETED: Final = re.compile(r"【(?P<inner>[^【】]+)】\s*[:：]?")
_WHOLE_BOLD: Final = re.compile(r"(?:\*\*|__)(?P<inner>(?:(?!\*\*|__).)+)(?:\*\*|__)\s*[:：]?")
_ENUMERATION: Final = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:部分|[、.．])|[（(][一二三四五六七八九十\d]{1,3}[)）]|"
    r"\d{1,2}(?:[、．)）]|\.(?!\d))|[IVX]{1,4}[.、．]\s|\d{1,2}(?:\.\d{1,2}){0,2}[.、]?\s+(?=[^\s\d]))\s*"
)
_TAIL: Final = re.compile(r"\s*(?:[（(][^（()）]{0,40}[)）]|[:：]+|[—\-–]+)\s*$")
# ✅ Done, 🚧 In progress: pictures before and after a heading do not belong to its words.
_ORNAMENT: Final = re.compile(
    r"^[\s\u2190-\u23ff\u2500-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+|"
    r"[\s\u2190-\u23ff\u2500-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+$"
)
_CHINESE_DIGITS: Final = "一二三四五六七八九"
_SENTENCE: Final = re.compile(r"[。；;！!？?]|[，,].*[，,]")
_DIGIT: Final = re.compile(r"\d")
_MAX_NAME: Final = 60
_MAX_INDENT: Final = 3
_MAX_WORD: Final = 40


# One line is asked for from several sides, and headings come back from week to week.
@lru_cache(maxsize=4096)
def kind_of(text: str) -> Kind | None:
    """The kind of section that a heading with these words begins, if the word table knows it."""
    bare = _ORNAMENT.sub("", fold(text)).strip("*_~# \t").replace("计画", "计划")
    if len(bare) > _MAX_WORD * 2:
        return None
    bare = _ENUMERATION.sub("", bare.strip("【】[]「」<>《》")).strip("【】[]「」<>《》 ")
    while tail := _TAIL.search(bare):
        bare = bare[: tail.start()]
    if not bare or len(bare) > _MAX_WORD:
        return None
    word_kind = kind_of_words(bare)
    # 重点项目 · 贝易转 · POS: our own pages name the focus projects in their heading.
    first, listed, _ = bare.partition(" · ")
    return Kind.FOCUS if listed and kind_of_words(first) == Kind.FOCUS else word_kind


# Lines come back from week to week.
@lru_cache(maxsize=4096)
def objective_of(text: str, *, lettered: bool = False) -> tuple[str, str] | None:
    """Code and name of an objective's heading; letters are codes only where a heading is sure."""
    if not lettered and not _MAY_BE_CODED.search(text):
        return None
    bare = _unbracketed(text)
    if number := _ENUMERATION.match(fold(bare)):  # 二、O1 业务, 一、【O1 业务】
        bare = _unbracketed(bare[number.end() :])
    folded = fold(bare)
    if (match := _CODED.fullmatch(folded)) and not _KEY_RESULT.match(match["name"]):
        return f"O{int(match['number'])}", bare[match.start("name") :].strip()
    if match := _NUMBERED.fullmatch(folded):
        digit = match["number"]
        place = _CHINESE_DIGITS.index(digit) + 1 if digit in _CHINESE_DIGITS else int(digit)
        name = bare[match.start("name") :].strip()
        return f"O{place}", _OWN_CODE.sub("", name)
    if lettered and (match := _LETTERED.fullmatch(folded)):
        return match["code"].upper(), bare[match.start("name") :].strip()
    return None


def _unbracketed(text: str) -> str:
    bare = text.replace("**", "").replace("__", "").strip()
    if match := _BRACKETED.fullmatch(bare):
        bare = match["inner"].strip()
    return bare.rstrip(":：").strip() if not bare.endswith(("::", "：：")) else bare


def heading_of(line: OutlineLine, *, dressed: bool) -> Heading | None:
    """The heading that this line is, or ``None``.

    ``dressed``: the page writes its headings with brackets or Markdown marks, so a bare word in a
    list is an item there, not a heading.
    """
    plain = line.plain
    if not plain or line.is_table_row:
        return None
    if line.level:
        return _heading(line, kind_of(plain), objective_of(plain, lettered=True), level=line.level)
    if line.indent > _MAX_INDENT or (says := _says(plain)) is None:
        return None
    word_kind, objective, is_bracketed = says
    if (
        is_bracketed
        or _WHOLE_BOLD.fullmatch(line.text.strip())
        or _is_bare(line, word_kind, objective, dressed=dressed)
    ):
        return _heading(line, word_kind, objective)
    return None


# Lines come back from week to week, and most say nothing of the kind.
@lru_cache(maxsize=4096)
def _says(plain: str) -> tuple[Kind | None, tuple[str, str] | None, bool] | None:
    """What a line says as a heading: the kind, the objective, and whether in brackets."""
    word_kind = kind_of(plain)
    objective = objective_of(plain) if len(plain) <= _MAX_NAME else None
    is_bracketed = _BRACKETED.fullmatch(plain) is not None
    if word_kind is None and objective is None and not is_bracketed:
        return None
    return word_kind, objective, is_bracketed


def _is_bare(
    line: OutlineLine, word_kind: Kind | None, objective: tuple[str, str] | None, *, dressed: bool
) -> bool:
    """Whether words without brackets or marks are a heading all the same."""
    if dressed and (line.rank != PARAGRAPH or word_kind == Kind.WORK):
        return False
    if objective and _SENTENCE.search(line.plain) is None:
        return line.rank in {PARAGRAPH, 10, 30, 68}
    return word_kind is not None and line.rank in {PARAGRAPH, 10, 20, 30, 68}


def _heading(
    line: OutlineLine, word_kind: Kind | None, objective: tuple[str, str] | None, level: int = 2
) -> Heading:
    text = re.sub(r"\*{2,}|__", "", line.printed) if line.rank > 6 else line.printed
    if objective is not None and objective[1][:1] not in "：:":
        return Heading(line, Kind.OBJECTIVE, text, level, *objective)
    return Heading(line, word_kind, text, level)


def names_a_week(line: OutlineLine) -> bool:
    """Whether the line is nothing but a week's label: 2025-W12, 【2024年第11周】3/11~3/15."""
    return _DIGIT.search(line.raw) is not None and _is_label(line.raw)


@lru_cache(maxsize=4096)
def _is_label(raw: str) -> bool:
    shown = standing_out(raw)
    return shown is not None and bool(week_labels(shown))


def is_dressed(lines: list[OutlineLine]) -> bool:
    """Whether the page marks its headings: two known ones have brackets or Markdown marks."""
    count = 0
    for line in lines:
        if line.level or (line.plain[:1] == "【" and _BRACKETED.fullmatch(line.plain)):
            heading = heading_of(line, dressed=True)
            count += heading is not None and heading.kind is not None
            if count == 2:
                return True
    return False
