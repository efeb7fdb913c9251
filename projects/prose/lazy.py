"""Patterns that are compiled when they are first used.

There are some 400 of them. Compiling them all takes a third of the time in which Django starts,
and most processes (a command, the clock, a test of something else) read no prose.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

_METHODS: Final = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern")


class _Pattern:
    """Stands for the compiled pattern, whose methods become its own at the first use of one."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def compile(source: str, flags: int = 0) -> re.Pattern[str]:  # noqa: A001  called `lazy.compile`, as `re.compile`
    """The pattern of ``re.compile``, which it becomes when it is used."""
    return cast("re.Pattern[str]", _Pattern(source, flags))
