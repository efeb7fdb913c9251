"""A read page for whoever checks it: each line of its source beside what was read in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.text.numbers import plain
from reports.importer.deciding import KIND_OF_DATE, paired, value_text, values_of_key_result
from reports.importer.decisions import ValueCorrection, ValueKind
from reports.importer.doubts import lines_unread
from reports.importer.page import DateRead, KeyResultRead, Measured, ParsedPage, ProjectMention
from reports.importer.source import SourceLine

# So many lines before and after the one in question; the page has a view of its own.
_BEFORE: Final = 8
_AFTER: Final = 16
_SHORT: Final = 40  # characters of a key result's text
_RULE: Final = re.compile(r"[\s|:-]+")  # below the headings of a table in Markdown


class LineReading(StrEnum):
    """What a line was read as."""

    TITLE = "title"
    SECTION = "section"
    OBJECTIVE = "objective"
    PROJECT = "project"
    PROGRESS = "progress"
    DUE = "due"
    DONE = "done"
    START = "start"
    READING = "reading"
    COUNT = "count"
    INCIDENT = "incident"
    KEY_RESULT = "key_result"
    SCORE = "score"
    PLAN = "plan"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing read in a line: what it is, of which part, and its value."""

    kind: LineReading
    name: str = ""
    value: object = None
    precision: str = "day"
    mark: str = ""  # the words of the source that it rests on
    unit: str = ""
    value_kind: ValueKind | None = None  # of a number or date, which can be corrected
    correction: ValueCorrection | None = None

    @property
    def is_date(self) -> bool:
        return self.value_kind in {ValueKind.DUE, ValueKind.DONE, ValueKind.START}

    @property
    def is_time(self) -> bool:
        return self.value_kind == ValueKind.TIME

    @property
    def was(self) -> str:
        """What was read, as corrections write it."""
        return value_text(self.value) if isinstance(self.value, (Decimal, date)) else ""

    @property
    def read(self) -> ValueCorrection:
        """The number or date as it was read."""
        return ValueCorrection(self.value_kind or ValueKind.READING, self.name, self.was)

    @property
    def now(self) -> str:
        """What holds: the correction, else what was read."""
        return self.was if self.correction is None else self.correction.now

    def corrected(self, typed: str) -> ValueCorrection | None:
        """The correction that says so; none where it says what was read. Raises ``ValueError``."""
        return replace(self.read, now=typed) if typed != self.was else None


@dataclass(slots=True)
class EvidenceLine:
    number: int
    text: str
    pieces: list[Piece] = field(default_factory=list)
    project: str = ""  # the project that the line belongs to
    is_head: bool = False  # whether the project's report begins here
    is_unread: bool = False
    is_hot: bool = False
    place: str = ""  # the cell of a spreadsheet
    refusal: str = ""  # why values that were typed for it cannot be
    typed: Sequence[str] = ()  # these values

    @property
    def source(self) -> SafeString:
        """The text with what was read from it marked."""
        return marked(self.text, {piece.mark for piece in self.pieces if piece.mark})

    @property
    def values(self) -> list[Piece]:
        """The numbers and dates that can be corrected; of a project also those that are missing."""
        values = [piece for piece in self.pieces if piece.value_kind is not None]
        if not self.project:
            return values
        kinds = {piece.kind for piece in values}
        if LineReading.PROGRESS not in kinds:
            values.append(Piece(LineReading.PROGRESS, value_kind=ValueKind.PERCENT))
        if not kinds & {LineReading.DUE, LineReading.DONE}:
            values.append(Piece(LineReading.DUE, value_kind=ValueKind.DUE))
        return values

    @property
    def fields(self) -> list[tuple[Piece, str]]:
        """The values with what their fields show: what was refused, else what holds."""
        typed = self.typed or [piece.now for piece in self.values]
        return list(zip(self.values, typed, strict=False))


def lines_of(
    page: ParsedPage,
    hot: Iterable[int] = (),
    values: Mapping[str, Sequence[ValueCorrection]] | None = None,
) -> list[EvidenceLine]:
    """All lines that say something, those in question marked as hot.

    ``page`` is as it was read; ``values`` are its corrected numbers and dates, by line.
    """
    pieces = _pieces(page)
    for line, corrections in (values or {}).items():
        pieces[int(line)] = _with_corrections(pieces[int(line)], corrections)
    owners = _owners(page)
    unread = {number for number, _ in lines_unread(page)}
    asked = set(hot)
    heads = {mention.line for mention in page.projects}
    return [
        EvidenceLine(
            line.number,
            line.text,
            pieces.get(line.number, []),
            owners.get(line.number, ""),
            line.number in heads,
            line.number in unread,
            line.number in asked,
            line.place,
        )
        for line in page.source.lines
        if line.text.strip() and not _RULE.fullmatch(line.text)
    ]


