"""Filters and tags of the weekly page's sheet: its document in the words of ``render.wording``."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from projects.history.charts import sparkline
from projects.text import names, numbers
from projects.text.wording import time_gone_text
from reports.render import finding_words, head, wording
from reports.render.head import Head
from reports.weekly.document import (
    AnsweredQuestion,
    Block,
    Entry,
    Finding,
    IncidentState,
    KeyResultState,
    MetricState,
    OpenQuestion,
    PageSection,
    PlanState,
    WeeklyDocument,
)

register = template.Library()

_TRAILING_ZEROS: Final = re.compile(r"(\.\d*?)0+(?!\d)")


@register.filter
def title(document: WeeklyDocument) -> str:
    return wording.title(document)


@register.filter
def dates(document: WeeklyDocument) -> str:
    return wording.dates(document)


@register.filter
def heading(section: PageSection) -> str:
    return wording.printed_heading(section)


@register.filter
def short_heading(section: PageSection) -> str:
    return wording.short_heading(section)


@register.filter
def entry_count(section: PageSection) -> int:
    """Projects and incidents in the section."""
    return sum(block.entry is not None or block.incident is not None for block in section.blocks)


@register.filter
def has_headings(document: WeeklyDocument) -> bool:
    """Whether a list of contents would say anything."""
    return any(wording.printed_heading(section) for section in document.sections)


@register.simple_tag
def nobody_filled_it() -> str:
    return wording.empty()


# --- entries --------------------------------------------------------------------------------


@register.simple_tag
def silent(entry: Entry, document: WeeklyDocument) -> str:
    """What a project that nobody updated says instead of a text."""
    return wording.not_updated(entry, year=document.week.year)


@register.simple_tag
def changes(entry: Entry, document: WeeklyDocument) -> list[str]:
    """What ``wording.changes`` says of the entry."""
    return wording.changes(entry, year=document.week.year)


@register.simple_tag
def entry_measures(entry: Entry, document: WeeklyDocument) -> list[SafeString]:
    """What the entry's percent is to be measured against; no line ends within one of them."""
    if document.is_history or entry.percent is None:
        return []
    measures = wording.measures(entry, document.week)
    return [format_html('<span class="whole">{}</span>', words) for words in measures]


@register.simple_tag
def finding_text(finding: Finding, document: WeeklyDocument) -> str:
    return finding_words.finding_text(finding, year=document.week.year)


@register.simple_tag
def judged(finding: Finding, document: WeeklyDocument) -> str:
    """A finding with the manager's verdict."""
    return finding_words.judged(finding, year=document.week.year)


@register.filter
def further_texts(entry: Entry) -> list[str]:
    return wording.further_texts(entry)


@register.filter
def stood_in(entry: Entry) -> str:
    return wording.stood_in(entry)


@register.filter
def asked(question: OpenQuestion | AnsweredQuestion) -> str:
    return wording.asked(question)


@register.filter
def answered(question: AnsweredQuestion) -> str:
    return wording.answered(question)


@register.simple_tag
def entry_due(entry: Entry, document: WeeklyDocument) -> SafeString:
    """due ~~Jun 30~~ Aug 15; nothing for an entry without a date."""
    year = document.week.year
    if entry.due_on is None:
        return SafeString("")
    day = escape(wording.day(entry.due_on, entry.due_precision, year=year))
    if entry.slip_days and entry.first_due_on:
        first = wording.day(entry.first_due_on, entry.first_precision, year=year)
        day = format_html("<s>{}</s> {}", first, day)
    return mark_safe(escape(_("due %(day)s")) % {"day": day})  # noqa: S308  each part is escaped


# --- numbers --------------------------------------------------------------------------------


@register.filter
def measured(metric: MetricState | KeyResultState) -> str:
    """The value of this week with its unit, or a dash."""
    return "—" if metric.value is None else wording.quantity(metric.value, metric.unit)


@register.filter
def wanted(metric: MetricState | KeyResultState) -> str:
    return "" if metric.target is None else wording.quantity(metric.target, metric.unit)


@register.filter
def score(value: Decimal) -> str:
    """Of a key result: 0.70."""
    return numbers.score_text(value)


@register.simple_tag
def gauge(percent: Decimal, time_gone: Decimal | None, tone: str = "") -> SafeString:
    """A thin bar as wide as its place, for the screen and for paper; the figures stand beside it.

    A tick marks where it would end if the work went as its time goes.
    """
    tick = SafeString("")
    if time_gone is not None:
        tick = format_html('<line x1="{0}%" x2="{0}%" y1="-3" y2="7"/>', numbers.plain(time_gone))
    return format_html(
        '<svg class="gauge {}" aria-hidden="true"><rect width="{}%" height="4"/>{}</svg>',
        *(tone, numbers.plain(percent), tick),
    )


@register.simple_tag
def time_gone(share: Decimal) -> str:
    return time_gone_text(share)


@register.simple_tag
def head_of(document: WeeklyDocument) -> Head:
    return head.head_of(document)


@register.simple_tag
def compared(block: Block) -> dict[str, bool]:
    """Which columns of comparison a table of metrics has: none that would be empty."""
    metrics = block.metrics
    return {
        "change": any(metric.change is not None for metric in metrics),
        "history": any(len(metric.history) > 1 for metric in metrics),
        "target": any(metric.target is not None for metric in metrics),
    }


@register.simple_tag
def spark(metric: MetricState) -> SafeString:
    """The last weeks. The scale begins at the smallest value, as most metrics change little."""
    return sparkline(metric.history, unit=metric.unit, scale=None)


@register.filter
def remark(metric: MetricState) -> str:
    """What was written about a reading beyond its name and its number."""
    if metric.value is None or not metric.text:
        return metric.note
    number = f"{metric.metric}{wording.quantity(metric.value, metric.unit)}"
    # 99.990 is 99.99 with one digit more, not a remark.
    text = _TRAILING_ZEROS.sub(r"\1", metric.text)
    is_more = len(names.key(text)) > len(names.key(number))
    return metric.text.strip().lstrip("-*• ") if is_more else metric.note


@register.filter
def holds_listed(block: Block) -> bool:
    return wording.holds_listed(block)


@register.filter
def listed(block: Block) -> str:
    """Facts that are printed as sentences (incidents by severity), as Markdown."""
    return "\n\n".join(wording.listed(block))


# --- incidents and plans --------------------------------------------------------------------


@register.filter
def moment(value: datetime) -> str:
    return wording.moment(value)


@register.filter
def described(incident: IncidentState) -> str:
    return wording.incident_words(incident)


@register.filter
def details(incident: IncidentState) -> list[str]:
    return wording.incident_details(incident)


@register.filter
def outcome(plan: PlanState) -> str:
    return wording.outcome(plan)
