"""Which week a page is of.

An explicit date in the title wins; else the label's week in the team's numbering, if the page was
created at most seven days after that week's end; else the week of its creation. Where the title
says nothing, the file's name, its folder, a heading and the signature are asked in that order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from projects import weeks
from projects.prose.fold import fold
from projects.weeks import Numbering
from reports.importer.dating.headings import (
    BARE,
    BOLD,
    StandingOut,
    beside,
    is_day,
    standing_out,
    title_labels,
    week_labels,
)
from reports.importer.dating.labels import (
    Days,
    Label,
    WeekNumber,
    decisive,
    resolve,
    scan,
    weight,
    years_in,
)
from reports.importer.source import PageWeek, SourceLine, SourcePage

LATE: Final = timedelta(days=7)  # how long after its week a page may be created
_HEADER_LINES: Final = 8
_HEADER_SIGNS: Final = 200
_SIGNATURE_LINES: Final = 3
_SIGNATURE_NAME: Final = 14  # signs beside the date: 「支付组 张三」

_LONGEST_LABEL: Final = 60

_OPENING: Final = re.compile(r"[(（\[【]")
_CLOSING: Final = re.compile(r"[)）\]】]")
_KEYED: Final = re.compile(
    r"[\s|*>_#-]*(?P<key>[A-Za-z\u4e00-\u9fff][A-Za-z \u4e00-\u9fff]{1,24}?)[\s*_]*[:|]"
    r"[\s*|_@]*(?P<value>.+)"
)
_CREATED: Final = re.compile(
    r"(?:date )?created(?: time| at| on| date)?|(?:创建|建立)(?:时间|日期|于)", re.IGNORECASE
)
_CREATED_BY: Final = re.compile(r"created by .{1,60}? on (?P<value>.+)", re.IGNORECASE)
_DATED: Final = re.compile(
    r"(?:填报|提交|汇报|报告|撰写|编写|填写|更新|起止|会议|统计|例会)?(?:日期|时间)|date|.{0,4}周期|周次|本周|报告期"
    r"|(?:时间|日期)范围|week(?: ending| of| commencing)?|(?:reporting )?period",
    re.IGNORECASE,
)
_WEEK_OF_DAY: Final = re.compile(
    r"week (?:ending|of|commencing)|w/e\b|周报|截[至止]", re.IGNORECASE
)
_DATED_WITHIN: Final = re.compile(
    r"\S\s{1,8}(?:日期|时间|date)\s*:\s*(?P<value>20\d\d\W.*)", re.IGNORECASE
)
_TITLED: Final = re.compile(r"title|标题", re.IGNORECASE)
_PROMISE: Final = re.compile(
    r"完成|上线|预计|计划|目标|前|后|启动|提测|截止|发布|due|done|by\b|until", re.IGNORECASE
)
_FULL_DATE: Final = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?:\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)|[01]\d[0-3]\d(?!\d))"
)
_HEX: Final = re.compile(
    r"[ _-]?(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)


class NoWeek(ValueError):
    """Nothing on the page, in its file name or in its signature says a week."""


def week_of_page(
    page: SourcePage, *, numbering: Numbering, today: date, given: date | None = None
) -> PageWeek:
    """The week of ``page``, how it names it, and what is odd about that.

    ``given`` is a Monday for a page that names no week. A guessed week never lies in the future.

    ``today`` is only asked when nothing else gives the year of a date (warning
    ``week_guessed``). Raises ``NoWeek`` when nothing says a week.
    """
    lines = page.lines
    if page.heading is not None:
        lines = tuple(line for line in lines if line.number >= page.heading)
    header = _header(lines)
    era = _era(page, header, today)
    for clue in _clues(page, header, lines):
        if week := _decide(clue, header.created, era, numbering, known_start=page.start):
            return week
    if header.created is not None:
        start = weeks.monday_of(header.created)
        return PageWeek(start, weeks.label(start, numbering))
    if given is not None:
        return PageWeek(given, weeks.label(given, numbering))
    raise NoWeek("nothing in its title, its text, its file name or its signature names a week")


def created_on(page: SourcePage) -> date | None:
    """The day on which the page says that it was created."""
    return _header(page.lines).created


def is_metadata(text: str) -> bool:
    """Whether a line holds only the page's day of creation or its title."""
    return bool(_keyed(text[:_HEADER_SIGNS])[0])


def without_id(name: str) -> str:
    """The name of a file or folder without the id that Notion adds."""
    return _HEX.sub("", name)


