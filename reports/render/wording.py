"""The sentences of a page about states, dates, changes and findings, in the active language.

The document holds facts. Every sentence that the program adds is made here, for all renderers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from projects import weeks
from projects.models import Outcome
from projects.models.deputies import signed
from projects.reported import FURTHER_TEXTS
from projects.templatetags.okr import health_sign, health_words
from projects.text import wording
from projects.text.numbers import plain
from projects.text.wording import date_text
from projects.weeks import WEEK
from reports.render.finding_words import judged
from reports.weekly.document import (
    AnsweredQuestion,
    Block,
    Entry,
    IncidentCountState,
    IncidentState,
    MetricState,
    Move,
    OpenQuestion,
    PageSection,
    PlanState,
    WeeklyDocument,
)
from reports.weekly.lines import in_one_line
from reports.weekly.sections import BY_KIND, FactType, Kind

_WEEKDAYS: Final = (
    gettext_lazy("Mon %(time)s"),
    gettext_lazy("Tue %(time)s"),
    gettext_lazy("Wed %(time)s"),
    gettext_lazy("Thu %(time)s"),
    gettext_lazy("Fri %(time)s"),
    gettext_lazy("Sat %(time)s"),
    gettext_lazy("Sun %(time)s"),
)


# --- headings -------------------------------------------------------------------------------


def title(document: WeeklyDocument) -> str:
    """As the imported page wrote it, else "Weekly report 2024-W25"."""
    return document.title or _("Weekly report %(week)s") % {"week": document.label}


def weekday_time(at: datetime) -> str:
    """周五 16:00, of a moment by the team's clock."""
    return str(_WEEKDAYS[at.weekday()]) % {"time": f"{at:%H:%M}"}


def dates(document: WeeklyDocument) -> str:
    """The first and the last day of the page's week."""
    return days(document.week, year=document.week.year)


def days(monday: date, *, year: int) -> str:
    """The first and the last day of that Monday's week."""
    return f"{day(monday, year=year)} – {day(weeks.last_day(monday), year=year)}"


def heading(section: PageSection) -> str:
    """As written, else in the reader's language; empty for what stands before the first heading."""
    if section.heading:
        return section.heading
    if section.kind is Kind.OBJECTIVE:
        return _("%(code)s %(name)s") % {"code": section.code, "name": section.name}
    name = standard_heading(section.kind)
    if section.kind is Kind.FOCUS:
        projects = (block.entry.name for block in section.blocks if block.entry)
        return " · ".join([name, *projects])
    return name


def standard_heading(kind: Kind) -> str:
    """What a section of that kind is headed where the page writes nothing else; may be empty."""
    text = BY_KIND[kind].heading
    return _(text) if text else ""


def short_heading(section: PageSection) -> str:
    """For the contents and the groups of a table: without brackets and the marks of Markdown."""
    if section.kind is Kind.OBJECTIVE and section.code:
        return _("%(code)s %(name)s") % {"code": section.code, "name": section.name}
    if section.kind is Kind.FOCUS and not section.heading:
        return standard_heading(Kind.FOCUS)
    return heading(section).strip(" #*【】")


def printed_heading(section: PageSection) -> str:
    """The heading as a page prints it: 【O1 业务服务】 where old pages have the brackets, too."""
    if section.heading or not BY_KIND[section.kind].is_bracketed:
        return heading(section)
    return pgettext("heading on a page", "%(heading)s") % {"heading": heading(section)}


# --- numbers and dates ----------------------------------------------------------------------


def day(value: date, precision: str = "day", *, year: int) -> str:
    """A date as exactly as it was said; with its year where that is not the page's ``year``."""
    return date_text(value, precision, date(year, 1, 1))


def moment(value: datetime) -> str:
    return f"{value:%m-%d %H:%M}"


def quantity(value: Decimal, unit: str) -> str:
    """99.996%, 13994笔, 12 ms."""
    space = " " if unit[:1].isascii() and unit[:1].isalnum() else ""
    return f"{plain(value)}{space}{unit}"


def percent(value: Decimal) -> str:
    return f"{plain(value)}%"


def change(value: Decimal | None) -> str:
    """↑5, ↓5, or — where nothing changed or nothing is known."""
    if not value:
        return "—"
    return f"{'↑' if value > 0 else '↓'}{plain(abs(value))}"


