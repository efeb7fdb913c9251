"""Read pages again where a person decided something about them or their lines. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Self

from projects.prose import DateKind, Precision
from projects.text.names import key
from projects.text.numbers import plain
from reports.importer.decisions import (
    DecidedNames,
    Decisions,
    ValueCorrection,
    ValueKind,
    key_of,
)
from reports.importer.page import (
    CountRead,
    DateRead,
    IncidentRead,
    KeyResultRead,
    Measured,
    ParsedPage,
    ProgressRead,
    ProjectMention,
    SectionText,
)
from reports.importer.reading.corrections import Corrections
from reports.importer.reading.parse import parse
from reports.importer.source import NO_WEEK, PageWeek
from reports.weekly.sections import Kind

type ValuesByLine = Mapping[int, Sequence[ValueCorrection]]

KIND_OF_DATE: Final = {kind: ValueKind(kind.value) for kind in DateKind}
_DATE_OF_KIND: Final = {kind: date_kind for date_kind, kind in KIND_OF_DATE.items()}


def decided_pages(pages: Iterable[ParsedPage], decisions: Decisions) -> Iterator[ParsedPage]:
    """The pages as they are to be imported; those that a person left out are missing."""
    names = DecidedNames(decisions)
    refused = frozenset(key(name) for name in decisions.no_projects)
    for page in pages:
        page_key = key_of(page.source)
        week = decisions.weeks.get(page_key, page.week.start)
        if week is None:
            continue
        of_page = decisions.lines.get(page_key, {})
        lines = {int(number): project for number, project in of_page.items()}
        has_refused = any(key(mention.name) in refused for mention in page.projects)
        decided = page
        is_dated = week == page.week.start and NO_WEEK not in page.week.warnings
        if lines or has_refused or not is_dated:
            corrections = Corrections(refused, lines)
            decided = parse(page.source, _of_week(page, week), corrections, page.known_names)
        if values := decisions.values.get(page_key):
            by_line = {int(line): rows for line, rows in values.items()}
            decided = with_values(decided, by_line)
        yield replace(decided, projects=tuple(_placed(m, names) for m in decided.projects))


def _of_week(page: ParsedPage, week: date) -> PageWeek:
    """That week; a page that named another one keeps its label and is no doubt any more."""
    if NO_WEEK in page.week.warnings:
        return PageWeek(week, "")
    return page.week if week == page.week.start else PageWeek(week, page.week.label)


def _placed(mention: ProjectMention, names: DecidedNames) -> ProjectMention:
    """A part of a project is reported as the project; its numbers and dates say of which part."""
    whole = names.whole_of(mention.name)
    if whole is None:
        return mention
    return replace(
        mention,
        name=whole,
        progress=tuple(replace(p, part=p.part or mention.name) for p in mention.progress),
        dates=tuple(replace(d, part=d.part or mention.name) for d in mention.dates),
    )


# ---- numbers and dates that were read wrongly


def value_text(value: Decimal | date | None) -> str:
    """A number or date as corrections write it."""
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case datetime():
            return value.isoformat(timespec="minutes")
        case _:
            return value.isoformat()


def with_values(page: ParsedPage, values: ValuesByLine) -> ParsedPage:
    """The page with these corrections, by the number of the line. No line of it is lost."""
    corrections = _Corrections.of(values)
    mentions = [_with_values_of(mention, corrections) for mention in page.projects]
    metrics = corrections.measured(page.metrics)
    counts = corrections.applied(page.counts, _of_count, _with_count)
    incidents = corrections.applied(page.incidents, _of_incident, _with_time)
    left_lines = {row.line for row in incidents}
    read: list[Measured | CountRead] = [*page.metrics, *page.counts]
    left: list[Measured | CountRead] = [*metrics, *counts]
    kept_lines = {row.line for row in left if row.text}
    texts = {row.line: row.text for row in read if row.text and row.line not in kept_lines}
    return replace(
        page,
        projects=tuple(_with_new_values(mentions, values)),
        metrics=metrics,
        counts=counts,
        incidents=incidents,
        key_results=tuple(corrections.key_result(result) for result in page.key_results),
        sections=(
            *page.sections,
            *(_kept(Kind.METRICS, line, text) for line, text in texts.items()),
            *(
                _kept(Kind.INCIDENTS, row.line, row.text)
                for row in page.incidents
                if row.text and row.line not in left_lines
            ),
        ),
    )


def _kept(kind: Kind, line: int, text: str) -> SectionText:
    """A line of which no number or incident is left stays as text where it stands."""
    return SectionText(kind, "", 2, text, line)


def _with_values_of(mention: ProjectMention, corrections: _Corrections) -> ProjectMention:
    return replace(
        mention,
        progress=corrections.applied(mention.progress, _of_progress, _with_percent),
        dates=corrections.applied(mention.dates, _of_date, _with_day),
        readings=corrections.measured(mention.readings),
    )


def _with_new_values(
    mentions: Sequence[ProjectMention], values: ValuesByLine
) -> Iterator[ProjectMention]:
    """Values of lines in which nothing was read belong to the project that is reported there."""
    new: dict[int, list[tuple[int, ValueCorrection]]] = {}
    for line, rows in values.items():
        place = max((m.line for m in mentions if m.line <= line), default=None)
        if place is not None:
            new.setdefault(place, []).extend((line, row) for row in rows if _is_new(row))
    for mention in mentions:
        added = new.pop(mention.line, [])
        progress = [
            ProgressRead("", row.number, line)
            for line, row in added
            if row.kind == ValueKind.PERCENT
        ]
        dates = [
            DateRead("", row.day, Precision.DAY, _DATE_OF_KIND[row.kind], line)
            for line, row in added
            if row.kind in _DATE_OF_KIND
        ]
        yield replace(
            mention, progress=(*mention.progress, *progress), dates=(*mention.dates, *dates)
        )


def _is_new(correction: ValueCorrection) -> bool:
    return bool(correction.now) and not correction.was


def paired(
    read: Sequence[tuple[int, ValueCorrection]], left: Mapping[int, list[ValueCorrection]]
) -> list[ValueCorrection | None]:
    """The correction of each value that was read, taken from those that are left of its line.

    Of two equal values of a line the one of the correction's name; a line that is another
    project's by now may have other names.
    """
    pairs: list[ValueCorrection | None] = [None] * len(read)
    for by_name in (True, False):
        for place, (line, value) in enumerate(read):
            if pairs[place] is None and value.was:
                pairs[place] = _taken(left.get(line, []), value, by_name=by_name)
    return pairs


def _taken(
    corrections: list[ValueCorrection], value: ValueCorrection, *, by_name: bool
) -> ValueCorrection | None:
    for correction in corrections:
        is_same = (correction.kind, correction.was) == (value.kind, value.was)
        if is_same and (not by_name or correction.name == value.name):
            corrections.remove(correction)
            return correction
    return None


@dataclass(slots=True)
class _Corrections:
    """Those of a page, each applied once."""

    left: dict[int, list[ValueCorrection]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: ValuesByLine) -> Self:
        return cls({line: [row for row in rows if row.was] for line, rows in values.items()})

    def applied[T: (ProgressRead, DateRead, Measured, CountRead, IncidentRead)](
        self,
        rows: Iterable[T],
        read: Callable[[T], ValueCorrection],
        corrected: Callable[[T, ValueCorrection], T],
    ) -> tuple[T, ...]:
        rows = list(rows)
        pairs = paired([(row.line, read(row)) for row in rows], self.left)
        return tuple(
            row if correction is None else corrected(row, correction)
            for row, correction in zip(rows, pairs, strict=True)
            if correction is None or correction.now
        )

    def measured(self, rows: Iterable[Measured]) -> tuple[Measured, ...]:
        return self.applied(rows, _of_reading, _with_reading)

    def key_result(self, result: KeyResultRead) -> KeyResultRead:
        read = [(result.line, value) for value in values_of_key_result(result)]
        percent, score = paired(read, self.left)
        if percent is not None:
            result = replace(result, percent=percent.number if percent.now else None)
        if score is not None:
            result = replace(result, score=score.number if score.now else None)
        return result


def _of_progress(row: ProgressRead) -> ValueCorrection:
    return ValueCorrection(ValueKind.PERCENT, row.part or row.label, value_text(row.percent))


def _with_percent(row: ProgressRead, correction: ValueCorrection) -> ProgressRead:
    return replace(row, percent=correction.number)


def _of_date(row: DateRead) -> ValueCorrection:
    return ValueCorrection(KIND_OF_DATE[row.kind], row.part or row.label, value_text(row.date))


def _with_day(row: DateRead, correction: ValueCorrection) -> DateRead:
    return replace(row, date=correction.day, precision=Precision.DAY)


def _of_reading(row: Measured) -> ValueCorrection:
    return ValueCorrection(ValueKind.READING, row.name, value_text(row.value))


def _with_reading(row: Measured, correction: ValueCorrection) -> Measured:
    return replace(row, value=correction.number)


def _of_count(row: CountRead) -> ValueCorrection:
    return ValueCorrection(ValueKind.COUNT, row.severity, value_text(row.count))


def _with_count(row: CountRead, correction: ValueCorrection) -> CountRead:
    return replace(row, count=correction.number)


def _of_incident(row: IncidentRead) -> ValueCorrection:
    return ValueCorrection(ValueKind.TIME, row.detected_by, value_text(row.occurred_at))


def _with_time(row: IncidentRead, correction: ValueCorrection) -> IncidentRead:
    """A recovery that would come before it was read wrongly by as much."""
    occurred_at, recovered_at = correction.moment, row.recovered_at
    if recovered_at is not None and recovered_at < occurred_at:
        recovered_at += occurred_at - row.occurred_at
    return replace(row, occurred_at=occurred_at, recovered_at=recovered_at)


def values_of_key_result(result: KeyResultRead) -> tuple[ValueCorrection, ValueCorrection]:
    """Its percent and its score as they were read, empty where there is none."""
    return (
        ValueCorrection(ValueKind.PERCENT, result.code, value_text(result.percent)),
        ValueCorrection(ValueKind.SCORE, result.code, value_text(result.score)),
    )