def name_labels(stem: str) -> list[Label]:
    """The labels in the name of a file or folder."""
    return title_labels(_spaced(stem))


def _spaced(name: str) -> str:
    return without_id(name).replace("_", " ")


# ---- what the page says


@dataclass(frozen=True, slots=True)
class _Clue:
    """One place that names the week: its text and the labels in it."""

    text: str
    labels: Sequence[Label]


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands at the head of a page."""

    title: tuple[_Clue, ...] = ()  # the title and lines that name the period
    dated: tuple[_Clue, ...] = ()  # 日期：2024-06-21
    created: date | None = None


def _header(lines: Sequence[SourceLine]) -> _Header:
    title: list[_Clue] = []
    dated: list[_Clue] = []
    created: date | None = None
    spoken = (line.text[:_HEADER_SIGNS] for line in lines if line.text.strip())
    for index, text in enumerate(islice(spoken, _HEADER_LINES)):
        key, value = _keyed(text)
        if key == "created":
            created = created or _day_in(value)
        elif key == "dated":
            labels = scan(value)
            names_week = any(not is_day(label) for label in labels)
            (title if names_week else dated).append(_Clue(value, labels))
        elif clue := _title_clue(value if key else text, is_first=index == 0 or bool(key)):
            title.append(clue)
    return _Header(tuple(title), tuple(dated), created or _first_day(dated))


def _keyed(text: str) -> tuple[str, str]:
    """Kind (created, dated, titled; empty for others) and value of a `key: value` line."""
    if by := _CREATED_BY.search(text):
        return "created", by["value"]
    if within := _DATED_WITHIN.search(fold(text)):  # 汇报人：秦淮  日期：2024/10/18
        return "dated", text[within.start("value") :]
    if match := _KEYED.match(fold(text)):
        key, value = match["key"].strip(), text[match.start("value") :]
        for kind, words in (("created", _CREATED), ("dated", _DATED), ("titled", _TITLED)):
            if words.fullmatch(key):
                return kind, value
    return "", ""


def _title_clue(text: str, *, is_first: bool) -> _Clue | None:
    line = standing_out(text)
    if line is None:
        return None
    if is_first and line.rank <= BOLD:
        labels = title_labels(line.text)
    else:
        labels = week_labels(line)
        names_a_week = _WEEK_OF_DAY.search(line.text) is not None
        if not (is_first or names_a_week) and all(is_day(label) for label in labels):
            return None  # the first day of a collection of daily notes
    return _Clue(line.text, labels) if labels else None


def _day_in(text: str) -> date | None:
    """The first date of ``text`` that names its year."""
    for label in scan(text):
        if isinstance(label, Days) and label.year is not None:
            return label.days(label.year)[0]
    return None


def _first_day(clues: Sequence[_Clue]) -> date | None:
    return next((day for clue in clues if (day := _day_in(clue.text))), None)


def _clues(page: SourcePage, header: _Header, lines: Sequence[SourceLine]) -> Iterator[_Clue]:
    """Every place that may name the week, in the order in which they are believed."""
    if header.title:
        yield max(header.title, key=lambda clue: weight(decisive(clue.labels)))
    yield from header.dated
    if page.heading is None:
        yield from _name_clues(page.name)
        yield from _heading_clues(lines)
    yield from _signature_clues(lines)


def _name_clues(name: str) -> Iterator[_Clue]:
    path = PurePosixPath(name.replace("\\", "/"))
    if labels := name_labels(path.stem):
        yield _Clue(_spaced(path.stem), labels)
    for folder in path.parts[-2:-5:-1]:
        line = StandingOut(1, _spaced(folder.removesuffix(".zip")))
        if labels := week_labels(line):
            yield _Clue(line.text, labels)


def _heading_clues(lines: Sequence[SourceLine]) -> Iterator[_Clue]:
    """Headings further down; a collection of daily notes counts as the week of most of its days."""
    days: list[_Clue] = []
    for source in lines:
        line = standing_out(source.text)
        if line is None or line.rank == BARE:
            continue
        if labels := week_labels(line):
            if not all(is_day(label) for label in labels):
                yield _Clue(line.text, labels)
                return
            days.append(_Clue(line.text, labels))
    if days:
        common = Counter(clue.labels[0].monday("iso", 2024) for clue in days).most_common(1)[0][0]
        yield next(clue for clue in days if clue.labels[0].monday("iso", 2024) == common)


def _signature_clues(lines: Sequence[SourceLine]) -> Iterator[_Clue]:
    spoken = (line.text for line in reversed(lines) if line.text.strip())
    for text in islice(spoken, _SIGNATURE_LINES):
        line = standing_out(text)
        if line is None or line.rank < BOLD or is_metadata(text):
            continue
        labels = scan(line.text)
        rest = re.sub(r"\W", "", beside(line.text, labels))
        if labels and len(rest) <= _SIGNATURE_NAME and not _PROMISE.search(rest):
            yield _Clue(line.text, labels)


# ---- what follows from it


@dataclass(frozen=True, slots=True)
class _Era:
    """Where to look for a date without a year: in ``year``, else nearest to ``near``."""

    near: date
    year: int | None = None
    latest: date | None = None  # of a guess: today
    is_guess: bool = False


def _era(page: SourcePage, header: _Header, today: date) -> _Era:
    if page.start is not None:
        return _Era(page.start, is_guess=page.guessed)
    path = PurePosixPath(page.name.replace("\\", "/"))
    named = [years_in(clue.text) for clue in header.title]
    named.append(years_in(_spaced(path.stem)))
    first = next((line.text for line in page.lines if line.text.strip()), "")
    named.append(years_in(first[:_HEADER_SIGNS]))  # 风控周报 | 2024年第33期
    for near in (page.before, header.created):
        if near is not None and not any(named):
            return _Era(near)
    named.extend(years_in(_spaced(folder)) for folder in reversed(path.parts[:-1]))
    for years in named:
        if len(years) == 1:
            year = years.pop()
            return _Era(date(year, 7, 1), year)
    if page.modified is not None:
        return _Era(page.modified)
    if (likely := _year_in_text(page.lines, today)) is not None:
        return _Era(date(likely, 7, 1), likely, latest=today, is_guess=True)
    return _Era(today, latest=today, is_guess=True)


def _year_in_text(lines: Sequence[SourceLine], today: date) -> int | None:
    """The year that most dates in the text name, where it is not to come."""
    years = Counter(
        int(match["year"]) for line in lines for match in _FULL_DATE.finditer(fold(line.text))
    )
    likely = [year for year, _ in years.most_common() if year <= today.year]
    return likely[0] if likely else None


def _decide(
    clue: _Clue, created: date | None, era: _Era, numbering: Numbering, *, known_start: date | None
) -> PageWeek | None:
    if not clue.labels:
        return None
    label = decisive(clue.labels)
    try:
        start = _resolved(label, era, numbering)
    except ValueError:  # the calendar has no such week: ask elsewhere
        if known_start is None:
            return None
        start = known_start
    if known_start is not None and abs(start - known_start) > weeks.WEEK:
        start = known_start  # 第3周 under a heading 6月: only the log as a whole tells
    warnings = []
    if isinstance(label, Days):
        if _number_disagrees(clue.labels, start, numbering):
            warnings.append("label_mismatch")
    elif created is not None and weeks.monday_of(created) != start:
        warnings.append("label_mismatch")
        if created > weeks.last_day(start) + LATE:
            start = weeks.monday_of(created)
    if label.year is None and era.is_guess:
        warnings.append("week_guessed")
    return PageWeek(start, _as_written(clue, label), tuple(warnings))


def _resolved(label: Label, era: _Era, numbering: Numbering) -> date:
    """The Monday; of a guess one that is not to come. Raises ``ValueError`` as ``resolve``."""
    start = resolve(label, numbering, near=era.near, year=era.year)
    if era.latest is not None and label.year is None and start > era.latest:
        return resolve(label, numbering, near=era.near, year=start.year - 1)
    return start


def _number_disagrees(labels: Sequence[Label], start: date, numbering: Numbering) -> bool:
    """Whether a year and week beside the dates are those of another week.

    A number without a year (WEEK 5 of a project, 第16周 in whichever numbering) claims nothing.
    """
    return any(
        (label.year, label.number) != weeks.year_and_number(start, numbering)
        for label in labels
        if isinstance(label, WeekNumber) and label.year is not None
    )


def _as_written(clue: _Clue, label: Label) -> str:
    """The label as the page writes it; 2024-w26 and 2024W26 in the one form 2024-W26."""
    if len(clue.labels) == 1 and isinstance(label, WeekNumber) and label.year is not None:
        if re.search("w", label.text, re.IGNORECASE):
            return f"{label.year:04d}-W{label.number:02d}"
        return label.text
    start, end = clue.labels[0].start, clue.labels[-1].end
    end += _CLOSING.match(clue.text, end) is not None
    written = clue.text[start:end] if end - start <= _LONGEST_LABEL else label.text
    return written if _OPENING.search(written) else written.rstrip(")）]】")
