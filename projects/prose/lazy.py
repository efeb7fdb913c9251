"""Patterns that are compiled when they are first used.

There are some 400 of them. Compiling them all takes a third of the time in which Django starts,
and most processes (a command, the clock, a test of something else) read no prose.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern")


# A Chinese character has no case: telling so spares `re` a loop over 20,000 of them at each class.
_HAN: Final = (r"[\u4e00-\u9fff]", "[\u4e00-\u9fff]")


def _without_case(source: str, flags: int) -> str:
    if flags & re.IGNORECASE:
        for characters in _HAN:
            source = source.replace(characters, f"(?-i:{characters})")
    return source


class _Pattern:
    """Stands for the compiled pattern, whose methods become its own at the first use of one."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(_without_case(self._source, self._flags), self._flags)
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def compile(source: str, flags: int = 0) -> re.Pattern[str]:  # noqa: A001  called `lazy.compile`, as `re.compile`
    """The pattern of ``re.compile``, which it becomes when it is used."""
    return cast("re.Pattern[str]", _Pattern(source, flags))
