"""Read an incident as people write it in one line: 06-18 12:03 监控发现：对账任务超时. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from projects.prose import fold
from projects.text.names import spelling

_DAY: Final = r"(?:(?P<year>20\d\d)[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
_DIGITS: Final = {name: hour for hour, name in enumerate("零一二三四五六七八九十")}
_HOURS_IN_WORDS: Final = _DIGITS | {"两": 2, "十一": 11, "十二": 12}
_MINUTES_IN_WORDS: Final = {"半": 30, "一刻": 15, "三刻": 45}
_CLOCK: Final = (
    r"(?P<hour>\d{1,2}|十[一二]?|[零一二两三四五六七八九](?=点))[:点时]"
    r"(?P<minute>\d{2}|半|[一三]刻)?分?(?::\d{2})?"
)
_MOMENT: Final = re.compile(
    rf"(?:{_DAY}|(?P<word>今天|今日|昨天|昨日|昨(?=晚)|前天))?\s*(?:\((?:周|星期).\)|(?:周|星期)[一二三四五六日天])?"
    rf"\s*(?P<half>早上|上午|下午|傍晚|晚上|晚|夜里|中午|凌晨)?\s*{_CLOCK}"
)
_DAYS_AGO: Final = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "昨": 1, "前天": 2}
_AFTERNOON: Final = ("下午", "傍晚", "晚上", "晚", "夜里")
_LIST_MARK: Final = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.、)])\s+")
# What may stand before the moment: 【P2】, 发生时间：
_BEFORE: Final = re.compile(r"(?:[\[【(（][^\]】)）]{1,12}[\]】)）]|(?:发生)?时间\s*[:：])\s*")
_UNTIL: Final = re.compile(rf"\s*[-–—~～至到]\s*(?={re.sub(r'[?]P<[a-z]+>', '', _CLOCK)})")
_FINDER: Final = re.compile(
    r"(?P<who>[^\s,，。:：;；【】\[\]()（）]{1,10}?(?:发现|告警|报警|反馈|上报|报障|投诉))"
)
_PART: Final = re.compile(
    r"[\s,，。;；]*(?P<name>(?:根本|故障)?原因|根因|(?:解决|处理|应对|改进)?(?:措施|方案|结果|办法)"
    r"|解决|处理|cause|resolution)\s*[:：]\s*",
    re.IGNORECASE,
)
_ANY_MOMENT: Final = re.sub(r"\?P<[a-z]+>", "", _MOMENT.pattern)
_RECOVERED: Final = re.compile(
    rf"[\s,，。;；]*(?:已?(?:于|在)?\s*(?P<before>{_ANY_MOMENT})\s*(?:已)?(?:恢复|修复)(?:正常)?"
    rf"|(?:恢复|修复)(?:时间)?\s*[:：于]\s*(?P<after>{_ANY_MOMENT}))"
)
_COMMAS: Final = re.compile(r"[,，]\s*(?=[,，])")
_EDGES: Final = " \t,，。:：;；-—|"


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """What the line says; empty or ``None`` where it says nothing of it."""

    occurred_at: datetime | None = None
    severity: str = ""
    detected_by: str = ""
    description: str = ""
    cause: str = ""
    resolution: str = ""
    recovered_at: datetime | None = None


def read_line(
    text: str, now: datetime, severities: Iterable[str], detections: Iterable[str]
) -> IncidentLine:
    """The incident of the line or of a spreadsheet's row; moments are of the clock of ``now``."""
    if "\t" in text.strip():
        return _read_row(text.strip().split("\t"), now, severities, detections)
    rest = _LIST_MARK.sub("", " ".join(text.split()))
    begun, rest = _begun(rest, now)
    recovered = None
    if begun and (match := _UNTIL.match(fold(rest))):  # 8:05-8:40
        recovered, rest = _taken_moment(rest[match.end() :], now, begun.date())
    elif match := _RECOVERED.search(fold(rest)):
        day = (begun or now).date()
        recovered, _ = _taken_moment(match["before"] or match["after"], now, day)
        rest = rest[: match.start()] + rest[match.end() :]
    severity, rest = _taken_severity(rest.strip(_EDGES), severities)
    if begun is None:
        begun, rest = _taken_moment(rest, now)
    parts = _PART.split(_COMMAS.sub("", rest))
    finder, description = _taken_finder(parts[0].strip(_EDGES), detections)
    labelled_texts = {
        "cause" if ("因" in name or name.lower() == "cause") else "resolution": words.strip(_EDGES)
        for name, words in zip(parts[1::2], parts[2::2], strict=True)
    }
    return IncidentLine(
        begun,
        severity,
        finder,
        description,
        recovered_at=_not_before(recovered, begun),
        **labelled_texts,
    )


