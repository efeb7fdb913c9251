"""The incidents section: when, noticed by whom, why, and what was done. Pure.

An incident begins with its date, alone or behind a label (发生时间：); what follows on that line
or below, up to the next date, is sorted by its labels (原因：, 【解决办法】：), in any order.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from projects.prose import fold
from reports.importer.page import IncidentRead
from reports.importer.reading import tables
from reports.importer.reading.outline import OutlineLine, dedented

_WHEN: Final = re.compile(
    r"^(?:(?:[PS][0-5]|[A-E]{1,2}\+?级?)(?:事故|故障|事件|级)?\s*[:：]?\s+)?(?:[【\[(（]?\s*(?:(?:事件|故障|事故|问题)?(?:发生|发现|开始)?(?:时间|日期)|time|date|"
    r"when)\s*[】\])）]?\s*[:：]?\s*)?[【\[(（]?\s*"
    r"(?:(?P<year>20\d\d)\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*(?P<sep>[-/.月])\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:\s*[(（]?\s*(?:周|星期)[一二三四五六日天]\s*[)）]?)?"
    r"[\sT,，]*(?:(?:上午|下午|晚上?|凌晨|中午|"
    r"早上?)\s*)?(?:(?P<hour>\d{1,2})\s*(?:[:点时]\s*(?P<minute>\d{2})?(?:\s*分|"
    r":\d{2})?))?(?:\s*[-~—–至到]+\s*(?P<end>\d{1,2}:\d{2}))?\s*[】\])）]?",
    re.IGNORECASE,
)
_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH: Final = r"(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
# May 15, 21:10 – …; Tue 14 May 2024 at 9:05 pm: …
_WHEN_ENGLISH: Final = re.compile(
    r"[\[(]?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
    rf"(?:{_MONTH.format('name')}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('name2')})"
    r"(?:,?\s+(?P<year>20\d\d))?"
    r"(?:(?:\s*,\s*|\s+at\s+|\s*[-–—]\s*|\s+)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:\s*(?P<half>[ap])\.?m\.?)?(?![\d%]))?"
    r"(?:\s*[-–—]\s*\d{1,2}:\d{2})?(?:\s*(?:UTC|GMT|CET|CEST|EST|PST|CST)\b)?[\])]?(?:\s*[-–—:]+)?",
    re.IGNORECASE,
)
_AFTERNOON: Final = re.compile(r"下午|晚")
_LABEL: Final = re.compile(
    r"(?P<open>[【\[])?\s*(?P<label>(?:根本|直接|问题|故障|事故)?原因(?:分析)?|根因|root cause|"
    r"cause"
    r"|(?:处理|解决|应对|修复|改进|恢复|后续)(?:办法|方案|措施|方式|过程|结果|情况)?|措施|resolution|"
    r"fix|action(?: items?)?"
    r"|影响(?:范围|面|业务|情况)?|impact|(?:问题|故障|事件|现象)?(?:描述|现象|概述)|description|"
    r"summary"
    r"|(?<!业务)(?<!监控)(?<!巡检)(?<!商户)(?<!用户)(?<!自查)(?<!测试)(?<!运营)发现(?:方式|途径|渠道|人)?|"
    r"detected by|(?:恢复|结束|解决)时间|recovered(?: at)?|(?:事故|"
    r"故障|事件)?(?:等级|级别|定级)|severity)\s*(?:[】\]]\s*[:：]?|[:：]|(?<=原因)[为是](?![否什]))\s*",
    re.IGNORECASE,
)
_DETECTED: Final = re.compile(
    r"(?:监控(?:平台|系统)?(?:告警|报警|发现)?|告警|业务(?:方|侧|人员)?|商户|用户|客户|客服|运营|"
    r"测试|研发|开发|运维|值班(?:人员)?|合作方|银行|渠道|巡检|对账|财务|上游|下游|自查|内部)"
    r"(?:发现|反馈|上报|报障|投诉|告警|报警|通知)|自查发现|巡检发现|(?:detected|reported|"
    r"found) by [a-z ]{2,30}",
    re.IGNORECASE,
)
# 11/21 09:35 监控发现 网关…: who noticed it stands before what happened, separated from it.
_LEADING_DETECTION: Final = re.compile(
    rf"[\s，,、【\[(（]*(?:{_DETECTED.pattern})(?:\s*[】\])）:：，,]+\s*|\s+)", re.IGNORECASE
)
_RECOVERED: Final = re.compile(
    r"(?P<hour>\d{1,2})\s*[:点时]\s*(?P<minute>\d{2})\s*分?[^，,。；;：:\n\d]{0,12}?"
    r"(?:恢复|修复|解决(?!办法|方案)|止血|完成(?!发布|上线|切换)|处理完毕)|(?:恢复|解决|"
    r"结束)时间\s*[:：]?\s*(?:\d{1,2}[-/月.]\d{1,2}日?\s*)?(?P<hour2>\d{1,2})\s*[:点时]\s*(?P<minute2>\d{2})"
    r"|(?:recovered|resolved|restored|mitigated)(?: at| by)? (?P<hour3>\d{1,2}):(?P<minute3>\d{2})",
    re.IGNORECASE,
)
# May 14 09:05-09:20: it was over at the end of the range.
_RANGE: Final = re.compile(r"\d\s*[-~至到]+\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})\D*\Z")
_SEVERITY: Final = re.compile(
    r"(?<![A-Za-z0-9])(?P<letter>[A-E]{1,2}\+?)级|(?<![A-Za-z0-9])(?P<p>[PS][0-5])(?![0-9A-Za-z])"
)
_LINK: Final = re.compile(r"https?://[^\s)\]）】>\"'，。；]+")
_CLOCK: Final = re.compile(r"\d\s*[:：点时]\s*\d{0,2}")
_TROUBLE: Final = re.compile(
    rf"{_DETECTED.pattern}|故障|异常|告警|报警|超时|报错|宕机|不可用|中断|失败|堆积|OOM|恢复|抖动|"
    r"outage|unavailable|\bdown\b|downtime|latency|time-?outs?|errors?|failed|failures?|crash|"
    r"recovered|restored|mitigated|resolved|incident|duplicate",
    re.IGNORECASE,
)
_TIME_COLUMN: Final = re.compile(r".*(?:时间|日期|time|date|when).*", re.IGNORECASE)


@dataclass(slots=True)
class Events:
    incidents: list[IncidentRead] = field(default_factory=list)
    runs: list[list[OutlineLine]] = field(default_factory=list)


def tells_of_incident(line: OutlineLine, *, week: date) -> bool:
    """Whether a line in any section is an incident's: a day with its hour, and words of trouble."""
    return _tells_an_hour(line.plain) and when(line.plain, week=week) is not None


