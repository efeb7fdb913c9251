"""Which lines belong to the name above them: what continues and what follows it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reports.importer.reading.key_results import is_key_result
from reports.importer.reading.names.heads import is_short_name, project_head
from reports.importer.reading.outline import PARAGRAPH, OutlineItem, OutlineLine

_BRACKETED_ALONE: Final = re.compile(r"【[^【】]{2,40}】")


def with_continuations(outermost: Iterable[OutlineItem]) -> Iterator[OutlineItem]:
    """A paragraph right after an item continues it, unless it names a project."""
    previous: OutlineItem | None = None
    for item in outermost:
        line = item.line
        continues = (
            previous is not None
            and line.rank == PARAGRAPH
            and not line.after_blank
            and not line.is_table_row
            and line.indent >= previous.line.indent
            and not is_key_result(line)
            and project_head(line, strict=_is_bare_name(previous)) is None
            and not is_short_name(line)
        )
        if continues and previous is not None:
            previous.children.extend(item.lines)
            continue
        if previous is not None:
            yield previous
        previous = item
    if previous is not None:
        yield previous


def _is_bare_name(item: OutlineItem) -> bool:
    """Whether the item is only a name, so that the next paragraph describes it."""
    if _BRACKETED_ALONE.fullmatch(item.line.plain):
        return not item.children
    return not item.children and item.line.rank != PARAGRAPH and is_short_name(item.line)


def with_followers(outermost: Iterable[OutlineItem]) -> Iterator[OutlineItem]:
    """A name alone on its line owns the list items after it, up to the next paragraph."""
    owner: OutlineItem | None = None
    for item in outermost:
        if owner is not None and item.line.rank != PARAGRAPH and not item.line.level:
            for line in item.lines:
                line.depth += 1
            owner.children.extend(item.lines)
            continue
        if owner is not None:
            yield owner
        if item.line.rank == PARAGRAPH and (is_short_name(item.line) or _is_name_alone(item.line)):
            owner = item
        else:
            owner = None
            yield item
    if owner is not None:
        yield owner


def _is_name_alone(line: OutlineLine) -> bool:
    head = project_head(line, strict=True)
    return head is not None and (not head.rest or line.text.startswith(("**", "__")))
