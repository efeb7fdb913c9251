"""What people said of columns whose headings the vocabulary does not know. Pure.

A mapping belongs to the headings of one kind of table, folded: the same form comes back each week.
It is applied by adding the role's word to the heading (搞定比例（进度）), so that whoever reads the
table, now or later, sees what the column was taken for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from projects.prose import fold
from reports.importer.columns import WORDS, ColumnRole, is_measure, role_of

_MARKS: Final = re.compile(r"[\s*_`:：]+")
_MOST: Final = 1_000


class NotAMappingError(ValueError):
    """A file or a form that should hold column mappings does not."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The headings of one table of a spreadsheet, and what each was taken for."""

    place: str  # the first heading's cell: 第25周!A2
    headings: tuple[str, ...]
    roles: tuple[ColumnRole | None, ...]

    @property
    def names_projects(self) -> bool:
        """Whether a column names the projects or key results; else nothing is read of the rows."""
        return ColumnRole.NAME in self.roles or ColumnRole.KEY_RESULT in self.roles

    @property
    def is_understood(self) -> bool:
        """Whether nobody has to say what the columns are: of projects, or of metrics."""
        return self.names_projects or any(is_measure(heading) for heading in self.headings)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The roles of some headings, in tables that have all of ``headings``."""

    headings: tuple[str, ...]
    roles: Mapping[str, ColumnRole]

    @property
    def key(self) -> tuple[str, ...]:
        """What the mapping is found by: the headings folded, in no order."""
        return table_key(self.headings)

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class ColumnMappings:
    """The mappings of a team."""

    mappings: tuple[ColumnMapping, ...] = ()
    _by_key: dict[tuple[str, ...], ColumnMapping] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_key = {mapping.key: mapping for mapping in self.mappings}
        object.__setattr__(self, "_by_key", by_key)

    def __bool__(self) -> bool:
        return bool(self.mappings)

    def named(self, cells: Sequence[str]) -> tuple[str, ...] | None:
        """The cells with the words of their roles, if these are the headings of a mapping."""
        mapping = self._by_key.get(table_key(cells)) if self._by_key else None
        if mapping is None:
            return None
        roles = {heading_key(heading): role for heading, role in mapping.roles.items()}
        return tuple(_named(cell, roles.get(heading_key(cell))) for cell in cells)

    def and_then(self, others: Iterable[ColumnMapping]) -> ColumnMappings:
        """These and ``others``, which count where both know the same headings."""
        return ColumnMappings((*self.mappings, *others))


NO_MAPPINGS: Final = ColumnMappings()


def _named(heading: str, role: ColumnRole | None) -> str:
    if role is None or role_of(heading) is role:
        return heading
    return f"{heading}（{WORDS[role]}）" if role_of(heading) is None else WORDS[role]


def heading_key(heading: str) -> str:
    """A heading folded for comparing: one width and case, no spaces, no marks."""
    return _MARKS.sub("", fold(heading.replace("<br>", ""))).lower()


def table_key(headings: Iterable[str]) -> tuple[str, ...]:
    """The headings of a table folded, sorted, each once, without empty ones."""
    return tuple(sorted({key for heading in headings if (key := heading_key(heading))}))


def mappings_of(value: Any) -> tuple[ColumnMapping, ...]:
    """The mappings in the plain values of a JSON file. Raises ``NotAMappingError``.

    ``[{"headings": ["干啥", "比例"], "roles": {"干啥": "name", "比例": "progress"}}]``; without
    ``headings`` those of ``roles`` are all that the table has.
    """
    if isinstance(value, Mapping):
        value = [value if "roles" in value else {"roles": value}]
    if not isinstance(value, list) or len(value) > _MOST:
        raise NotAMappingError("column mappings are a list of objects with `headings` and `roles`")
    return tuple(map(_mapping_of, value))


def _mapping_of(value: object) -> ColumnMapping:
    roles = value.get("roles") if isinstance(value, Mapping) else None
    headings = value.get("headings", None) if isinstance(value, Mapping) else None
    if not isinstance(roles, Mapping) or not roles:
        raise NotAMappingError("a column mapping needs `roles`: headings with what they hold")
    headings = list(roles) if headings is None else headings
    if not isinstance(headings, list) or not all(isinstance(text, str) for text in headings):
        raise NotAMappingError("the `headings` of a column mapping are a list of texts")
    try:
        named = {str(heading): ColumnRole(role) for heading, role in roles.items()}
    except ValueError as error:
        role_names = ", ".join(ColumnRole)
        raise NotAMappingError(f"{error}; a column is one of: {role_names}") from error
    missing = {heading_key(heading) for heading in named} - set(table_key(headings))
    if missing:
        raise NotAMappingError(f"not among the headings: {', '.join(sorted(missing))}")
    return ColumnMapping(tuple(headings), named)
