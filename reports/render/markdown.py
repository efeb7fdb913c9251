"""The page as Markdown: to copy, to diff, to keep.

Of an imported page every line of text comes back as it was written: words are not escaped, and
what the tool adds (state, percent, findings) stands in quotes below an entry, never inside it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.text.numbers import score_text
from reports.render import editions, finding_words, wording
from reports.weekly.changes import Imprint
from reports.weekly.document import (
    Block,
    Entry,
    IncidentState,
    KeyResultState,
    MetricState,
    PageSection,
    PlanState,
    WeeklyDocument,
)
from reports.weekly.lines import name_and_text
from reports.weekly.sections import Kind

# A paragraph that begins with 1.3 reads as the first item of a list: its number would be lost.
_CHAPTER: Final = re.compile(r"\d+[.、)]\d")
_HASHES: Final = re.compile(r"^(\s*)#")
_LIST_MARK: Final = re.compile(r"\s*(?:[-*+•]\s|\d+[.)、]|\||#)")


def markdown(
    document: WeeklyDocument, *, language: str = "zh-hans", imprint: Imprint | None = None
) -> str:
    """The document in ``language``; the words of people stay in theirs. Ends with one newline.

    An edition's imprint stands at the end, below a rule.
    """
    with translation.override(language):
        parts = [[f"# {wording.title(document)}"], *_about(document)]
        for section in document.sections:
            parts += _section(section, document)
        if imprint is not None:
            parts += _imprint(imprint, document.week.year)
        return "\n\n".join("\n".join(part).strip("\n") for part in _tight(parts)) + "\n"


def _tight(parts: list[list[str]]) -> list[list[str]]:
    """The parts that say something; list items that follow each other are one list."""
    joined: list[list[str]] = []
    for part in filter(any, parts):
        if joined and part[0].startswith("- ") and joined[-1][0].startswith("- "):
            joined[-1] = [*joined[-1], *part]
        else:
            joined.append(part)
    return joined


def _about(document: WeeklyDocument) -> Iterator[list[str]]:
    """The dates of a page that is kept here, and what contradicts itself on the page as a whole."""
    if not document.is_imported:
        yield [wording.dates(document)]
    yield [
        f"> {_sign(document)} {finding_words.judged(finding, year=document.week.year)}"
        for finding in document.findings
        if finding.project_id is None
    ]


def _sign(document: WeeklyDocument) -> str:
    """What stands before a finding: on a page of history it is a note, and asks nobody."""
    return f"**{pgettext('on a page of history', 'Note')}**" if document.is_history else "▲"


def _section(section: PageSection, document: WeeklyDocument) -> Iterator[list[str]]:
    if heading := wording.printed_heading(section):
        yield [f"{'#' * min(max(section.level, 1), 6)} {heading}"]
    yield [f"- {_key_result(result)}" for result in section.key_results]
    if section.is_empty:
        yield [f"> {wording.empty()}"]
    number = 0
    lines: list[str] = []
    for block in section.blocks:
        if words := _listed(section, block):
            words = words if document.is_imported else _unheaded(words)
            number += 1
            lines += _item(number, words)
            if block.entry:
                lines += _below(number, _about_entry(block.entry, document))
            continue
        yield lines
        lines = []
        yield from _block(block, document)
    yield lines


def _listed(section: PageSection, block: Block) -> list[str]:
    """The words of a project that stands in the section's numbered list, else none.

    A project whose name is the section's heading has the section for itself.
    """
    if block.entry and not _is_headed(section, block.entry):
        return name_and_text(block.entry.name, block.entry.text)
    if block.repeat_of and section.kind is not Kind.FOCUS:
        return block.text.split("\n")
    return []


def _unheaded(lines: list[str]) -> list[str]:
    """A line of an entry that begins like a heading is escaped: it ends no section, here or read.

    Not within a fence, and not on imported pages, whose lines come back as they were.
    """
    escaped, is_code = [], False
    for line in lines:
        is_code ^= line.lstrip().startswith(("```", "~~~"))
        escaped.append(line if is_code else _HASHES.sub(r"\1\\#", line))
    return escaped


def _is_headed(section: PageSection, entry: Entry) -> bool:
    """Whether the section's heading is the entry's name already."""
    return section.kind is Kind.FOCUS and entry.name in section.heading


def _item(number: int, lines: list[str]) -> list[str]:
    """Lines as one numbered item, all but the first indented below it."""
    return [f"{number}. {lines[0]}", *_below(number, lines[1:])]


def _below(number: int, lines: list[str]) -> list[str]:
    indent = " " * len(f"{number}. ")
    return [f"{indent}{line}".rstrip() for line in lines]


def _block(block: Block, document: WeeklyDocument) -> Iterator[list[str]]:
    if block.entry:
        yield name_and_text("", block.entry.text)
        yield _about_entry(block.entry, document)
    lines = textwrap.dedent(block.text).split("\n")
    if block.repeat_of and _CHAPTER.match(lines[0]):
        lines[0] = f"- {lines[0]}"
    yield lines
    yield [line for metric in block.metrics for line in _metric(metric)]
    yield [line for text in wording.listed(block) for line in _marked(text)]
    if block.incident:
        yield _incident(block.incident)
    yield _plan(block.last_plan, with_outcome=True)
    yield _plan(block.plan, with_outcome=False)


def _about_entry(entry: Entry, document: WeeklyDocument) -> list[str]:
    """Quoted lines below an entry: its standing, changes, findings and questions."""
    lines = []
    year = document.week.year
    if not entry.is_updated:
        lines.append(wording.not_updated(entry, year=year))
    if standing := _standing(entry, year):
        lines.append(standing)
    lines += wording.further_texts(entry)
    lines += [wording.stood_in(entry)] if entry.author_for else []
    lines += (f"{_sign(document)} {note}" for note in wording.notes(entry, year=year))
    lines += (f"**{_('Question')}** {wording.asked(question)}" for question in entry.questions)
    for question in entry.answers:
        lines.append(f"**{_('Question')}** {wording.asked(question)}")
        lines.append(f"**{_('Answer')}** {wording.answered(question)}")
    if len(lines) > 1:
        lines = [f"- {line}" for line in lines]
    return [f"> {row}" for line in lines for row in line.split("\n")]


def _standing(entry: Entry, year: int) -> str:
    """● on track · 联调 · 85% ↑5 · due ~~Jun 30~~ Aug 15 · 46 days late"""
    due = ""
    if entry.due_on is not None:
        due = wording.day(entry.due_on, entry.due_precision, year=year)
        if entry.slip_days and entry.first_due_on:
            due = f"~~{wording.day(entry.first_due_on, entry.first_precision, year=year)}~~ {due}"
        due = wording.due(due)
    parts = (
        *(
            wording.health(entry.health, entry.weeks_silent),
            entry.stage,
            wording.project_percent(entry),
        ),
        *(due, wording.slip(entry)),
    )
    return " · ".join(part for part in parts if any(part))


def _key_result(result: KeyResultState) -> str:
    target = wording.quantity(result.target, result.unit)
    value = "—" if result.value is None else wording.quantity(result.value, result.unit)
    score = "" if result.score is None else f" · {score_text(result.score)}"
    return f"{result.metric}：{value} / {target}{score}"


def _metric(metric: MetricState) -> list[str]:
    """Its own words, or name and value, and last week's value after them."""
    if metric.is_told:
        return []
    value = "—" if metric.value is None else wording.quantity(metric.value, metric.unit)
    note = f"，{metric.note}" if metric.note else ""
    lines = _marked(metric.text or f"{metric.metric}：{value}{note}")
    if not lines[-1].rstrip().endswith("|"):
        lines[-1] += wording.last_week(metric)
    return lines


