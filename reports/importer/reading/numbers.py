"""The metrics section: readings, booked incidents by severity, and what is neither. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from projects import prose
from projects.prose import fold
from reports.importer.page import CountRead, Measured
from reports.importer.reading import tables
from reports.importer.reading.facts import ends_in_change, is_change
from reports.importer.reading.outline import OutlineLine, nest

_BETWEEN: Final = re.compile(r"\s+[·|｜•]\s+")  # CTR 4.2% · p95 180 ms
_MAX_DIGITS: Final = 15
_COUNTED: Final = re.compile(
    r"事故|故障|事件|级|类|incident|sev|outage|(?<![A-Za-z0-9])[PS][0-5]\s*[:：]", re.IGNORECASE
)
_COUNT: Final = re.compile(
    r"(?P<severity>[A-E](?:[/、]?[A-E]){0,4}|[PS][0-5](?:[/、][PS]?[0-5])*|"
    r"sev-?[0-5])\s*(?:[级类]\s*)?(?:事故|故障|事件|问题)?(?:数量?)?"
    r"\s*[:：]?\s*(?P<count>\d{1,6}(?:\.\d{1,4})?)\s*(?:次|起|个|件|(?=\s*(?:[,，、;；。/]|$|"
    r"[A-EPS])))",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?P<name>[^：:=，,；;。\d][^：:=，,；;。]{0,58}?)\s*(?:[：:=]+\s*|(?:为|是)\s*|\s(?=[-+]?\d))"
    r"(?:约|共|超过?|累计|达到?|近)?\s*"
    r"[¥$￥€£]?(?P<value>[-+]?\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>%|‰|pp|ms|[万亿千百]*(?:元|笔|次|条|个|单|人|户|组|家|台|通|天|小时|分钟|分|秒)|[万亿]|"
    r"[A-Za-z][A-Za-z/]{0,7}(?![A-Za-z]))?"
    r"(?P<note>.*)",
    re.DOTALL,
)
_THIS_WEEK: Final = re.compile(
    r"本周|本期|当前|当周|数值|实际|值|现值|结果|this week|current|value|actual", re.IGNORECASE
)
_METRIC: Final = re.compile(r".*(?:指标|名称|项目|数据|metric|name|kpi).*", re.IGNORECASE)
_TARGET: Final = re.compile(r"目标|target|基线|阈值|上周|上期|环比|同比|last|prev", re.IGNORECASE)
_GENERIC: Final = re.compile(
    r"(?:今日|本周|昨日|上周|累计|当前|日均|总|月|年度?|笔数|金额|成功率|数量|总量|占比|均值|峰值|"
    r"合计|平均|同比|环比)+"
)
# 支付成功率： 入金 …: the measure stands above the numbers, whose it is before each.
_MEASURE: Final = re.compile(
    r"(?:率|性|数|量|额|耗时|时长|rate|availability|latency)$", re.IGNORECASE
)
_MAX_WHOSE: Final = 6


@dataclass(slots=True)
class Numbers:
    readings: list[Measured] = field(default_factory=list)
    counts: list[CountRead] = field(default_factory=list)
    runs: list[list[OutlineLine]] = field(default_factory=list)


def read_numbers(lines: list[OutlineLine], *, week: date) -> Numbers:
    """Each line with a number becomes readings or counts with its text; the rest stay lines."""
    numbers = Numbers()
    group = ""
    rows = [line for line in lines if line.is_table_row]
    for line in nest(lines):
        if line.is_blank:
            continue
        if line.is_table_row:
            _keep(numbers, line)
            continue
        counts = read_counts(line)
        readings = [] if counts else _readings_of_line(line, group, week)
        readings = _new(readings, numbers.readings)
        if counts and not {c.severity for c in counts} & {c.severity for c in numbers.counts}:
            numbers.counts += counts
        elif readings:
            numbers.readings += readings
        else:
            _keep(numbers, line)
            label = line.plain.rstrip("：:").strip()
            group = label if len(label) <= 20 and not any(c.isdigit() for c in label) else ""
    if rows:
        numbers.readings += _new(_table_readings(rows), numbers.readings)
        severities = {count.severity for count in numbers.counts}
        numbers.counts += [
            count
            for row in rows
            for count in _counts(" ".join(tables.split_cells(row.raw)), row.number)
            if count.severity not in severities
        ]
    return numbers


def _keep(numbers: Numbers, line: OutlineLine) -> None:
    if numbers.runs and numbers.runs[-1][-1].number >= line.number - 1:
        numbers.runs[-1].append(line)
    else:
        numbers.runs.append([line])


def _new(readings: list[Measured], known_readings: list[Measured]) -> list[Measured]:
    """All of them, or none where one is a metric's second reading: a line is never split."""
    names = [reading.name for reading in readings]
    taken = {reading.name for reading in known_readings}
    return readings if len(set(names)) == len(names) and not taken & set(names) else []


