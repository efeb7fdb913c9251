"""Lines of key results: code, text, and the percent or score that they say. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from projects import prose
from projects.prose import fold
from reports.importer.page import KeyResultRead
from reports.importer.reading.outline import OutlineLine

_CODED: Final = re.compile(
    r"(?:O\s?(?P<objective>\d{1,2})\s*[-–—./ ]?\s*)?(?:KR|key results?|关键结果)\s*[-.#]?\s*"
    r"(?P<number>\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九])(?![\d%])\s*[.．:：、)）\-–—|]*\s*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_MARK: Final = r"(?:[=-]+>|—+>?|→|[:：|，,;；])"
_DONE: Final = r"(?:done|completed?|achieved|reached|(?:已|全部)?(?:完成|达成|达标))"
_ENDING: Final = re.compile(
    rf"\s*(?:{_MARK}\s*(?:(?:score|评分|得分|打分|进度|完成度|完成|progress|当前)\s*[:：]?\s*)?"
    rf"|[（(\[]\s*(?:(?:score|评分|得分|进度|完成度|progress)\s*[:：]?\s*)?|\s)"
    rf"(?:(?P<percent>\d{{1,3}}(?:\.\d+)?)\s*%|(?P<score>0\.\d{{1,2}}|1\.0|[01](?=\s*分))(?:\s*分)?|"
    rf"(?P<done>{_DONE}))\s*[)）\]]?\s*[。.]?\s*",
    re.IGNORECASE,
)
_SCORE: Final = re.compile(
    r"(?:score|评分|得分|打分|自评)\s*[:：=]?\s*(?P<score>0(?:\.\d{1,2})?|1(?:\.0{1,2})?)(?![\d.%])",
    re.IGNORECASE,
)
_VALUE_NOW: Final = re.compile(r"当前|目前|现|now|currently", re.IGNORECASE)
_PROGRESS: Final = re.compile(r"完成|进度|进展|progress|complete|done", re.IGNORECASE)
_DIGITS: Final = "一二三四五六七八九"


def is_key_result(line: OutlineLine) -> bool:
    """Whether the line is a key result's: KR1 …, O1-KR2 …, 关键结果一：…"""
    return _begins_with_code(line.plain)


# Lines come back from week to week.
@lru_cache(maxsize=4096)
def _begins_with_code(plain: str) -> bool:
    return _CODED.match(fold(plain)) is not None


@lru_cache(maxsize=4096)
def coded(text: str) -> tuple[str, str, str] | None:
    """Objective (or nothing), code and words of a key result: O1-KR2 首次响应 is O1, KR2."""
    match = _CODED.fullmatch(fold(text))
    if match is None:
        return None
    number = match["number"]
    number = str(_DIGITS.index(number) + 1) if number in _DIGITS else number
    objective = f"O{int(match['objective'])}" if match["objective"] else ""
    return objective, f"KR{number}", text[match.start("text") :].strip()


def read_key_result(line: OutlineLine, objective: str, *, week: date) -> KeyResultRead | None:
    """The key result on this line; ``objective`` is that of the section it stands in."""
    plain = line.plain
    if (named := coded(plain)) is None:
        return None
    own_objective, code, text = named
    percent, score, end = _outcome(text, week)
    return KeyResultRead(
        objective=own_objective or objective,
        code=code,
        text=text[:end].rstrip(" ，,；;:：=->→—|"),
        percent=percent,
        score=score,
        line=line.number,
    )


def _outcome(text: str, week: date) -> tuple[Decimal | None, Decimal | None, int]:
    """Percent, score, and where the words before them end.

    What stands last decides, so a target within the text (Keep 99.95% uptime => 100%) does not.
    """
    folded = fold(text)
    if match := _SCORE.search(folded):
        percents = prose.read(text, week=week).percents
        return percents[-1].value if percents else None, Decimal(match["score"]), match.start()
    last = None
    for match in _ENDING.finditer(folded):
        last = match
    if last is not None and last.end() == len(folded):
        if last["percent"] and _VALUE_NOW.search(last[0]) and "%" in folded[: last.start()]:
            return None, None, len(text)  # 点击率到5%（当前4.6%）: a value, not how far it is
        if last["percent"] and _is_marked(last[0]):
            return min(Decimal(last["percent"]), Decimal(100)), None, last.start()
        if last["score"] and _is_marked(last[0]):
            return None, Decimal(last["score"]), last.start()
        if last["done"] and _is_marked(last[0]):
            return Decimal(100), None, last.start()
    # 自动解决率60%，目前52% is a target and a value; 覆盖率80%，完成50% says how far it is.
    every = prose.read(text, week=week).percents
    percents = tuple(p for p in every if _PROGRESS.search(p.label) or folded.count("%") == 1)
    return percents[-1].value if percents else None, None, len(text)


def _is_marked(ending: str) -> bool:
    """Whether a mark, not a mere blank, stands before the outcome."""
    return not ending[:1].isspace() or not ending.strip()[:1].isalnum()
