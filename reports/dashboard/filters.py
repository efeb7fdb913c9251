"""Which rows the dashboard's table shows and in which order, as the address says. Pure.

The rows are dataclasses from a document, not a queryset. Values in the address that make no sense
for these rows are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Self
from urllib.parse import urlencode

from django.http import QueryDict

from okrtracker.requests.clean import number_in
from projects.reported import FURTHER_TEXTS
from projects.standing import is_last_known
from projects.text import names
from projects.text.pinyin import person_key, sort_key
from reports.dashboard.overview import BoardRow
from reports.weekly.comparison import severity
from reports.weekly.document import Entry

# Columns that a reader may leave out; the project's name always stands.
COLUMNS: Final = (
    *("lead", "stage", "health", "percent"),
    *("history", "due_on", "reported_at", "text"),
)
SIZES: Final = (25, 50, 100, 200)
SIZE: Final = 50
# In the address, for projects whose health nobody has confirmed for weeks: it is shown grey.
UNCONFIRMED: Final = "unconfirmed"
# In the address, for projects without an objective, a stage, a health or a lead.
NONE: Final = "-"
_LONGEST_TEXT: Final = 100

type Aliases = Mapping[int, Sequence[str]]
type Comparable = str | int | Decimal | date | tuple[date, datetime]


@dataclass(frozen=True, slots=True)
class TableState:
    """How the table is shown. Fields at their default are not in the address."""

    objective: str = ""  # its code; NONE for projects without one
    health: str = ""
    stage: str = ""
    lead: str = ""
    stale: bool = False  # only those that owe this week's entry
    text: str = ""  # part of a project's name or alias, of its lead's name, or of its words
    sort: str = ""  # a column's name, "-" before it for descending; empty: the page's order
    columns: tuple[str, ...] = COLUMNS
    size: int = SIZE  # rows on a page of the table
    page: int = 1
    against: str = ""  # label of the week to compare with; empty: last week

    @property
    def is_filtered(self) -> bool:
        return any((self.objective, self.health, self.stage, self.lead, self.stale, self.text))

    def changed(self, **changes: Any) -> Self:
        """The state with ``changes``, on the first page unless they name another."""
        return replace(self, **{"page": 1, **changes})

    def unfiltered(self) -> Self:
        return self.changed(objective="", health="", stage="", lead="", stale=False, text="")

    def parameters(self) -> list[tuple[str, str]]:
        """Names and values in the address; columns repeat the name."""
        pairs: list[tuple[str, str]] = []
        for parameter in fields(self):
            value = getattr(self, parameter.name)
            if value == parameter.default:
                continue
            if parameter.name == "columns":
                # The name alone says that none of the others is shown.
                pairs += [("columns", column) for column in value or ("project",)]
            else:
                pairs.append((parameter.name, "1" if value is True else str(value)))
        return pairs

    def query(self, **changes: Any) -> str:
        """``?health=at_risk&sort=-percent``, with ``changes``; ``?`` when all is at its default."""
        state = self.changed(**changes) if changes else self
        return "?" + urlencode(state.parameters())

    def key(self) -> str:
        """Identifies the state in a cache key."""
        return urlencode(self.parameters())


@dataclass(frozen=True, slots=True)
class Choices:
    """What the rows can be filtered by, in the order of the page; leads by name."""

    objectives: tuple[tuple[str, str], ...] = ()  # code and name
    healths: tuple[str, ...] = ()  # as ``_health`` has them
    stages: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    lacking: frozenset[str] = field(default=frozenset())  # of which fields some row has none


def choices_of(rows: Iterable[BoardRow], objectives: Iterable[tuple[str, str]]) -> Choices:
    """``objectives`` are (code, name) of the page's; those that no row belongs to are left out."""
    entries = [row.entry for row in rows]
    codes = {entry.objective_code for entry in entries}
    values_of = {
        "objective": codes,
        "health": {_health(entry) for entry in entries},
        "stage": {entry.stage for entry in entries},
        "lead": {entry.lead for entry in entries},
    }
    return Choices(
        objectives=tuple((code, name) for code, name in dict(objectives).items() if code in codes),
        healths=tuple(sorted(filter(None, values_of["health"]), key=_health_place)),
        stages=tuple(dict.fromkeys(entry.stage for entry in entries if entry.stage)),
        leads=tuple(sorted(filter(None, values_of["lead"]), key=person_key)),
        lacking=frozenset(name for name, values in values_of.items() if "" in values),
    )