def around(lines: list[EvidenceLine], number: int) -> list[EvidenceLine]:
    """The lines near that one; the beginning of the page for a line that is none."""
    at = next((i for i, line in enumerate(lines) if line.number >= number), 0)
    return lines[max(at - _BEFORE, 0) : at + _AFTER]


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text as HTML with each of the words marked where it stands first."""
    spans: list[tuple[int, int]] = []
    for word in sorted(words, key=len, reverse=True):
        start = text.find(word)
        if start >= 0 and all(start + len(word) <= a or start >= b for a, b in spans):
            spans.append((start, start + len(word)))
    parts, at = [], 0
    for start, end in sorted(spans):
        parts.append((text[at:start], format_html("<mark>{}</mark>", text[start:end])))
        at = end
    return format_html("{}{}", format_html_join("", "{}{}", parts), text[at:])


def _pieces(page: ParsedPage) -> dict[int, list[Piece]]:
    texts = {line.number: line.text for line in page.source.lines}
    pieces: dict[int, list[Piece]] = defaultdict(list)
    if page.title_line:
        pieces[page.title_line].append(Piece(LineReading.TITLE, page.week.label))
    headed = {objective.line for objective in page.objectives}
    for objective in page.objectives:
        pieces[objective.line].append(
            Piece(LineReading.OBJECTIVE, f"{objective.code} {objective.name}".strip())
        )
    for section in page.sections:
        if section.heading and section.line not in headed:
            pieces[section.line].append(Piece(LineReading.SECTION, section.heading))
    for mention in page.projects:
        _mention_pieces(pieces, mention, texts)
    _number_pieces(pieces, page, texts)
    for incident in page.incidents:
        pieces[incident.line].append(
            Piece(
                LineReading.INCIDENT,
                incident.detected_by,
                incident.occurred_at,
                value_kind=ValueKind.TIME,
            )
        )
    for goal in page.goals:
        pieces[goal.line].append(Piece(LineReading.PLAN))
    return pieces


def _number_pieces(pieces: dict[int, list[Piece]], page: ParsedPage, texts: dict[int, str]) -> None:
    """What stands on the page beside its projects: metrics, key results, counts of incidents."""
    for measured in page.metrics:
        pieces[measured.line].append(_measured(measured, texts))
    for result in page.key_results:
        pieces[result.line] += _key_result(result)
    for count in page.counts:
        piece = Piece(LineReading.COUNT, count.severity, count.count, value_kind=ValueKind.COUNT)
        pieces[count.line].append(piece)


def _mention_pieces(
    pieces: dict[int, list[Piece]], mention: ProjectMention, texts: dict[int, str]
) -> None:
    pieces[mention.line].append(Piece(LineReading.PROJECT, mention.name))
    for progress in mention.progress:
        name = progress.part or progress.label
        mark = _number_in(texts.get(progress.line, ""), progress.percent)
        pieces[progress.line].append(
            Piece(
                LineReading.PROGRESS,
                name,
                progress.percent,
                mark=mark,
                value_kind=ValueKind.PERCENT,
            )
        )
    for dated in mention.dates:
        pieces[dated.line].append(_dated(dated))
    for measured in mention.readings:
        pieces[measured.line].append(_measured(measured, texts))


def _dated(dated: DateRead) -> Piece:
    kind = LineReading(KIND_OF_DATE[dated.kind].value)
    name, value_kind = dated.part or dated.label, KIND_OF_DATE[dated.kind]
    return Piece(kind, name, dated.date, dated.precision.value, dated.text, value_kind=value_kind)


def _measured(measured: Measured, texts: dict[int, str]) -> Piece:
    mark = _number_in(texts.get(measured.line, ""), measured.value)
    return Piece(
        LineReading.READING,
        measured.name,
        measured.value,
        mark=mark,
        unit=measured.unit,
        value_kind=ValueKind.READING,
    )


def _key_result(result: KeyResultRead) -> list[Piece]:
    percent, score = values_of_key_result(result)
    pieces = [Piece(LineReading.KEY_RESULT, result.code or result.text[:_SHORT])]
    if percent.was:
        kind = LineReading.PROGRESS
        pieces.append(Piece(kind, result.code, result.percent, value_kind=percent.kind))
    if score.was:
        pieces.append(Piece(LineReading.SCORE, result.code, result.score, value_kind=score.kind))
    return pieces


def _with_corrections(
    pieces: Sequence[Piece], corrections: Sequence[ValueCorrection]
) -> list[Piece]:
    """The pieces of a line with their corrections, and a piece for each value that was missing."""
    left = {0: list(corrections)}
    values = [piece for piece in pieces if piece.value_kind is not None]
    pairs = iter(paired([(0, piece.read) for piece in values], left))
    result = [
        replace(piece, correction=next(pairs)) if piece.value_kind is not None else piece
        for piece in pieces
    ]
    new = [c for c in left[0] if c.now and not c.was]
    kinds = {ValueKind.PERCENT: LineReading.PROGRESS, ValueKind.DUE: LineReading.DUE}
    return result + [
        Piece(kinds[c.kind], value_kind=c.kind, correction=c) for c in new if c.kind in kinds
    ]


def _number_in(text: str, value: Decimal) -> str:
    """The value as the text writes it, with its sign of percent."""
    number = plain(value)
    match = re.search(rf"(?<![\d.]){re.escape(number)}(?:\.0+)?(?![\d.]\d)\s*[%％]?", text)
    return match[0] if match else ""


def _owners(page: ParsedPage) -> dict[int, str]:
    """The project that each line belongs to, by number."""
    text_of = {line.number: line for line in page.source.lines}
    owners: dict[int, str] = {}
    for mention in page.projects:
        owners[mention.line] = mention.name
        wanted = [part.strip() for part in mention.text.splitlines() if part.strip()]
        _own_below(owners, mention, wanted, text_of)
    return owners


def _own_below(
    owners: dict[int, str],
    mention: ProjectMention,
    wanted: list[str],
    text_of: dict[int, SourceLine],
) -> None:
    """The lines after its first that hold its text, in order."""
    number = mention.line + 1
    for part in wanted:
        line = text_of.get(number)
        while line is not None and not line.text.strip():
            number += 1
            line = text_of.get(number)
        if line is not None and (part in line.text or line.text.strip() in part):
            owners[number] = mention.name
            number += 1
