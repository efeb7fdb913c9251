"""One long log with many weeks, newest first or last, cut into its weekly pages.

It is cut at week headings of one rank (a Markdown level, bold lines, or bare lines), the highest
that names at least two different weeks. Headings of days count by the week they fall in: daily
notes over many weeks become one page a week, daily notes of one week stay one page. What stands
before the first week heading goes with the first page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from projects.prose.fold import fold
from projects.weeks import Numbering
from reports.importer.dating.headings import is_day, standing_out, week_labels
from reports.importer.dating.labels import (
    Days,
    Label,
    WeekNumber,
    WeekOfMonth,
    decisive,
    resolve,
    years_in,
)
from reports.importer.dating.week import created_on, name_labels
from reports.importer.source import SourceLine, SourcePage, own_items

_ONE_PAGES_DAYS: Final = timedelta(days=9)  # from one Friday to the Sunday of the next week
_LONGEST_GAP: Final = timedelta(days=21)  # a holiday between two pages of a log
_WEEKLY: Final = timedelta(days=4)  # days further apart than this are not daily notes
_FENCES: Final = ("`", "~")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_MONTH: Final = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s?月(?!\s?\d)")
_ERA: Final = re.compile(
    r"(?:(?P<year>20\d\d)\s?年?(?:度)?)?\s?(?:(?P<month>1[0-2]|0?[1-9])\s?月份?)?\s?(?:工作)?(?:周报|weekly)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line that is a week's label and may begin a page."""

    index: int  # in the lines of the file
    rank: int
    label: Label
    begins: int  # where its page begins: a heading of its year right above belongs to it
    year: int | None = None  # of the label, or of the heading that it stands under


@dataclass(frozen=True, slots=True)
class _Dated:
    mark: _Mark
    monday: date

    @property
    def day(self) -> date:
        """The day that a day's heading names; the Monday for any other."""
        label = self.mark.label
        week = (self.monday + timedelta(days=n) for n in range(7))
        days = (
            day for day in week if isinstance(label, Days) and (day.month, day.day) == label.first
        )
        return next(days, self.monday)


def split_log(page: SourcePage, *, numbering: Numbering, today: date) -> list[SourcePage]:
    """The weekly pages of a long log, in the order of the file; any other page as it is."""
    marks = list(_marks(page.lines, *_era_of_file(page)))
    if len(marks) < 2:
        return [page]
    dated = _dated(marks, numbering, created_on(page), page.modified or today)
    cuts = _cuts(page, dated)
    if not cuts:
        return [page]
    guessed = not (any(mark.year for mark in marks) or created_on(page) or page.modified)
    return list(_pages(page, cuts, guessed=guessed))


def _marks(lines: Sequence[SourceLine], year: int | None, month: int | None) -> Iterator[_Mark]:
    """Every line that is a week's label; ``year`` and ``month`` hold until a heading says else."""
    begins: int | None = None  # the first of the headings of year and month right above
    fenced = False
    continued = own_items([line.text for line in lines])
    for index, source in enumerate(lines):
        if index in continued:
            continue
        if source.text.lstrip()[:1] in _FENCES and _FENCE.match(source.text):
            fenced = not fenced
        line = None if fenced else standing_out(source.text)
        if line is None:
            begins = None if source.text.strip() else begins
            continue
        era = _ERA.fullmatch(fold(line.text))
        if era and (era["year"] or era["month"]):
            year = int(era["year"]) if era["year"] else year
            month = int(era["month"]) if era["month"] else None
            begins = index if begins is None else begins
            continue
        if labels := week_labels(line):
            label = _of_month(decisive(labels), month)
            start = index if begins is None else begins
            own = label.year or _only(years_in(line.text))
            yield _Mark(index, line.rank, label, start, own or year)
        begins = None


def _of_month(label: Label, month: int | None) -> Label:
    """第3周 under a heading 6月 is the third week of June."""
    if month and isinstance(label, WeekNumber) and label.year is None and label.number <= 6:
        return WeekOfMonth(label.start, label.end, label.text, None, month, label.number)
    return label


def _era_of_file(page: SourcePage) -> tuple[int | None, int | None]:
    """The year and the month that the log's title or the file's name gives, where it gives one."""
    texts = [PurePosixPath(page.name).stem]
    first = standing_out(next((line.text for line in page.lines if line.text.strip()), ""))
    if first is not None and not week_labels(first):
        texts.insert(0, first.text)
    years = (_only(years_in(text)) for text in texts)
    months = (_only({int(month) for month in _MONTH.findall(fold(text))}) for text in texts)
    return next(filter(None, years), None), next(filter(None, months), None)


def _only(values: set[int]) -> int | None:
    return values.pop() if len(values) == 1 else None


