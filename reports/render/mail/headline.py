"""The week's news in words: the subject of its mail, and the five lines at the top of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, zip_longest
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.text.numbers import plain
from reports.render import wording
from reports.weekly.document import Entry, IncidentState, WeeklyDocument
from reports.weekly.lines import in_one_line
from reports.weekly.news import BIG_MOVE, News, Slip, news_of
from reports.weekly.sections import Kind

#: Of the whole subject, in characters: what a mail program shows of it.
LONGEST_SUBJECT: Final = 60
_IN_SUBJECT: Final = 3  # news in a subject
_NAME: Final = 18  # characters of a name there
_SHOWN: Final = 5  # news in one of the lines
_SHORT: Final = 12

type Tone = Literal["up", "down", "bad", "warn", "ok"]


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news: whose, what, and where on the page it stands."""

    name: str
    figures: str
    anchor: str  # project-5, incidents
    tone: Tone

    @property
    def is_short(self) -> bool:
        """Whether the figures had better stay on one line."""
        return len(self.figures) <= _SHORT


@dataclass(frozen=True, slots=True)
class Line:
    """One of the five; without items, ``empty`` says so."""

    label: str
    items: tuple[Item, ...]
    more: str  # what else there is, where not all are shown: "3 more"
    empty: str
    count: str = ""  # of all its news
    tone: Literal["ok", "warn", "bad"] = "ok"


# --- the subject ------------------------------------------------------------------------------


def subject(document: WeeklyDocument) -> str:
    """支付产研周报 2026-W47：贝易转上线，POS 延期 10 天. One line, in the active language."""
    who = _who(document)
    pieces = ""
    for piece in _news(document):
        longer = f"{pieces}{pgettext('between pieces of news', ', ')}{piece}" if pieces else piece
        if pieces and len(_headed(who, longer)) > LONGEST_SUBJECT:
            break
        pieces = longer
    return _headed(who, pieces)


def brief(document: WeeklyDocument) -> str:
    """1 incident, POS 26 days late: what the subject says of the week."""
    return pgettext("between pieces of news", ", ").join(_news(document))


def subject_of_correction(document: WeeklyDocument, corrected: str) -> str:
    """【更正】支付产研周报 2026-W47：POS 的日期写错了. What was corrected is cut to one line."""
    who = _("[Correction] %(subject)s") % {"subject": _who(document)}
    room = LONGEST_SUBJECT - len(_headed(who, ""))
    return _headed(who, in_one_line(corrected, longest=max(room, _NAME)))


def _who(document: WeeklyDocument) -> str:
    figures = {"team": " ".join(document.team_name.split()), "week": document.label}
    return _("%(team)s weekly %(week)s") % figures


def _headed(who: str, text: str) -> str:
    return pgettext("subject of a mail", "%(who)s: %(told)s") % {"who": who, "told": text}


def _news(document: WeeklyDocument) -> list[str]:
    """The weightiest of each kind first, then the second of each."""
    news = news_of(document)
    kinds = (
        _incidents_in_short(news),
        (_done(entry, news) for entry in news.done),
        (_slipped(slip) for slip in _of_each_project(news.slips)),
        (_moved(entry) for entry in news.movers if _is_big(entry) and entry not in news.done),
    )
    rounds = chain.from_iterable(zip_longest(*kinds))
    return [piece for piece in rounds if piece][:_IN_SUBJECT] or [_quiet(document)]


def _is_big(entry: Entry) -> bool:
    return abs(entry.change or Decimal(0)) >= BIG_MOVE


def _of_each_project(slips: tuple[Slip, ...]) -> Iterator[Slip]:
    """The longest slip of each project."""
    seen = set()
    for slip in slips:
        if slip.entry.project_id not in seen:
            seen.add(slip.entry.project_id)
            yield slip


def _incidents_in_short(news: News) -> Iterator[str]:
    if count := len(news.incidents):
        text = ngettext("%(n)s incident", "%(n)s incidents", count)
        yield text % {"n": count}


def _done(entry: Entry, news: News) -> str:
    figures = {"project": _short(entry.name)}
    return (
        _("%(project)s live") % figures if entry in news.live else _("%(project)s done") % figures
    )


def _slipped(slip: Slip) -> str:
    text = ngettext("%(project)s %(days)s day late", "%(project)s %(days)s days late", slip.days)
    return _of(slip.entry, text % {"project": _short(slip.entry.name), "days": slip.days})


def _of(entry: Entry, text: str) -> str:
    """The text, with a blank between a name in Latin letters and the Chinese behind it."""
    name = _short(entry.name)
    rest = text.removeprefix(name)
    is_tight = name[-1:].isascii() and name[-1:].isalnum() and not rest[:1].isascii()
    return f"{name} {rest}" if is_tight and rest != text else text


