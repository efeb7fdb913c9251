"""What a person said of a page's reading: which lines report which project, or none. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from projects.text.names import key
from reports.importer.reading.names.heads import Head
from reports.importer.reading.outline import OutlineLine

_FIRST_CLAUSE: Final = re.compile(r"[^：:，,。；;]{1,60}(?=[：:，,。；;])")


@dataclass(frozen=True, slots=True)
class Corrections:
    """``no_projects`` are keys of names; ``lines`` has a project, or "" for none, by line."""

    no_projects: frozenset[str] = frozenset()
    lines: Mapping[int, str] = field(default_factory=dict)

    def head(self, line: OutlineLine, head: Head | None) -> Head | None:
        """The head of the line as a person corrected what was read."""
        project = self.lines.get(line.number)
        if project == "":
            return None
        if project is not None:
            return _named(line, head, project)
        if head is None or not self.no_projects:
            return head
        return None if key(head.name) in self.no_projects else head


NO_CORRECTIONS: Final = Corrections()


def _named(line: OutlineLine, head: Head | None, project: str) -> Head:
    if head is not None:
        return replace(head, name=project, written=head.written or head.name)
    first = _FIRST_CLAUSE.match(line.plain)
    written = first[0] if first else line.plain
    return Head(project, line.plain[len(written) :].lstrip(" ：:，,"), written)
