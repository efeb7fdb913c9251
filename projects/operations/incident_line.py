"""Read an incident as people write it in one line: 06-18 12:03 监控发现：对账任务超时. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from projects.prose import fold
from projects.text.names import spelling

_DAY: Final = r"(?:(?P<year>20\d\d)[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
_CLOCK: Final = r"(?P<hour>\d{1,2})[:点时](?P<minute>\d{2})?分?(?::\d{2})?"
_MOMENT: Final = re.compile(
    rf"(?:{_DAY}|(?P<word>今天|今日|昨天|昨日|前天))?\s*(?:\((?:周|星期).\)|(?:周|星期)[一二三四五六日天])?"
    rf"\s*(?P<half>早上|上午|下午|晚上|晚|中午|凌晨)?\s*{_CLOCK}"
)
_DAYS_AGO: Final = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
_LIST_MARK: Final = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.、)])\s+")
_FINDER: Final = re.compile(
    r"(?P<who>[^\s,，。:：;；]{1,10}?(?:发现|告警|报警|反馈|上报|报障|投诉))"
)
_PART: Final = re.compile(
    r"[\s,，。;；]*(?P<name>根本原因|故障原因|原因|处理结果|处理方案|处理|解决方案|解决|措施|cause|resolution)"
    r"\s*[:：]\s*",
    re.IGNORECASE,
)
_ANY_MOMENT: Final = re.sub(r"\?P<[a-z]+>", "", _MOMENT.pattern)
_RECOVERED: Final = re.compile(
    rf"[\s,，。;；]*(?:于|在)?\s*(?P<moment>{_ANY_MOMENT})\s*(?:已)?(?:恢复|修复)(?:正常)?"
)
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
    """The incident of the line; moments are of the clock of ``now``."""
    rest = _LIST_MARK.sub("", " ".join(text.split()))
    begun, rest = _taken_moment(rest, now)
    recovered = None
    if match := _RECOVERED.search(fold(rest)):
        base = begun or now
        recovered, _ = _taken_moment(match["moment"], now, base.date())
        rest = rest[: match.start()] + rest[match.end() :]
    severity, rest = _taken_severity(rest, severities)
    parts = _PART.split(rest)
    finder, description = _taken_finder(parts[0], detections)
    labelled_texts = {
        "cause" if ("因" in name or name.lower() == "cause") else "resolution": words.strip(_EDGES)
        for name, words in zip(parts[1::2], parts[2::2], strict=True)
    }
    return IncidentLine(
        begun, severity, finder, description, recovered_at=recovered, **labelled_texts
    )


def _taken_moment(text: str, now: datetime, day: date | None = None) -> tuple[datetime | None, str]:
    """The moment at the beginning, and the words behind it."""
    match = _MOMENT.match(fold(text))
    if match is None:
        return None, text
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"] in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    try:
        at = time(hour, minute)
        on = _day_of(match, now.date(), day)
    except ValueError:  # 13-40 25:70 is no moment
        return None, text
    return datetime.combine(on, at, now.tzinfo), text[match.end() :].strip(_EDGES)


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
