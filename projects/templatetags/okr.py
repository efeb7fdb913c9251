"""How facts look on every screen: dates, percents, changes, health."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.access import Access
from projects.checkin.reading.contradictions import Contradiction
from projects.models import DatePrecision, Health, Project, Team, User
from projects.models.deputies import signature
from projects.objectives import cycles
from projects.objectives.cycles import CycleEnd
from projects.standing import is_last_known
from projects.teams.cutoffs import Cutoff
from projects.text import coming, markup, numbers, wording
from projects.text.formulas import Formula
from projects.text.numbers import plain
from projects.text.terms import TERMS
from projects.text.wording import CONTRADICTIONS, date_text

register = template.Library()

# A tone is a CSS class; a sign stands beside it, because colour alone says nothing to some.
TONES: Final = {
    Health.ON_TRACK: ("ok", "●"),
    Health.AT_RISK: ("warn", "▲"),
    Health.OFF_TRACK: ("bad", "■"),
    Health.DONE: ("ok", "✓"),
    Health.PAUSED: ("idle", "‖"),
}
# A whole sentence for each day of the week: languages decline and order them differently.
_DUE: Final = (
    gettext_lazy("due Monday %(time)s"),
    gettext_lazy("due Tuesday %(time)s"),
    gettext_lazy("due Wednesday %(time)s"),
    gettext_lazy("due Thursday %(time)s"),
    gettext_lazy("due Friday %(time)s"),
    gettext_lazy("due Saturday %(time)s"),
    gettext_lazy("due Sunday %(time)s"),
)


register.simple_tag(signature)


@register.filter
def named(user: User | None, team: Team) -> str:
    """The name of a member as all members of the team are told apart."""
    return team.name_of(user)


@register.simple_tag
def lead_of(project: Project, team: Team) -> str:
    """Who leads the project, by name; "" for nobody."""
    return team.name_of(project.lead) or project.lead_name


# Of a health that nobody has confirmed for weeks (``standing.is_last_known``).
_LAST_KNOWN: Final = ("idle", "○")


def _look(health: str, weeks_silent: int) -> tuple[str, str]:
    """Tone and sign."""
    return _LAST_KNOWN if is_last_known(health, weeks_silent) else TONES[Health(health)]


@register.filter
def tone(health: str, weeks_silent: int = 0) -> str:
    """The CSS class of a health; empty where an old page did not say it."""
    return _look(health, weeks_silent)[0] if health else ""


@register.filter
def health_sign(health: str, weeks_silent: int = 0) -> str:
    return _look(health, weeks_silent)[1] if health else ""


@register.filter
def health_words(health: str, weeks_silent: int = 0) -> str:
    """正常; of one that is only last known with its age: 正常（7 周前）."""
    if not health:
        return ""
    label = Health(health).label
    if not is_last_known(health, weeks_silent):
        return str(label)
    words = ngettext("%(health)s (%(n)s week ago)", "%(health)s (%(n)s weeks ago)", weeks_silent)
    return words % {"health": label, "n": weeks_silent}


@register.simple_tag
def health_chip(health: str, weeks_silent: int = 0, *, is_short: bool = False) -> SafeString:
    """The health; grey, with its age, where nobody has confirmed it for weeks.

    A short one shows no age, which stands in the same row; it is told to those who only hear it.
    """
    if not health:
        return SafeString("")
    css, sign = _look(health, weeks_silent)
    full, label = health_words(health, weeks_silent), str(Health(health).label)
    if not is_short or full == label:
        return format_html(
            '<span class="chip {}"><span aria-hidden="true">{}</span>{}</span>', css, sign, full
        )
    return format_html(
        '<span class="chip {0}" title="{3}"><span aria-hidden="true">{1}</span>'
        '<span aria-hidden="true">{2}</span><span class="visually-hidden">{3}</span></span>',
        *(css, sign, label, full),
    )


@register.filter
def words(text: str, level: int = 4) -> SafeString:
    """Markdown of a person as clean HTML, its headings at ``level``."""
    return markup.words(text, level)


@register.filter
def number(value: Decimal | None) -> str:
    """Without the zeros that a column of two decimals adds: 72, 69.29; nothing for ``None``."""
    return "" if value is None else plain(value)


@register.filter
def signed(value: Decimal | None) -> str:
    """A change: +5, −4.16; nothing for ``None``."""
    return "" if value is None else numbers.signed(value)


@register.filter
def percent(value: Decimal | None) -> str:
    return "" if value is None else f"{number(value)}%"


@register.simple_tag
def last_known() -> SafeString:
    """Stands behind a percent that this week did not tell (``standing.printed_percent``)."""
    return format_html('<small class="since">{}</small>', wording.LAST_KNOWN)


@register.simple_tag
def last_known_word() -> str:
    return str(wording.LAST_KNOWN)


@register.simple_tag
def change(value: Decimal | None, is_better: bool | None = None) -> SafeString:
    """``↑5`` in green, ``↓5`` in red, ``—`` when nothing moved; ``is_better`` turns the colours."""
    if value is None:
        return SafeString("")
    if value == 0:
        return format_html('<span class="change flat" title="{}">—</span>', _("no change"))
    rises = value > 0
    better = rises if is_better is None else is_better
    css, arrow = "up" if better else "down", "↑" if rises else "↓"
    return format_html('<span class="change {}">{}{}</span>', css, arrow, number(abs(value)))


@register.simple_tag
def progress_bar(
    value: Decimal | None, label: str, time_gone: Decimal | None = None, css: str = ""
) -> SafeString:
    """The bar alone; the number stands beside it as text. Nothing for an unknown percent.

    A tick marks where the bar would end if the project went as its time goes.
    """
    if value is None:
        return SafeString("")
    bar = format_html(
        '<progress class="{}" max="100" value="{}" aria-label="{}"></progress>',
        *(css, number(value), label),
    )
    if time_gone is None:
        return bar
    return format_html(
        '<span class="timed" title="{0}">{1}<svg aria-hidden="true">'
        '<line x1="{2}%" x2="{2}%" y1="0" y2="100%"/></svg>'
        '<span class="visually-hidden">{0}</span></span>',
        *(wording.time_gone_text(time_gone), bar, number(time_gone)),
    )


@register.inclusion_tag("components/formula.html", takes_context=True)
def how(
    context: Context, formula: Formula, anchor: str, title: str, *, figure: str = "", term: str = ""
) -> dict[str, object]:
    """A link that opens how the figure called ``title`` comes about.

    With ``figure`` that is the link, where there is no room for another beside it. ``term`` is what
    the help calls the figure.
    """
    parts = {"formula": formula, "anchor": anchor, "title": title, "figure": figure}
    return {**parts, "team": context["access"].team, "term": term}


@register.inclusion_tag("components/terms.html", takes_context=True)
def what(context: Context, *anchors: str) -> dict[str, object]:
    """A question mark that opens what these words mean, each by its anchor in the help.

    A page has it once for each first word.
    """
    terms = [(anchor, TERMS[anchor]) for anchor in anchors]
    return {"team": context["access"].team, "terms": terms, "anchor": f"what-{anchors[0]}"}


@register.simple_tag
def measures(
    percent: Decimal | None,
    by_milestones: Decimal | None,
    last_week: Decimal | None,
    time_gone: Decimal | None,
) -> str:
    """What stands beside a percent, in one line: see ``wording.measures``."""
    return " · ".join(wording.measures(percent, by_milestones, last_week, time_gone))


@register.filter
def day(value: date, near: date | None = None) -> str:
    """``6月17日``; with its year where that is another than that of ``near``."""
    return date_text(value, DatePrecision.DAY, near)


@register.simple_tag
def due(value: date | None, precision: str, near: date | None = None) -> str:
    """A due date as exactly as it was said: a day, 7月上旬, 7月, or a quarter."""
    return "" if value is None else date_text(value, precision, near)


@register.simple_tag
def cutoff_said(cutoff: Cutoff) -> str:
    """Until when a week is to be reported: 周六 16:00 截止."""
    if cutoff.day is None or cutoff.at is None:
        if cutoff.is_merged:
            return _("no working day this week, due together with the next")
        return _("no working day this week")
    if cutoff.at <= timezone.now():
        return _("past the cutoff")
    return str(_DUE[cutoff.day.weekday()]) % {"time": f"{cutoff.time:%H:%M}"}


@register.simple_tag
def contradiction(item: Contradiction, near: date) -> str:
    """What contradicts itself, in the sentence that the weekly page has for it."""
    return CONTRADICTIONS.say(item.code, item.params, near=near)


@register.simple_tag
def slipped(slips: int, days: int) -> SafeString:
    """``延期 46 天 · 改 2 次`` as a chip; nothing when the date has never moved later."""
    if not slips:
        return SafeString("")
    return format_html('<span class="slip">{}</span>', wording.slip(slips, days))


@register.filter
def age(moment: datetime, team: Team) -> str:
    """How long ago, in the words of a colleague: minutes, hours, yesterday, then the date."""
    now = timezone.now()
    passed = now - moment
    here, today = team.local(moment).date(), team.local(now).date()
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        minutes = passed.seconds // 60
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if here == today:
        hours = passed.seconds // 3600
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    if here == today - timedelta(days=1):
        return _("yesterday")
    return day(here, today)


@register.filter
def local_day(moment: datetime, team: Team) -> str:
    """The date of a moment on the team's calendar."""
    return day(team.local(moment).date(), team.today())