# Lines come back from week to week, and what is cheap is looked at first.
@lru_cache(maxsize=4096)
def _tells_an_hour(plain: str) -> bool:
    """Whether a line has words of trouble and, at its beginning, an hour."""
    return _CLOCK.search(plain[:40]) is not None and _TROUBLE.search(fold(plain)) is not None


def read_events(lines: list[OutlineLine], *, week: date) -> Events:
    """The incidents; lines before the first date, and bare links after a blank line, stay lines."""
    events = Events()
    current: list[OutlineLine] = []
    rows: list[OutlineLine] = []
    for line in lines:
        if line.is_table_row:
            rows.append(line)
        elif line.is_blank:
            if current:
                current.append(line)
        elif when(line.plain, week=week) is not None:
            _close(events, current, week)
            current = [line]
        elif current and not _stands_apart(line):
            current.append(line)
        else:
            _close(events, current, week)
            current = []
            _keep(events, line)
    _close(events, current, week)
    _read_rows(events, rows, week)
    return events


def _stands_apart(line: OutlineLine) -> bool:
    """A link to the full records closes the section; it is not the last incident's."""
    return (
        line.after_blank
        and line.indent == 0
        and _LINK.search(line.text) is not None
        and _LABEL.match(fold(line.plain)) is None
    )


def _keep(events: Events, line: OutlineLine) -> None:
    if events.runs and events.runs[-1][-1].number >= line.number - 1:
        events.runs[-1].append(line)
    else:
        events.runs.append([line])


def _close(events: Events, lines: list[OutlineLine], week: date) -> None:
    while lines and lines[-1].is_blank:
        lines.pop()
    if lines:
        first = lines[0]
        text = "\n".join(part for part in (first.printed, dedented(lines[1:])) if part)
        events.incidents.append(_incident(text, first.number, week))