def _dated(
    marks: Sequence[_Mark], numbering: Numbering, created: date | None, latest: date
) -> list[_Dated]:
    """Each mark with its Monday; one that the calendar does not have is left out.

    The walk begins at the first mark whose year is known, else at the oldest for the day on
    which the log was created, else at the newest for the latest day; from there every year is
    the one nearest to the mark before.
    """
    with_year = next((index for index, mark in enumerate(marks) if mark.year), None)
    newest, oldest = (0, len(marks) - 1) if _is_newest_first(marks) else (len(marks) - 1, 0)
    start, near = (newest, latest) if created is None else (oldest, created)
    start = start if with_year is None else with_year
    is_guess = with_year is None and created is None
    mondays: dict[int, date] = {}
    for walk in (range(start, -1, -1), range(start, len(marks))):
        near_here = mondays.get(start, near)
        for index in walk:
            mark = marks[index]
            try:
                monday = resolve(mark.label, numbering, near=near_here, year=mark.year)
                if is_guess and index == start and monday > latest:  # never in the future
                    monday = resolve(mark.label, numbering, near=near_here, year=monday.year - 1)
            except ValueError:
                continue
            mondays[index] = near_here = monday
    return [_Dated(marks[index], mondays[index]) for index in sorted(mondays)]


def _is_newest_first(marks: Sequence[_Mark]) -> bool:
    places = []
    for mark in marks:
        try:
            places.append(resolve(mark.label, "iso", near=date(2024, 7, 1), year=mark.year))
        except ValueError:
            continue
    return sum((a > b) - (a < b) for a, b in pairwise(places)) > 0


def _cuts(page: SourcePage, dated: Sequence[_Dated]) -> list[_Dated]:
    """Where to cut; empty when this is one weekly page."""
    named = name_labels(PurePosixPath(page.name).stem)
    for rank in sorted({item.mark.rank for item in dated}):
        ranked = [item for item in dated if item.mark.rank == rank]
        title = _title_above(page, dated[0], ranked[0])
        if len({item.monday for item in ranked}) < 2:
            continue
        if title is not None and not _continues(title, ranked):
            continue
        if _is_one_week(named, ranked) or _are_days_of_one_page(ranked, titled=bool(named)):
            continue
        items = _with_strays(ranked, dated)
        return _first_of_each_week([title, *items] if title else items)
    return []


def _title_above(page: SourcePage, first: _Dated, head: _Dated) -> _Dated | None:
    """The first label of the page, where it stands above the others as their title."""
    above = any(line.text.strip() for line in page.lines[: first.mark.index])
    is_title = first.mark.rank < head.mark.rank or not above  # no line of a table of contents
    return first if first.mark.index < head.mark.index and is_title else None


def _continues(title: _Dated, items: Sequence[_Dated]) -> bool:
    """Whether a log whose first heading ranks above the others goes on with these, backwards.

    Otherwise the first heading is the page's title, and what follows are the weeks of a plan.
    """
    mondays = [item.monday for item in items]
    return not any(is_day(item.mark.label) for item in items) and (
        mondays == sorted(mondays, reverse=True)
        and timedelta(0) < title.monday - mondays[0] <= _LONGEST_GAP
    )


def _is_one_week(named: Sequence[Label], items: Sequence[_Dated]) -> bool:
    """Whether the file's name says one week, so that headings in it say something else.

    A day in the name may be the day of an export: then three weeks make a log.
    """
    if len(named) != 1:
        return False
    return not is_day(named[0]) or len({item.monday for item in items}) < 3


def _are_days_of_one_page(items: Sequence[_Dated], *, titled: bool) -> bool:
    """Whether these are the days of one week's daily notes, which may cross a Sunday."""
    days = [item.day for item in items if is_day(item.mark.label)]
    gaps = [abs(after - before) for before, after in pairwise(days)]
    if len(days) < len(items) - 1 or not gaps or min(gaps) > _WEEKLY:
        return False
    return titled or max(days) - min(days) <= _ONE_PAGES_DAYS


def _with_strays(ranked: Sequence[_Dated], dated: Sequence[_Dated]) -> list[_Dated]:
    """The chosen headings and those of another rank that fill a gap in their order of weeks."""
    mondays = {item.monday for item in ranked}
    result = [ranked[0]]
    for before, after in pairwise(ranked):
        low, high = sorted((before.monday, after.monday))
        result.extend(
            item
            for item in dated
            if before.mark.index < item.mark.index < after.mark.index
            and low < item.monday < high
            and item.monday not in mondays
            and not is_day(item.mark.label)
        )
        result.append(after)
    return result


def _first_of_each_week(items: Sequence[_Dated]) -> list[_Dated]:
    later = [after for before, after in pairwise(items) if after.monday != before.monday]
    return [items[0], *later]


def _pages(page: SourcePage, cuts: Sequence[_Dated], *, guessed: bool) -> Iterator[SourcePage]:
    begins = [0, *(cut.mark.begins for cut in cuts[1:]), len(page.lines)]
    before: date | None = None
    for part, (cut, (first, end)) in enumerate(zip(cuts, pairwise(begins), strict=True), start=1):
        yield replace(
            page,
            lines=page.lines[first:end],
            part=part,
            before=before,
            heading=page.lines[cut.mark.index].number,
            start=cut.monday,
            guessed=guessed,
        )
        before = cut.monday