def read_counts(line: OutlineLine) -> list[CountRead]:
    """``AB级0次，C级0.5次`` as one count for each severity, groups (AB) as grouped."""
    counts = _counts(line.plain, line.number)
    return [replace(counts[0], text=line.printed), *counts[1:]] if counts else []


def _counts(text: str, number: int) -> list[CountRead]:
    plain = fold(text)
    if not _COUNTED.search(plain):
        return []
    counts = [
        CountRead(match["severity"].upper().replace("、", ""), Decimal(match["count"]), number)
        for match in _COUNT.finditer(plain)
    ]
    return counts if len({count.severity for count in counts}) == len(counts) else []


def _readings_of_line(line: OutlineLine, group: str, week: date) -> list[Measured]:
    """The readings of a line; of several parted by dots or bars the first holds its words."""
    parts = [part for part in _BETWEEN.split(line.text) if part.strip()]
    if len(parts) < 2:
        return _readings(line, group, week)
    every = [r for part in parts for r in _readings(replace(line, text=part), group, week)[:1]]
    texts = [line.printed, *[""] * len(every)]
    return [replace(reading, text=text) for reading, text in zip(every, texts, strict=False)]


def _readings(line: OutlineLine, group: str, week: date) -> list[Measured]:
    plain = line.plain
    match = _NAMED.fullmatch(fold(plain))
    if match and not re.search(r"\d\s*[/\-月.]\s*\d", match["name"]):
        value = decimal_of(match["value"])
        note = plain[match.start("note") :].strip(" 。，,；;（）()")
        more = prose.read(plain[match.start("note") :], week=week).readings
        is_moved = ends_in_change(plain[: match.start("value")])
        if (
            value is not None
            and not is_moved
            and not [r for r in more if r.name and not r.is_target]
        ):
            name = _qualified(plain[: match.end("name")].strip(), group)
            unit = match["unit"] or ""
            return [Measured(name, value, unit, note[:500], line.number, line.printed)]
    measured = [
        r
        for r in prose.read(plain, week=week).readings
        if r.name and not r.is_target and not is_change(plain, r)
    ]
    return [
        Measured(
            _qualified(reading.name, group),
            reading.value,
            reading.unit,
            reading.note[:500],
            line.number,
            line.printed if index == 0 else "",
        )
        for index, reading in enumerate(measured)
    ]


def _qualified(name: str, group: str) -> str:
    """笔数 below 转账： is 转账笔数; a name that says enough stays as it is."""
    name = name.strip(" *_-·•")
    if not group:
        return name
    if _GENERIC.fullmatch(name):
        return f"{group}{name}"
    is_whose = len(name) <= _MAX_WHOSE and not _MEASURE.search(name) and not name.isascii()
    return f"{name}{group}" if is_whose and _MEASURE.search(group) else name


def _table_readings(rows: list[OutlineLine]) -> list[Measured]:
    """The readings of a table of metrics: name column, and the column of this week's values."""
    table = tables.read_table(rows)
    titles = [fold(title) for title in table.columns]
    name_at = next((i for i, title in enumerate(titles) if _METRIC.fullmatch(title)), 0)
    value_at = next(
        (
            i
            for i, t in enumerate(titles)
            if i != name_at and _THIS_WEEK.search(t) and not _TARGET.search(t)
        ),
        next((i for i, t in enumerate(titles) if i != name_at and not _TARGET.search(t)), 1),
    )
    readings = []
    for row in table.rows:
        if max(name_at, value_at) >= len(row.cells):
            continue
        match = re.fullmatch(
            r"\s*([-+]?\d[\d,]*(?:\.\d+)?)\s*([^\d\s]{0,6})\s*", fold(row.cells[value_at])
        )
        value = decimal_of(match[1]) if match else None
        name = row.cells[name_at]
        if match and value is not None and name:
            readings.append(Measured(name, value, match[2], "", row.line.number))
    return list({reading.name: reading for reading in reversed(readings)}.values())[::-1]


def decimal_of(text: str) -> Decimal | None:
    """The number, or ``None`` where there is none or it has more digits than a reading holds."""
    bare = text.replace(",", "")
    if sum(character.isdigit() for character in bare) > _MAX_DIGITS:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -4 else round(value, 4)