def state_of(query: QueryDict, choices: Choices, against: str = "") -> TableState:
    """The state that an address asks for; ``against`` is a week's label that is known to exist."""
    return TableState(
        objective=_one_of(query, "objective", [code for code, _ in choices.objectives], choices),
        health=_one_of(query, "health", choices.healths, choices),
        stage=_one_of(query, "stage", choices.stages, choices),
        lead=_one_of(query, "lead", choices.leads, choices),
        stale=query.get("stale") == "1",
        text=" ".join(query.get("text", "").replace("\0", "").split())[:_LONGEST_TEXT].strip(),
        sort=_sort(query.get("sort", "")),
        columns=_columns(query.getlist("columns")),
        size=_number(query.get("size", ""), SIZE, SIZES),
        page=_number(query.get("page", ""), 1),
        against=against,
    )


def _one_of(query: QueryDict, name: str, known_values: Iterable[str], choices: Choices) -> str:
    asked = query.get(name, "")
    return asked if asked in known_values or (asked == NONE and name in choices.lacking) else ""


def _columns(asked: list[str]) -> tuple[str, ...]:
    if not {*asked} & {"project", *COLUMNS}:
        return COLUMNS
    return tuple(column for column in COLUMNS if column in asked)


def _sort(asked: str) -> str:
    return asked if asked.removeprefix("-") in _ORDERS else ""


def _number(asked: str, default: int, allowed: Sequence[int] | None = None) -> int:
    number = number_in(asked, digits=6) or 0
    return number if number > 0 and (allowed is None or number in allowed) else default


# --- rows -------------------------------------------------------------------------------------


def shown(rows: Iterable[BoardRow], state: TableState, aliases: Aliases) -> list[BoardRow]:
    """The matching rows, of all pages of the table. ``aliases`` are needed to search for a text."""
    wanted = [row for row in rows if _is_wanted(row, state)]
    if state.text:
        plain, key = state.text.casefold(), names.key(state.text)
        wanted = [row for row in wanted if _says(row, plain, key, aliases)]
    return _sorted(wanted, state.sort) if state.sort else wanted


def _is_wanted(row: BoardRow, state: TableState) -> bool:
    entry = row.entry
    wanted = (
        (state.objective, entry.objective_code),
        (state.health, _health(entry)),
        (state.stage, entry.stage),
        (state.lead, entry.lead),
    )
    if state.stale and not entry.is_owed:
        return False
    return all(not asked or value == ("" if asked == NONE else asked) for asked, value in wanted)


def _health(entry: Entry) -> str:
    """The health that the screen shows: a colour, ``UNCONFIRMED`` for grey, or none."""
    return UNCONFIRMED if is_last_known(entry.health, entry.weeks_silent) else entry.health


def _health_place(health: str) -> tuple[bool, int]:
    """The gravest first; grey claims nothing, and comes last."""
    return (True, 0) if health == UNCONFIRMED else (False, severity(health))


def _says(row: BoardRow, plain: str, key: str, aliases: Aliases) -> bool:
    """Whether the text stands in the words or in a folded name: docai finds 「Doc AI」."""
    entry = row.entry
    called = (entry.project, entry.name, *aliases.get(entry.project_id, ()))
    further = (getattr(entry, name) for name in FURTHER_TEXTS)
    words = (*called, entry.lead, entry.text or entry.last_text, *further)
    if any(plain in text.casefold() for text in words):
        return True
    return bool(key) and any(key in names.key(name) for name in called)


def _sorted(rows: list[BoardRow], sort: str) -> list[BoardRow]:
    """Equal rows keep the page's order; rows without a value come last in either direction."""
    order = _ORDERS[sort.removeprefix("-")]
    sortable = [(value, row) for row in rows if (value := order(row)) not in (None, "")]
    ordered = sorted(sortable, key=lambda pair: pair[0], reverse=sort.startswith("-"))
    unknown = [row for row in rows if order(row) in (None, "")]
    return [*(row for _, row in ordered), *unknown]


def _updated(row: BoardRow) -> Comparable | None:
    """By the week first: all entries of an imported page were written at the import."""
    entry = row.entry
    if entry.reported_at is None:
        return None
    return (entry.last_week or date.max, entry.reported_at)


_ORDERS: Final[dict[str, Callable[[BoardRow], Any]]] = {
    "project": lambda row: sort_key(row.entry.project),
    "lead": lambda row: person_key(row.entry.lead) if row.entry.lead else None,
    "stage": lambda row: row.entry.stage,
    "health": lambda row: _health_place(_health(row.entry)) if row.entry.health else None,
    "percent": lambda row: row.entry.percent,
    "change": lambda row: row.change.percent,
    "due_on": lambda row: row.entry.due_on,
    "reported_at": _updated,
}
