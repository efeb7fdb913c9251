"""What the pages of an import say in the reader's language."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from projects.models import Team
from projects.templatetags.okr import due, percent
from projects.text.numbers import plain
from projects.weeks import monday_of
from reports.importer import doubts
from reports.importer.columns import ColumnRole
from reports.importer.decisions import ValueCorrection
from reports.importer.formats.problems import filled_in
from reports.imports.evidence import LineReading, Piece
from reports.imports.reading import problem_of
from reports.imports.review import choice_text
from reports.imports.work import share_written
from reports.models import ImportDoubt, ImportState, PageImport

register = template.Library()


@register.filter
def reason(fault: dict[str, Any]) -> str:
    """Why something could not be read: one of the ``faults`` of an ``ImportFile``."""
    if (problem := problem_of(fault)) is None:
        return str(fault.get("reason", ""))
    return filled_in(gettext(problem.value), fault["figures"])


@register.filter
def way_on(fault: dict[str, Any]) -> str:
    """What helps with a file that could not be read; empty where nothing does."""
    problem = problem_of(fault)
    if problem is not None and problem.is_passing:
        return _("Read it again; or split it, and hand the parts in as another import.")
    return ""


@register.simple_tag
def files_of(page_import: Any) -> str:
    """The first files of a row of ``with_file_names``, and how many more there are."""
    names = [file.name for file in page_import.first_files]
    text = _(", ").join(names)
    more = page_import.number_of_files - len(names)
    if more > 0:
        text += " " + ngettext("and %(more)s more", "and %(more)s more", more) % {"more": more}
    return text


@register.simple_tag
def span_of(first: date, last: date, team: Team) -> str:
    """The weeks from the first to the last; one week by itself."""
    weeks = dict.fromkeys((team.week_label(first), team.week_label(last)))
    return " – ".join(weeks)


@register.filter
def translated(words: str) -> str:
    """A sentence that a worker wrote in English."""
    return gettext(words) if words else ""


@register.filter
def week_of(value: str | date | None, team: Team) -> str:
    """The label of a week, given as its Monday; empty for none."""
    if not value:
        return ""
    return team.week_label(date.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def megabytes(size: int) -> str:
    return f"{size / 2**20:.0f}"


@register.simple_tag
def step_of(page_import: PageImport) -> str:
    """What the worker is at, in words."""
    numbers = {"done": page_import.done, "total": page_import.total}
    match page_import.step:
        case "files":
            numbers["done"] = min(page_import.done + 1, page_import.total)
            return _("Opening file %(done)s of %(total)s") % numbers
        case "pages":
            return _("Read %(done)s of %(total)s pages") % numbers
        case "compare":
            return _("Comparing names and weeks")
        case _:
            return _("Writing")


@register.filter
def share(page_import: PageImport) -> int:
    """How much of the work is done, in percent: opening is a tenth of it, reading the most."""
    if page_import.state == ImportState.APPLYING:
        return round(98 * share_written(page_import))
    part = page_import.done / page_import.total if page_import.total else 0
    match page_import.step:
        case "files":
            return round(10 * part)
        case "pages":
            return round(10 + 80 * part)
        case _:
            return 92


# ---- doubts

_COLUMNS: Final = {
    ColumnRole.NAME: gettext_lazy("project"),
    ColumnRole.PART: gettext_lazy("part of a project"),
    ColumnRole.OBJECTIVE: gettext_lazy("objective"),
    ColumnRole.KEY_RESULT: gettext_lazy("key result"),
    ColumnRole.SCORE: gettext_lazy("score"),
    ColumnRole.OWNER: gettext_lazy("project lead"),
    ColumnRole.PROGRESS: gettext_lazy("percent complete"),
    ColumnRole.BEFORE: gettext_lazy("percent complete last week"),
    ColumnRole.STATUS: gettext_lazy("status"),
    ColumnRole.DUE: gettext_lazy("due date"),
    ColumnRole.DONE: gettext_lazy("finished on"),
    ColumnRole.START: gettext_lazy("started on"),
    ColumnRole.THIS_WEEK: gettext_lazy("done this week"),
    ColumnRole.LAST_WEEK: gettext_lazy("done last week"),
    ColumnRole.NEXT_WEEK: gettext_lazy("planned for next week"),
    ColumnRole.RISK: gettext_lazy("risks"),
    ColumnRole.WEEK: gettext_lazy("week"),
    ColumnRole.WEIGHT: gettext_lazy("weight"),
    ColumnRole.ORDINAL: gettext_lazy("number of the row"),
    ColumnRole.TEXT: gettext_lazy("notes"),
}
_KINDS: Final = {
    doubts.COLUMNS: gettext_lazy("Columns of sheets"),
    doubts.NAMES: gettext_lazy("Names"),
    doubts.METRICS: gettext_lazy("Metrics"),
    doubts.WEEKS: gettext_lazy("Unsure weeks"),
    doubts.DOUBLES: gettext_lazy("Several pages of a week"),
    doubts.PEOPLE: gettext_lazy("People"),
    doubts.FUTURE: gettext_lazy("What continues"),
    doubts.UNREAD: gettext_lazy("Lines not understood"),
    doubts.CORRECTION: gettext_lazy("Corrections"),
}
_QUESTIONS: Final = {
    doubts.COLUMNS: gettext_lazy("What do these columns hold?"),
    doubts.NAMES: gettext_lazy("Are these one project?"),
    doubts.METRICS: gettext_lazy("Are these one metric?"),
    doubts.WEEKS: gettext_lazy("Which weeks are these pages of?"),
    doubts.DOUBLES: gettext_lazy("Which of these pages count?"),
    doubts.PEOPLE: gettext_lazy("Who are these people?"),
    doubts.FUTURE: gettext_lazy("Which projects continue, and from when?"),
    doubts.UNREAD: gettext_lazy("Do these lines report a project?"),
    doubts.CORRECTION: gettext_lazy("A line that was corrected"),
}
_WEEK_DOUBTS: Final = {
    "no_week": gettext_lazy("nothing says its week"),
    "week_guessed": gettext_lazy("its year is a guess"),
    "label_mismatch": gettext_lazy("its title and its date are of different weeks"),
}
_TONES: Final = {
    LineReading.PROJECT: "ok",
    LineReading.PROGRESS: "ok",
    LineReading.DUE: "ok",
    LineReading.DONE: "ok",
    LineReading.INCIDENT: "bad",
}
_READINGS: Final = {
    LineReading.TITLE: gettext_lazy("title"),
    LineReading.SECTION: gettext_lazy("section"),
    LineReading.OBJECTIVE: gettext_lazy("objective"),
    LineReading.PROJECT: pgettext_lazy("what a line is", "entry"),
    LineReading.PROGRESS: gettext_lazy("progress"),
    LineReading.DUE: gettext_lazy("planned for"),
    LineReading.DONE: pgettext_lazy("what a line is", "done"),
    LineReading.START: gettext_lazy("started on"),
    LineReading.KEY_RESULT: gettext_lazy("key result"),
    LineReading.SCORE: gettext_lazy("score"),
    LineReading.READING: pgettext_lazy("what a line is", "metric"),
    LineReading.COUNT: gettext_lazy("incidents"),
    LineReading.INCIDENT: gettext_lazy("incident"),
    LineReading.PLAN: gettext_lazy("next week"),
    LineReading.TEXT: gettext_lazy("text"),
}


def column_words() -> dict[ColumnRole, str]:
    """What each kind of column is called."""
    return {role: str(words) for role, words in _COLUMNS.items()}


@register.simple_tag
def doubt_kind(kind: str) -> str:
    return str(_KINDS[kind])


@register.simple_tag
def doubt_question(kind: str) -> str:
    return str(_QUESTIONS[kind])


@register.simple_tag
def week_doubt(why: str) -> str:
    return str(_WEEK_DOUBTS.get(why, ""))


@register.simple_tag
def doubt_gist(doubt: ImportDoubt) -> str:
    """How much the doubt is about."""
    if names := doubt.detail.get("names"):
        gist = ngettext("%(names)s name", "%(names)s names", len(names)) % {"names": len(names)}
        pages = doubt.detail.get("pages")
        if pages:
            gist += " · " + ngettext("%(pages)s page", "%(pages)s pages", pages) % {"pages": pages}
        return gist
    rows = doubt.detail.get("rows", ())
    return str(len(rows)) if rows else ""


@register.simple_tag
def correction_of(corrections: dict[int, ImportDoubt], line: int) -> ImportDoubt | None:
    """What somebody said of that line."""
    return corrections.get(line)


@register.simple_tag
def opened_correction(correction: ImportDoubt | None) -> str:
    """What the form of a line was opened with."""
    return as_opened({"choice": choice_text(correction) if correction else ""})


@register.filter
def as_opened(opened: dict[str, str]) -> str:
    """What a form was opened with, for its hidden field."""
    return json.dumps(opened, ensure_ascii=False)


@register.filter
def week_or_empty(value: str, team: Team) -> str:
    """The label of the week of a typed day; empty where it is none."""
    try:
        return team.week_label(monday_of(date.fromisoformat(value)))
    except ValueError:
        return ""


@register.simple_tag
def reading_kind(kind: LineReading) -> str:
    """What a line, or a number or date in it, is called."""
    return str(_READINGS[kind])


@register.simple_tag
def piece_of(piece: Piece) -> SafeString:
    """One thing that was read in a line; where it was corrected, with what it was."""
    shown = _shown(piece, piece.value, piece.precision)
    chip = format_html(
        '<span class="chip {}">{}</span>', _TONES.get(piece.kind, ""), _READINGS[piece.kind]
    )
    words = format_html("{} {}", chip, piece.name) if piece.name else chip
    if (correction := piece.correction) is None:
        return format_html("{} <mark>{}</mark>", words, shown) if shown else words
    if shown:
        words = format_html("{} <s>{}</s>", words, shown)
    if not correction.now:
        return words
    return format_html("{} <mark>{}</mark>", words, _shown(piece, _value_of(correction), "day"))


def _value_of(correction: ValueCorrection) -> object:
    if correction.is_time:
        return correction.moment
    return correction.day if correction.is_date else correction.number


def _shown(piece: Piece, value: object, precision: str) -> str:
    match piece.kind:
        case LineReading.PROGRESS:
            return percent(value) if isinstance(value, Decimal) else ""
        case LineReading.DUE | LineReading.DONE | LineReading.START:
            return due(value, precision) if isinstance(value, date) else ""
        case LineReading.INCIDENT:
            return f"{value:%m-%d %H:%M}" if isinstance(value, datetime) else ""
        case _ if isinstance(value, Decimal):
            return f"{plain(value)}{piece.unit}"
        case _:
            return "" if value is None else str(value)
