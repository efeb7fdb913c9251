"""Names that other pages call their projects by, and where they begin a line. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from projects.text.names import folded
from reports.importer.page import ParsedPage
from reports.importer.reading.outline import outline

_SHORTEST: Final = 2
_LONGEST: Final = 40
_OFTEN: Final = 2  # pages; a name that one page alone uses may have been read wrongly


def names_of(pages: Iterable[ParsedPage], known: Sequence[str]) -> list[str]:
    """The names that begin a report wherever they begin a line, longest first."""
    counts = Counter(name for page in pages for name in {p.name for p in page.projects})
    names = {*known, *(name for name, count in counts.items() if count >= _OFTEN)}
    return sorted(
        (name for name in names if len(folded(name)) >= _SHORTEST and len(name) <= _LONGEST),
        key=lambda name: (-len(name), name),
    )


def unreported(page: ParsedPage, names: Sequence[str]) -> tuple[str, ...]:
    """The names that begin lines of the page which do not report them yet."""
    starts = {name[:_SHORTEST] for name in names}
    reported = {(project.line, project.name) for project in page.projects}
    leading = dict.fromkeys(
        (line.number, name)
        for line in outline(page.source.lines)
        if line.plain[:_SHORTEST] in starts
        for name in names
        if line.plain.startswith(name)
    )
    return tuple(dict.fromkeys(name for number, name in leading if (number, name) not in reported))
