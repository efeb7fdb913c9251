"""What a person decided about the pages of an import, as plain values; exported as JSON. Pure.

The browser's review makes it and ``import_weekly --decisions FILE`` takes it. What was decided once
holds for the team's next imports.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Any, Final, Literal

import msgspec

from projects.text.names import key, keys
from reports.importer.column_mapping import ColumnMapping
from reports.importer.source import SourcePage

_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,4})?")
_YEARS: Final = range(1990, 2101)
# The number of a line, as JSON has keys: a text.
type LineNumber = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,7}$")]
# By the hash of a page's text and the number of a line.
_BY_LINE: Final = ("lines", "values")


class DecisionsUnreadable(ValueError):
    """The JSON is none, or does not say what decisions say."""


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """Who a name on the pages is: a member (by their user name), a guest to invite, or a name."""

    role: Literal["member", "invite", "name"] = "name"
    user: str = ""
    email: str = ""


class ValueKind(StrEnum):
    """What a number or date in a line is."""

    PERCENT = "percent"
    DUE = "due"
    DONE = "done"
    START = "start"
    READING = "reading"
    COUNT = "count"
    SCORE = "score"
    TIME = "time"  # of an incident


_MOST: Final = {ValueKind.PERCENT: 100, ValueKind.SCORE: 1}


@dataclass(frozen=True, slots=True)
class ValueCorrection:
    """A number or date of a line as a person corrects it; dates and times are ISO 8601.

    ``was`` is what was read, empty where nothing was; ``now`` is empty where it is no such value.
    ``name`` is what it is of, which tells two equal ones of a line apart. Raises ``ValueError``.
    """

    kind: ValueKind
    name: str = ""
    was: str = ""
    now: str = ""

    def __post_init__(self) -> None:
        if not self.now:
            return
        if self.is_date:
            fits = self.day.year in _YEARS
        elif self.is_time:
            fits = self.moment.year in _YEARS and self.moment.tzinfo is None
        else:
            fits = _NUMBER.fullmatch(self.now) is not None
            if fits and self.kind != ValueKind.READING:
                fits = 0 <= self.number <= _MOST.get(self.kind, 10**6)
        if not fits:
            raise ValueError(self.now)

    @property
    def is_date(self) -> bool:
        return self.kind in {ValueKind.DUE, ValueKind.DONE, ValueKind.START}

    @property
    def is_time(self) -> bool:
        return self.kind == ValueKind.TIME

    @property
    def day(self) -> date:
        return date.fromisoformat(self.now)

    @property
    def moment(self) -> datetime:
        """On the team's wall clock, without a zone."""
        return datetime.fromisoformat(self.now)

    @property
    def number(self) -> Decimal:
        return Decimal(self.now)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Names are as the pages write them; pages go by ``key_of``; weeks are Mondays."""

    same: dict[str, str] = field(default_factory=dict)  # a name → the project that it means
    parts: dict[str, str] = field(default_factory=dict)  # a name → the project it is a part of
    apart: tuple[tuple[str, ...], ...] = ()  # names that are different projects
    no_projects: tuple[str, ...] = ()
    metrics: dict[str, str] = field(default_factory=dict)  # a name → the metric that it means
    metrics_apart: tuple[tuple[str, ...], ...] = ()
    weeks: dict[str, date | None] = field(default_factory=dict)  # of pages; null leaves one out
    people: dict[str, PersonDecision] = field(default_factory=dict)
    goes_on: dict[str, bool] = field(default_factory=dict)  # project → whether it is of the present
    closes_overdue: bool | None = None  # whether milestones long due are closed
    starts_on: date | None = None
    columns: tuple[ColumnMapping, ...] = ()  # of spreadsheets with headings of a team's own
    # Of a page and a line: the project that it reports, or "" for none.
    lines: dict[str, dict[LineNumber, str]] = field(default_factory=dict)
    # Of a page and a line: its numbers and dates that were read wrongly.
    values: dict[str, dict[LineNumber, tuple[ValueCorrection, ...]]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self == Decisions()

    def and_then(self, later: Decisions) -> Decisions:
        """Both; where they differ, the later one holds."""
        merged: dict[str, Any] = {}
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(later, part.name)
            if part.name in _BY_LINE:
                merged[part.name] = {
                    page: {**mine.get(page, {}), **theirs.get(page, {})}
                    for page in {**mine, **theirs}
                }
            elif isinstance(mine, dict):
                merged[part.name] = {**mine, **theirs}
            elif isinstance(mine, tuple):
                merged[part.name] = tuple(dict.fromkeys((*mine, *theirs)))
            else:
                merged[part.name] = mine if theirs is None else theirs
        return Decisions(**merged)

    def remembered(self) -> Decisions:
        """What of it holds for the team's next import: names and people, no pages or dates."""
        return Decisions(
            same=self.same,
            parts=self.parts,
            apart=self.apart,
            no_projects=self.no_projects,
            metrics=self.metrics,
            metrics_apart=self.metrics_apart,
            people=self.people,
            columns=self.columns,
        )


def all_of(parts: Iterable[Decisions]) -> Decisions:
    """The decisions one after the other."""
    whole = Decisions()
    for part in parts:
        whole = whole.and_then(part)
    return whole


def key_of(source: SourcePage) -> str:
    """A hash of the page's text, by which it is recognised whatever its file and week."""
    text = "\n".join(line.text.rstrip() for line in source.lines).strip()
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class DecidedNames:
    """The decisions on names of projects, looked up as names are compared."""

    def __init__(self, decisions: Decisions) -> None:
        self._same = {key(name): main for name, main in decisions.same.items()}
        self._parts = {key(name): whole for name, whole in decisions.parts.items()}
        self._refused = {key(name) for name in decisions.no_projects}
        self._apart = _pairs(decisions.apart)

    def main_name(self, name: str) -> str:
        """The name of the project that this one means: itself where nobody decided."""
        return next((self._same[k] for k in keys(name) if k in self._same), name)

    def whole_of(self, name: str) -> str | None:
        """The project that what goes by this name is a part of."""
        return self._parts.get(key(name))

    def is_refused(self, name: str) -> bool:
        """Whether it is no project."""
        return key(name) in self._refused

    def is_settled(self, name: str, other: str) -> bool:
        """Whether somebody decided already how these two belong together."""
        a, b = key(name), key(other)
        return (
            bool({a, b} & (self._refused | self._parts.keys()))
            or frozenset((a, b)) in self._apart
            or key(self.main_name(name)) == key(self.main_name(other))
        )


def _pairs(groups: Iterable[Iterable[str]]) -> set[frozenset[str]]:
    return {frozenset((key(a), key(b))) for group in groups for a, b in combinations(group, 2)}


def as_plain(decisions: Decisions) -> dict[str, Any]:
    """As JSON has it, without what nobody decided."""
    plain: dict[str, Any] = msgspec.to_builtins(decisions)
    return {name: value for name, value in plain.items() if value not in ({}, [], (), None)}


def from_plain(plain: object) -> Decisions:
    """Raises ``DecisionsUnreadable``."""
    try:
        return msgspec.convert(plain, Decisions)
    except msgspec.ValidationError as error:
        raise DecisionsUnreadable(str(error)) from error


def as_json(decisions: Decisions) -> bytes:
    """The file that the browser exports."""
    return msgspec.json.format(msgspec.json.encode(as_plain(decisions)), indent=1) + b"\n"


def from_json(data: bytes) -> Decisions:
    """Raises ``DecisionsUnreadable``."""
    try:
        return msgspec.json.decode(data, type=Decisions)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DecisionsUnreadable(str(error)) from error
