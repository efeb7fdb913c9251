"""What of a document a reader sees: whether two documents, or parts of them, say the same. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from projects.text.names import differ_by_login
from projects.text.numbers import plain, rounded

# What makes no other page. Keys of rows lead from the live page to where it is edited, and no
# reader sees them. Questions and answers are talk about the page. The rest follows from the day or
# from who saved it when; and documents from before a key was kept lack it.
_NO_CONTENT: Final = frozenset(
    {
        *("id", "section_id", "objective_id"),
        *("questions", "answers"),
        *("time_gone", "days", "reported_at", "is_late", "author", "author_for"),
        *("gains", "course"),
    }
)
_PEOPLE: Final = frozenset({"lead", "by"})
_PERCENTS: Final = frozenset({"percent", "weighted_percent", "last_percent", "change"})


def say_the_same(page: object, other: object) -> bool:
    """Whether two documents, or parts of them, say the same to a reader.

    They may, even where ``canonical`` differs. Numbers are compared as they are printed: 93.333333
    of an old document is 93.33. A member who joins with the name of another changes no page.
    """
    return _are_alike(_content_of(page), _content_of(other))


def _content_of(thing: object) -> Any:
    """As plain values without what makes no other page."""
    return _without_keys(msgspec.to_builtins(thing, builtin_types=(Decimal,)))


def _are_alike(value: Any, other: Any, name: str = "") -> bool:
    if value == other:
        return True
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(
            _are_alike(value[key], other[key], key) for key in value
        )
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(_are_alike, value, other))
    return is_same_name(name, value, other)


def is_same_name(field: str, name: Any, other: Any) -> bool:
    """Whether the field names one person, in one of the two told apart from a namesake."""
    is_named = field in _PEOPLE and isinstance(name, str) and isinstance(other, str)
    return is_named and bool(name and other) and differ_by_login(name, other)


def _without_keys(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        inner_values = value.items()
        return {
            key: _without_keys(inner, key) for key, inner in inner_values if key not in _NO_CONTENT
        }
    if isinstance(value, list | tuple):
        return [_without_keys(inner) for inner in value]
    return printed_number(value, name) if isinstance(value, Decimal) else value


def printed_number(value: Decimal, field: str) -> str:
    """A number of the field of that name as the page prints it, without its unit."""
    return plain(rounded(value) if field in _PERCENTS else value)