def _moved(entry: Entry) -> str:
    return f"{_short(entry.name)} {wording.change(entry.change)}%"


def _quiet(document: WeeklyDocument) -> str:
    if not document.expected:
        return _("no big moves")
    figures = {"reported": document.updated, "owed": document.expected}
    if document.updated == document.expected:
        return _("all projects updated")
    return _("%(reported)s of %(owed)s projects updated") % figures


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


# --- the five lines ---------------------------------------------------------------------------


def lines(document: WeeklyDocument) -> tuple[Line, ...]:
    """Movers, slips, incidents, who has not updated, what is done: each with names and figures.

    A page of history has no line of who did not update it: nothing on it is asked of anybody.
    """
    news, year = news_of(document), document.week.year
    slips_of = Counter(slip.entry.project_id for slip in news.slips)
    lines = (
        _line(
            pgettext("news", "Progress"), news.movers, _mover, _("No percent changed this week.")
        ),
        _line(
            pgettext("news", "Slipped"),
            news.slips,
            lambda slip: _slip(slip, year, names=slips_of[slip.entry.project_id] > 1),
            _("No date slipped this week."),
            tone="bad",
        ),
        _incident_line(document, news),
        _silence_line(document, news),
        _line(
            pgettext("projects", "Done"),
            news.done,
            lambda entry: _finished(entry, news),
            _("Nothing was finished this week."),
        ),
    )
    return tuple(line for line in lines if line)


def _line[N](
    label: str,
    news: tuple[N, ...],
    item_of: Callable[[N], Item],
    empty: str,
    tone: Literal["ok", "warn", "bad"] = "ok",
) -> Line:
    more = len(news) - _SHOWN
    text = ngettext("%(n)s more", "%(n)s more", more) % {"n": more} if more > 0 else ""
    return Line(label, tuple(map(item_of, news[:_SHOWN])), text, empty, str(len(news)), tone)


def _silence_line(document: WeeklyDocument, news: News) -> Line | None:
    if document.is_history:
        return None
    label, empty = pgettext("news", "Not updated"), _("Every project was updated.")
    return _line(label, news.silent, _silent, empty, tone="warn")


def _item(entry: Entry, figures: str, tone: Tone) -> Item:
    return Item(entry.name, figures, f"project-{entry.project_id}", tone)


def _mover(entry: Entry) -> Item:
    """贝易转 72% ↑9"""
    change = wording.change(entry.change)
    figures = f"{wording.percent(entry.percent)} {change}" if entry.percent is not None else change
    return _item(entry, figures, "up" if (entry.change or 0) > 0 else "down")


def _slip(slip: Slip, year: int, *, names: bool) -> Item:
    """POS 6月30日 → 8月15日，延期 46 天. It ``names`` the milestone where several have slipped."""
    move = slip.move
    figures = {
        "first": wording.day(slip.first_due_on, slip.first_precision, year=year),
        "now": wording.day(move.new, move.precision, year=year),
        "days": slip.total,
    }
    text = ngettext(
        "%(first)s → %(now)s, %(days)s day late",
        "%(first)s → %(now)s, %(days)s days late",
        slip.total,
    )
    if slip.total != slip.days:
        this_week = ngettext("%(n)s day of it this week", "%(n)s days of it this week", slip.days)
        text = f"{text}{_(' (%(this_week)s)')}"
        figures["this_week"] = this_week % {"n": slip.days}
    milestone = f"{_short(move.milestone)} " if names else ""
    return _item(slip.entry, milestone + text % figures, "bad")


def _silent(entry: Entry) -> Item:
    weeks = entry.weeks_silent
    if not weeks:
        return _item(entry, _("no update yet"), "warn")
    text = ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}
    return _item(entry, text, "warn")


def _finished(entry: Entry, news: News) -> Item:
    is_live = entry in news.live
    return _item(
        entry, pgettext("project", "live") if is_live else pgettext("project", "done"), "ok"
    )


def _incident_line(document: WeeklyDocument, news: News) -> Line:
    anchor = next((s.anchor for s in document.sections if s.kind is Kind.INCIDENTS), "incidents")
    label, empty = pgettext("news", "Incidents"), _("No production incident this week.")
    if not news.incidents and news.incident_count:
        times = _("%(count)s counted") % {"count": plain(news.incident_count)}
        count = plain(news.incident_count)
        return Line(label, (Item("", times, anchor, "bad"),), "", empty, count, "bad")

    def item_of(incident: IncidentState) -> Item:
        when = "" if incident.text else wording.moment(incident.occurred_at)
        description = incident.text or incident.description or incident.detected_by
        severity = f" {incident.severity}" if incident.severity and not incident.text else ""
        return Item(
            f"{when}{severity}".strip(), in_one_line(description, longest=60), anchor, "bad"
        )

    return _line(label, news.incidents, item_of, empty, tone="bad")
