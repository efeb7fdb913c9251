"""Read pages again where a person decided something about them or their lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from projects.text.names import key
from reports.importer.decisions import DecidedNames, Decisions, key_of
from reports.importer.page import ParsedPage, ProjectMention
from reports.importer.reading.corrections import Corrections
from reports.importer.reading.parse import parse
from reports.importer.source import PageWeek


def decided_pages(pages: Iterable[ParsedPage], decisions: Decisions) -> Iterator[ParsedPage]:
    """The pages as they are to be imported; those that a person left out are missing."""
    names = DecidedNames(decisions)
    refused = frozenset(key(name) for name in decisions.no_projects)
    for page in pages:
        page_key = key_of(page.source)
        week = decisions.weeks.get(page_key, page.week.start)
        if week is None:
            continue
        lines = {
            int(number): project
            for number, project in decisions.lines.get(page_key, {}).items()
            if number.isdecimal()
        }
        has_refused = any(key(mention.name) in refused for mention in page.projects)
        decided = page
        if lines or has_refused or week != page.week.start:
            corrections = Corrections(refused, lines)
            decided = parse(page.source, _of_week(page, week), corrections, page.known_names)
        yield replace(decided, projects=tuple(_placed(m, names) for m in decided.projects))


def _of_week(page: ParsedPage, week: date) -> PageWeek:
    """That week; a page that named another one keeps its label and is no doubt any more."""
    if week == page.week.start:
        return page.week
    return PageWeek(week, page.week.label)


def _placed(mention: ProjectMention, names: DecidedNames) -> ProjectMention:
    """A part of a project is reported as the project; its numbers and dates say of which part."""
    whole = names.whole_of(mention.name)
    if whole is None:
        return mention
    return replace(
        mention,
        name=whole,
        progress=tuple(replace(p, part=p.part or mention.name) for p in mention.progress),
        dates=tuple(replace(d, part=d.part or mention.name) for d in mention.dates),
    )