# --- a project ------------------------------------------------------------------------------


def health(value: str, weeks_silent: int = 0) -> str:
    """● on track. Empty where an old page did not say it."""
    return f"{health_sign(value, weeks_silent)} {health_words(value, weeks_silent)}".strip()


def due(day: str) -> str:
    return _("due %(day)s") % {"day": day}


def slip(entry: Entry) -> str:
    """Days in total and number of moves; empty when the date never moved later."""
    return wording.slip(entry.slips, entry.slip_days)


def not_updated(entry: Entry, *, year: int) -> str:
    """What a project without an entry says instead of a text.

    Only a project that owes one is called not updated (``projects.standing.duty``). Documents from
    before that rule keep what they said: that of every project without an entry.
    """
    is_not_updated = entry.is_owed or not entry.duty
    if entry.last_reported_on is None:
        if is_not_updated:
            return _("Not updated this week or ever before.")
        return _("Nobody ever reported on it.")
    last = day(entry.last_reported_on, year=year)
    figures = {"day": last, "text": in_one_line(entry.last_text)}
    if not entry.last_text.strip():
        text = _("Not updated this week. Last: %(day)s") if is_not_updated else _("Last: %(day)s")
    elif is_not_updated:
        text = _("Not updated this week. Last: %(day)s: %(text)s")
    else:
        text = _("Last: %(day)s: %(text)s")
    return text % figures


def notes(entry: Entry, *, year: int) -> list[str]:
    """What the tool adds below an entry: moves, drops and contradictions."""
    return [*changes(entry, year=year), *(judged(finding, year=year) for finding in entry.findings)]


def changes(entry: Entry, *, year: int) -> list[str]:
    """That it came late or was closed, what was moved in the week, and what fell and why."""
    lines = [_("Updated after the cutoff")] if entry.is_late else []
    lines += [closed(entry, entry.closed_on, year=year)] if entry.closed_on else []
    lines += [moved(move, year=year) for move in entry.moves]
    if entry.drop_reason and entry.change is not None and entry.change < 0:
        lines.append(_because(_fell(entry.last_percent, entry.percent), entry.drop_reason))
    return lines


#: How the texts beside an entry's own are introduced, by ``reported.FURTHER_TEXTS``.
_FURTHER_TEXTS: Final = {"risks": gettext_lazy("At risk: %(text)s")}


def further_texts(entry: Entry) -> list[str]:
    """What the lead reports beside the text, each in one line that says what it is."""
    return [
        str(_FURTHER_TEXTS[name]) % {"text": in_one_line(text, longest=1000)}
        for name in FURTHER_TEXTS
        if (text := getattr(entry, name))
    ]


def reporter(entry: Entry) -> str:
    """Who reported it: 陈立, or 陈立（代 许澄）; empty where that is not known."""
    return signed(entry.author, entry.author_for)


def stood_in(entry: Entry) -> str:
    """Reported by 陈立（代 许澄）; empty unless a deputy did."""
    return _("Reported by %(name)s") % {"name": reporter(entry)} if entry.author_for else ""


def asked(question: OpenQuestion | AnsweredQuestion) -> str:
    """A question of the manager, and who asked it."""
    return _because(question.asked_by, question.text) if question.asked_by else question.text


def answered(question: AnsweredQuestion) -> str:
    """The answer, and who gave it."""
    text = in_one_line(question.answer, longest=1000)
    return _because(question.answered_by, text) if question.answered_by else text


def moved(move: Move, *, year: int) -> str:
    """工行直联由 7月24日 推迟到 7月31日（7 天，第 1 次）：专线到位晚一周"""
    figures = {
        "milestone": move.milestone,
        "old": day(move.old, year=year),
        "new": day(move.new, move.precision, year=year),
        "days": abs(move.days),
        "number": move.number,
    }
    if move.days > 0:
        text = _(
            "%(milestone)s moved from %(old)s to %(new)s (%(days)s days later, move %(number)s)"
        )
    else:
        text = _(
            "%(milestone)s moved from %(old)s to %(new)s (%(days)s days earlier, move %(number)s)"
        )
    return _because(text % figures, move.reason)


def closed(entry: Entry, day_closed: date, *, year: int) -> str:
    """Closed on Jun 19: merged into the platform."""
    text = _("Closed on %(day)s") % {"day": day(day_closed, year=year)}
    return _because(text, entry.close_reason)