@register.filter
def local_moment(moment: datetime, team: Team) -> str:
    """``06-18 12:03`` on the team's clock; with its year where that is another than this one."""
    here = team.local(moment)
    return f"{here:%m-%d %H:%M}" if here.year == team.today().year else f"{here:%Y-%m-%d %H:%M}"


@register.filter
def clock(moment: datetime, team: Team) -> str:
    """``14:02`` by the team's clock; with the date before it unless that is today."""
    here = team.local(moment)
    time = f"{here:%H:%M}"
    return time if here.date() == team.today() else f"{day(here.date(), team.today())} {time}"


@register.inclusion_tag("components/cycle_end.html")
def cycle_notice(access: Access) -> dict[str, object]:
    """That the team's last cycle is over and none follows it. One query, if it may be so."""
    end = cycles.team_end(access.team) if access.may_have_cycle_ended else None
    return {"access": access, "end": end if end and end.is_over else None}


@register.simple_tag
def cycle_ends(end: CycleEnd, team: Team) -> str:
    return coming.cycle_ends(end.name, end.ends_on, team.today())


@register.simple_tag
def plan_missing(year: int) -> str:
    return coming.plan_missing(year)


@register.simple_tag
def days_by_law(year: int) -> str:
    return coming.days_by_law(year)


@register.filter
def week_label(week: date, team: Team) -> str:
    return team.week_label(week)
