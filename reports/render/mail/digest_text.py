"""The digest as text: set for a window of fixed letters, as complete as the HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from okrtracker.mail.mime import FOOT_TEXT, TOP_TEXT
from projects.text.numbers import rounded_share, score_text
from reports.render import wording
from reports.render.mail import owing
from reports.render.mail.columns import clean, columns, ruled, spread, table, wrapped
from reports.render.mail.digest_html import View
from reports.render.mail.headline import Line
from reports.weekly.document import (
    Block,
    Entry,
    IncidentState,
    MetricState,
    PageSection,
    PlanState,
    WeeklyDocument,
)
from reports.weekly.needs import Owed

_MARK: Final = re.compile(r"(\s*)((?:[-*+•]|\d+[.)、])\s*)?(.*)")


def text(document: WeeklyDocument, view: View) -> str:
    """The whole text in the active language, with the places for a reader's own part."""
    parts = [*_head(document, view), *_correction(view), TOP_TEXT, *_news(view), ""]
    if view.objectives:
        parts += [*_objectives(view), ""]
    if not view.corrected:
        parts += _changes(view)
    for line in view.findings:
        parts += wrapped(line, "▲ ", "  ")
    for section in document.sections:
        parts += _section(section, document.week)
    parts += ["", ruled("="), *_foot(document)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)) + "\n"


def _head(document: WeeklyDocument, view: View) -> Iterator[str]:
    if view.is_draft:
        yield _("Draft: this page is not published yet.")
        yield ""
    yield from wrapped(wording.title(document))
    about = f"{document.team_name} · {wording.dates(document)}"
    if document.expected:
        figures = {"reported": document.updated, "owed": document.expected}
        about += " · " + _("Updated %(reported)s / %(owed)s") % figures
    yield from wrapped(about)
    for line in view.imprint:
        yield from wrapped(line)
    yield view.page
    for joined in view.joined:
        yield from wrapped(
            _("Published together with it: %(weeks)s") % {"weeks": f"{joined.label}{joined.days}"}
        )
        yield joined.page
    yield ruled("=")


def _correction(view: View) -> Iterator[str]:
    """What comes first for a reader who has the mail of an earlier edition."""
    if view.corrected:
        yield ""
        yield from wrapped(_("Correction: %(note)s") % {"note": view.corrected})
        yield ""
        yield from _changes(view)
        yield ruled()


def _changes(view: View) -> Iterator[str]:
    if view.changes:
        yield _("Changed since the edition before")
        for line in view.changes:
            yield from wrapped(line, "  * ", "    ")
        yield ""


def _news(view: View) -> Iterator[str]:
    wide = max(columns(line.label) for line in view.lines) + 2
    for line in view.lines:
        label = line.label + " " * (wide - columns(line.label))
        yield from wrapped(_words_of(line), label, " " * wide)


def _words_of(line: Line) -> str:
    items = (f"{item.name} {item.figures}".strip() for item in line.items)
    return _("; ").join([*items, *filter(None, [line.more])]) or line.empty


def _objectives(view: View) -> list[str]:
    rows = []
    for card in view.objectives:
        percent, change = _("no percent yet"), ""
        if card.percent is not None:
            filled = int(rounded_share(card.percent / 5, places=0, whole=Decimal(20)))
            percent = f"[{'#' * filled}{'.' * (20 - filled)}] {wording.percent(card.percent)}"
            change = wording.change(card.change) if card.change else ""
        rows.append([clean(f"{card.code} {card.name}"), f"{percent} {change}".rstrip()])
    return table(rows) or []


# --- sections ---------------------------------------------------------------------------------


def _section(section: PageSection, week: date) -> Iterator[str]:
    yield ""
    if heading := wording.printed_heading(section):
        yield from wrapped(heading)
        yield ruled()
    for result in section.key_results:
        value = "—" if result.value is None else wording.quantity(result.value, result.unit)
        score = "" if result.score is None else f" · {score_text(result.score)}"
        target = wording.quantity(result.target, result.unit)
        yield from wrapped(f"{result.metric} {value} / {target}{score}", "  ")
    if section.is_empty:
        yield wording.empty()
    for block in section.blocks:
        yield from _block(block, week)


def _block(block: Block, week: date) -> Iterator[str]:
    if block.entry:
        yield ""
        yield from _entry(block.entry, week)
    if block.text:
        yield from _words(block.text)
    if block.metrics:
        yield from _metrics(block.metrics)
    for line in wording.listed(block):
        yield from _words(line)
    if block.incident:
        yield from _incident(block.incident)
    yield from _plan(block.last_plan, with_outcome=True)
    yield from _plan(block.plan, with_outcome=False)