def _incident(text: str, line: int, week: date) -> IncidentRead:
    plain = text.replace("**", "")
    mark = re.match(r"^\s*\S{0,3}\s", plain) if when(plain, week=week) is None else None
    offset = mark.end() if mark else 0
    moment = when(plain[offset:], week=week)
    occurred, end = (
        moment if moment is not None else (datetime.combine(week, datetime.min.time()), 0)
    )
    folded = fold(plain)
    detected = _DETECTED.search(folded)
    lead = _LEADING_DETECTION.match(folded, offset + end)
    parts = _parts(plain[lead.end() if lead else offset + end :])
    severity = _SEVERITY.search(folded)
    link = _LINK.search(plain)
    return IncidentRead(
        occurred_at=occurred,
        detected_by=(parts.get("detected") or (plain[slice(*detected.span())] if detected else ""))[
            :40
        ],
        severity=(severity["letter"] or severity["p"]) if severity else "",
        description=parts.get("description", ""),
        cause=parts.get("cause", ""),
        resolution=parts.get("resolution", ""),
        recovered_at=_moment_after(_RECOVERED.search(folded, offset + end), occurred)
        or _moment_after(_RANGE.search(folded[offset : offset + end]), occurred),
        link=link[0][:500] if link else "",
        line=line,
        text=text,
    )


def when(text: str, *, week: date) -> tuple[datetime, int] | None:
    """Date and time at the text's beginning, and where they end; without a year the nearest one."""
    folded = fold(text)
    if match := _WHEN.match(folded):
        if match["sep"] == "." and match["hour"] is None and match["year"] is None:
            return None  # 1.2 is a version or a number
        hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
        if _AFTERNOON.search(match[0]) and hour < 12:
            hour += 12
        month, day = int(match["month"]), int(match["day"])
    elif match := _WHEN_ENGLISH.match(folded):
        if match["hour"] and not match["minute"] and not match["half"]:
            return None  # June 5 12 customers
        hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
        if match["half"]:
            hour = hour % 12 + 12 * (match["half"].lower() == "p")
        name = (match["name"] or match["name2"]).lower()
        month, day = _MONTHS.index(name[:3]) // 3 + 1, int(match["day"] or match["day2"])
    else:
        return None
    if hour > 23 or minute > 59:
        return None
    days = _days(match["year"], month, day, week)
    if not days:
        return None
    nearest = min(days, key=lambda day: abs(day - week))
    return datetime.combine(nearest, time(hour, minute)), match.end()  # the team's wall clock


def _days(named: str | None, month: int, day: int, week: date) -> list[date]:
    """That day in the year that is named, else in the years around the week's."""
    years = [int(named)] if named else [week.year, week.year - 1, week.year + 1]
    days = []
    for year in years:
        with contextlib.suppress(ValueError):
            days.append(date(year, month, day))
    return days


def _parts(text: str) -> dict[str, str]:
    """The labelled parts of an incident's text by kind; what stands before them describes it."""
    parts: dict[str, list[str]] = {}
    kind, start = "description", 0
    for label in _LABEL.finditer(fold(text)):
        parts.setdefault(kind, []).append(text[start : label.start()])
        kind, start = _kind(label["label"]), label.end()
    parts.setdefault(kind, []).append(text[start:])
    joined = {
        name: " ".join(filter(None, (_clean(piece) for piece in pieces)))
        for name, pieces in parts.items()
    }
    return {name: value for name, value in joined.items() if value}


def _kind(label: str) -> str:
    folded = label.lower()
    if "原因" in folded or "根因" in folded or "cause" in folded:
        return "cause"
    if "发现" in folded or "detected" in folded:
        return "detected"
    if re.search(r"时间|recovered|等级|级别|定级|severity", folded):
        return "fact"
    if re.search(r"处理|解决|应对|修复|改进|恢复|后续|措施|resolution|fix|action", folded):
        return "resolution"
    return "description"


def _clean(piece: str) -> str:
    return re.sub(r"\s*\n\s*(?:[-*•]\s+)?", " ", piece).strip(" \n：:，,、-—【】")


def _moment_after(match: re.Match[str] | None, occurred: datetime) -> datetime | None:
    """The hour and minute of the match, on the day of the incident or the next."""
    if match is None:
        return None
    hour, minute = (int(part) for part in match.groups() if part is not None)
    if hour > 23 or minute > 59:
        return None
    moment = occurred.replace(hour=hour, minute=minute)
    return moment if moment >= occurred else moment + timedelta(days=1)


def _read_rows(events: Events, rows: list[OutlineLine], week: date) -> None:
    """A table of incidents: a row with a date in it is one; the table itself stays as it stands."""
    if not rows:
        return
    events.runs.append(rows)
    table = tables.read_table(rows)
    for row in table.rows:
        cells = tables.cells_of(table, row)
        index = next(
            (i for i, (title, cell) in enumerate(cells) if when(cell, week=week) is not None), None
        )
        if index is None:
            continue
        rest = "\n".join(
            f"{title}：{cell}" if title else cell
            for i, (title, cell) in enumerate(cells)
            if i != index and cell
        )
        text = f"{cells[index][1]} {rest}"
        read = _incident(text, row.line.number, week)
        events.incidents.append(replace(read, text=""))