def project_percent(entry: Entry) -> str:
    """85% ↑5, or 40% last known where the week told no percent; empty where none is known."""
    if entry.percent is None:
        return ""
    printed = percent(entry.percent)
    if entry.is_carried:
        return f"{printed} {wording.LAST_KNOWN}"
    return printed if entry.change is None else f"{printed} {change(entry.change)}"


def measures(entry: Entry, week: date) -> list[str]:
    """What stands beside the percent of an entry of that week: see ``wording.measures``."""
    last_week = entry.percent_in(week - WEEK)
    return wording.measures(entry.percent, entry.weighted_percent, last_week, entry.time_gone)


def _because(text: str, reason: str) -> str:
    return _("%(text)s: %(reason)s") % {"text": text, "reason": reason} if reason else text


def _fell(old: Decimal | None, new: Decimal | None) -> str:
    figures = {"old": plain(old or Decimal(0)), "new": plain(new or Decimal(0))}
    return _("percent fell from %(old)s%% to %(new)s%%") % figures


# --- numbers, incidents, plans --------------------------------------------------------------


def last_week(metric: MetricState) -> str:
    """(last week 99.998%), to stand behind the value; empty without one to compare with."""
    if metric.value is None or metric.last_value is None:
        return ""
    return _(" (last week %(value)s)") % {"value": quantity(metric.last_value, metric.unit)}


def incident_counts(counts: Sequence[IncidentCountState]) -> list[str]:
    """As the page wrote them; those entered here in one line: 生产事件数：AB级 0次 · C级 0.5次."""
    written = [count.text for count in counts if count.text]
    entered = [
        pgettext("incidents of a severity", "%(severity)s %(count)s")
        % {"severity": count.severity, "count": plain(count.count)}
        for count in counts
        if not count.text and not count.is_told
    ]
    if entered:
        written.append(_("Incidents: %(counts)s") % {"counts": " · ".join(entered)})
    return written


def holds_listed(block: Block) -> bool:
    """Whether the block has facts that are printed as a list of sentences."""
    return any(fact_type.is_listed for fact_type, _facts in block.facts())


def listed(block: Block) -> list[str]:
    """Facts that are printed as a list of sentences, alike in every format; as Markdown."""
    lines = []
    for fact_type, facts in block.facts():
        if fact_type.is_listed:
            sentences = _SENTENCES.get(fact_type.holder)
            lines += sentences(facts) if sentences else [_listed(fact, fact_type) for fact in facts]
    return lines


def _listed(fact: object, fact_type: FactType) -> str:
    """The fact's fields in a row, for facts without sentences: 李雷 · 入职 · 6月17日."""
    values = (getattr(fact, name) for name in fact_type.fields)
    return " · ".join(_plainly(value) for value in values if value not in (None, ""))


def _plainly(value: object) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return date_text(value, "day", value)
    return plain(value) if isinstance(value, Decimal) else str(value)


def incident_words(incident: IncidentState) -> str:
    """Who found what: 监控发现：对账任务超时."""
    if not incident.detected_by:
        return incident.description
    figures = {"text": incident.detected_by, "reason": incident.description}
    return _("%(text)s: %(reason)s") % figures


def incident_details(incident: IncidentState) -> list[str]:
    """Cause, resolution and recovery, as far as they were said."""
    details = []
    if incident.cause:
        details.append(_("Cause: %(text)s") % {"text": incident.cause})
    if incident.resolution:
        details.append(_("Resolution: %(text)s") % {"text": incident.resolution})
    if incident.recovered_at:
        details.append(_("Recovered: %(when)s") % {"when": moment(incident.recovered_at)})
    return details


# Facts for which there are better sentences than their fields in a row, by FactType.holder.
_SENTENCES: Final[dict[str, Callable[[Sequence[Any]], list[str]]]] = {
    "incident_counts": incident_counts,
}


def outcome(plan: PlanState) -> str:
    """What became of a planned item, with its note; "no outcome yet" while nobody has said it."""
    label = Outcome(plan.outcome).label if plan.outcome in Outcome.values else ""
    return _because(str(label) or _("no outcome yet"), plan.outcome_note)


def empty() -> str:
    return _("Not filled in yet.")