def _entry(entry: Entry, week: date) -> Iterator[str]:
    year = week.year
    percent = wording.project_percent(entry)
    standing = " · ".join(
        filter(None, (wording.health(entry.health, entry.weeks_silent), entry.stage, percent))
    )
    yield from spread(clean(f"[{' '.join(entry.name.split())}]"), clean(standing))
    if entry.due_on:
        due = wording.due(wording.day(entry.due_on, entry.due_precision, year=year))
        if entry.slip_days and entry.first_due_on:
            first = wording.day(entry.first_due_on, entry.first_precision, year=year)
            due += pgettext("due date", " (first %(day)s)") % {"day": first}
        yield from wrapped(" · ".join(filter(None, (due, wording.slip(entry)))), "  ")
    if entry.percent is not None:
        beside = " · ".join(wording.measures(entry, week))
        yield from wrapped(beside, "  ") if beside else ()
    if entry.is_updated:
        yield from _words(entry.text)
    else:
        yield from wrapped(wording.not_updated(entry, year=year), "  ")
    for text in wording.further_texts(entry):
        yield from wrapped(text, "  ! ", "    ")
    if entry.author_for:
        yield from wrapped(wording.stood_in(entry), "  ")
    for note in wording.notes(entry, year=year):
        yield from wrapped(note, "  ▲ ", "    ")
    for question in entry.questions:
        yield from wrapped(f"{_('Question')} {wording.asked(question)}", "  ? ", "    ")
    for answered in entry.answers:
        yield from wrapped(f"{_('Question')} {wording.asked(answered)}", "  ? ", "    ")
        yield from wrapped(f"{_('Answer')} {wording.answered(answered)}", "    ")


def _words(text: str) -> Iterator[str]:
    """What somebody wrote, line by line; a list item's further lines stand below its words."""
    for line in clean(text).strip("\n").split("\n"):
        match = _MARK.fullmatch(line)
        indent, mark, words = match.groups() if match else ("", "", line)
        first = "  " + indent[:12] + (mark or "")
        yield from wrapped(words, first, " " * columns(first)) if words or mark else [""]


def _metrics(metrics: tuple[MetricState, ...]) -> list[str]:
    names = (_("metric"), _("this week"), _("since last week"), _("target"))
    rows = [[str(capfirst(name)) for name in names]]
    for metric in metrics:
        value = "—" if metric.value is None else wording.quantity(metric.value, metric.unit)
        target = "" if metric.target is None else wording.quantity(metric.target, metric.unit)
        missed = f" {_('missed')}" if metric.misses_target else ""
        note = f" ({metric.note})" if metric.note else ""
        change = "" if metric.change is None else wording.change(metric.change)
        rows.append([clean(f"{metric.metric}{note}"), value, change, target + missed])
    return table(rows)


def _incident(incident: IncidentState) -> Iterator[str]:
    if incident.text:
        yield from _words(incident.text)
        return
    words = [
        wording.moment(incident.occurred_at),
        incident.severity,
        wording.incident_words(incident),
    ]
    yield from wrapped(" ".join(filter(None, words)), "  - ", "    ")
    for detail in wording.incident_details(incident):
        yield from wrapped(detail, "    ")
    if incident.link:
        yield f"    {clean(incident.link)}"


def _plan(items: tuple[PlanState, ...], *, with_outcome: bool) -> Iterator[str]:
    for number, item in enumerate(items, 1):
        first = f"  {number}. "
        first_line, *more = clean(item.text).split("\n")
        yield from wrapped(first_line, first, " " * len(first))
        for line in more:
            yield from wrapped(line, " " * len(first))
        if with_outcome:
            yield from wrapped(wording.outcome(item), " " * len(first) + "> ")


def _foot(document: WeeklyDocument) -> Iterator[str]:
    yield from wrapped(f"{document.team_name} · {document.label}")
    yield from wrapped(
        _("You get this mail because you are on the list of the weekly mail of %(team)s.")
        % {"team": document.team_name}
    )
    yield FOOT_TEXT


# --- a reader's own part ----------------------------------------------------------------------


def owed(owed: Owed) -> str:
    """What the reader owes, above the news; the same lines as in the HTML."""
    checkin = settings.SITE_URL + reverse("projects:checkin", args=(owed.team_slug,))
    count = ngettext("%(n)s thing waits for you", "%(n)s things wait for you", len(owed))
    lines = ["", count % {"n": len(owed)}, ""]
    shown = owing.SHOWN
    duties = [
        *(
            (pgettext("label", "To update"), item.project, owing.silence(item))
            for item in owed.entries[:shown]
        ),
        *(
            (pgettext("label", "To answer"), item.project, owing.asked_in_short(item))
            for item in owed.answers[:shown]
        ),
        *(
            (pgettext("label", "Past due"), item.project, owing.past_due(item, owed.year))
            for item in owed.milestones[:shown]
        ),
    ]
    for label, project, words in duties:
        lines += wrapped(" ".join(filter(None, (label, project, words))), "  * ", "    ")
    if more := owing.more(owing.left(owed)):
        lines += ["    " + more]
    return "\n".join([*lines, f"  {checkin}", ruled(), ""])


def unsubscribe(url: str) -> str:
    return _("Unsubscribe: %(address)s") % {"address": url}
