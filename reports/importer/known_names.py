"""Names that other pages call their projects by, and where they begin a line. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from projects.text.names import folded
from reports.importer.page import ParsedPage
from reports.importer.reading.outline import outline
from reports.weekly.sections import Kind

_SHORTEST: Final = 2
_LONGEST: Final = 40
_OFTEN: Final = 2  # pages; a name that one page alone uses may have been read wrongly


def names_of(pages: Iterable[ParsedPage], known_names: Sequence[str]) -> list[str]:
    """The names that begin a report wherever they begin a line, longest first."""
    counts = Counter(name for page in pages for name in {p.name for p in page.projects})
    names = {*known_names, *(name for name, count in counts.items() if count >= _OFTEN)}
    return sorted(
        (name for name in names if len(folded(name)) >= _SHORTEST and len(name) <= _LONGEST),
        key=lambda name: (-len(name), name),
    )


def unreported(page: ParsedPage, names: Sequence[str]) -> tuple[str, ...]:
    """The names that begin lines of the page which another reading may take for their reports."""
    reported = {project.line: project.name for project in page.projects}
    wanted = {number for number, _ in page.unplaced}
    wanted.update(number for number, name in reported.items() if name not in names)
    for section in page.sections:
        if section.kind == Kind.CUSTOM and section.body:
            wanted.update(range(section.line, section.line + section.body.count("\n") + 1))
    starts = {name[:_SHORTEST] for name in names}
    leading: dict[str, None] = {}
    for line in outline(line for line in page.source.lines if line.number in wanted):
        if line.plain[:_SHORTEST] not in starts:
            continue
        own = reported.get(line.number, "")
        if own and line.plain[len(own) :].lstrip()[:1] in {"：", ":"}:
            continue  # a mark ends the name: 收银台改版：联调
        leading.update(dict.fromkeys(name for name in names if line.plain.startswith(name)))
    return tuple(leading)