def _marked(text: str) -> list[str]:
    """A list item, unless the text is marked as one, or as a row of a table, by itself."""
    lines = text.split("\n")
    if _LIST_MARK.match(text):
        return lines
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _incident(incident: IncidentState) -> list[str]:
    if incident.is_told:
        return []
    if incident.text:
        return _marked(incident.text)
    words = [wording.moment(incident.occurred_at), wording.incident_words(incident)]
    lines = [" ".join(words), *wording.incident_details(incident)]
    if incident.link:
        lines.append(f"<{incident.link}>")
    return [f"- {lines[0]}", *(f"  - {line}" for line in lines[1:])]


def _plan(items: tuple[PlanState, ...], *, with_outcome: bool) -> list[str]:
    lines = []
    for number, item in enumerate(items, 1):
        lines += _item(number, item.text.split("\n"))
        if with_outcome:
            lines += _below(number, [f"> {wording.outcome(item)}"])
    return lines


def _imprint(imprint: Imprint, year: int) -> Iterator[list[str]]:
    yield ["---"]
    yield [editions.published(imprint, year=year)]
    if imprint.joined:
        yield [editions.together(imprint, year=year)]
    if imprint.note:
        yield [editions.reason(imprint)]
    if imprint.changes:
        yield [editions.changed_since(imprint)]
    yield [f"- {editions.change_text(change, year=year)}" for change in imprint.changes]