def _read_row(
    cells: list[str], now: datetime, severities: Iterable[str], detections: Iterable[str]
) -> IncidentLine:
    """Cells that are moments, levels and ways of finding by what they say, the rest in order."""
    moments: list[datetime] = []
    choices = {"severity": "", "detected_by": ""}
    levels = {spelling(word): ("severity", word) for word in severities}
    ways = {spelling(word): ("detected_by", word) for word in detections}
    texts: list[str] = []
    for cell in map(str.strip, cells):
        moment, rest = _taken_moment(cell, now, moments[0].date() if moments else None)
        field, word = (levels | ways).get(spelling(cell), ("", ""))
        if moment and not rest.strip() and len(moments) < 2:
            moments.append(moment)
        elif field and not choices[field]:
            choices[field] = word
        elif cell:
            texts.append(cell)
    begun, recovered = [*moments, None, None][:2]
    description, cause, *others = [*texts, "", ""]
    return IncidentLine(
        begun,
        description=description,
        cause=cause,
        resolution=" ".join(others).strip(),
        recovered_at=_not_before(recovered, begun),
        **choices,
    )


def _begun(text: str, now: datetime) -> tuple[datetime | None, str]:
    """When it began, and the other words: the moment stands first, or behind a level or a label."""
    begun, rest = _taken_moment(text, now)
    if begun is None and (match := _BEFORE.match(fold(text))):
        begun, rest = _taken_moment(text[match.end() :], now)
        if begun is None:
            return None, text
        level = text[: match.end()]
        rest = rest if "时间" in level else f"{level}{rest.strip(_EDGES)}"
    return begun, rest


def _not_before(recovered: datetime | None, begun: datetime | None) -> datetime | None:
    """23:50 to 0:20 is the day after."""
    if recovered and begun and recovered < begun <= recovered + timedelta(days=1):
        return recovered + timedelta(days=1)
    return recovered


def _taken_moment(text: str, now: datetime, day: date | None = None) -> tuple[datetime | None, str]:
    """The moment at the beginning, and the words behind it."""
    match = _MOMENT.match(fold(text))
    if match is None:
        return None, text
    hour = _number(match["hour"], _HOURS_IN_WORDS)
    if (match["half"] in _AFTERNOON and hour < 12) or (match["half"] == "中午" and hour < 3):
        hour += 12
    try:
        at = time(hour, _number(match["minute"] or "0", _MINUTES_IN_WORDS))
        on = _day_of(match, now.date(), day)
    except ValueError:  # 13-40 25:70 is no moment
        return None, text
    return datetime.combine(on, at, now.tzinfo), text[match.end() :]


def _number(text: str, words: Mapping[str, int]) -> int:
    return words[text] if text in words else int(text)


def _day_of(match: re.Match[str], today: date, day: date | None) -> date:
    if match["word"]:
        return today - timedelta(days=_DAYS_AGO[match["word"]])
    if not match["month"]:
        return day or today
    month, number = int(match["month"]), int(match["day"])
    if match["year"]:
        return date(int(match["year"]), month, number)
    on = date(today.year, month, number)
    return on if on <= today else date(today.year - 1, month, number)


def _taken_severity(text: str, severities: Iterable[str]) -> tuple[str, str]:
    """The level that stands by itself, in brackets or with 级."""
    for severity in sorted(severities, key=len, reverse=True):
        word = re.escape(severity)
        pattern = rf"(?<![\w])[\[【(（]?{word}(?:级(?:事件|故障)?|类|(?![\w]))[\]】)）]?[:：]?\s*"
        if match := re.search(pattern, text, re.IGNORECASE | re.ASCII):
            return severity, (text[: match.start()] + text[match.end() :]).strip(_EDGES)
    return "", text


def _taken_finder(text: str, detections: Iterable[str]) -> tuple[str, str]:
    """How it was found, in the team's own words where they fit, and what was found."""
    for detection in sorted(detections, key=len, reverse=True):
        if detection and spelling(text).startswith(spelling(detection)):
            return detection, text[len(detection) :].strip(_EDGES) or text
    match = _FINDER.match(text)
    if match is None:
        return "", text.strip(_EDGES)
    return match["who"], text[match.end() :].strip(_EDGES) or text.strip(_EDGES)
