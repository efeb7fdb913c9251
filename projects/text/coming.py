"""What is said of the time to come: a cycle that ends, a year whose holidays are not announced."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from projects import workdays
from projects.text.wording import date_text


def cycle_ends(name: str, ends_on: date, today: date) -> str:
    """That the cycle ends or has ended, when, and that no other one follows."""
    days = (ends_on - today).days
    figures = {"name": name, "day": date_text(ends_on, "day", today), "n": days}
    if days < 0:
        return _("Cycle %(name)s ended on %(day)s, and no cycle follows it yet.") % figures
    if days == 0:
        return _("Cycle %(name)s ends today, and no cycle follows it yet.") % figures
    words = ngettext(
        "Cycle %(name)s ends on %(day)s, in %(n)s day, and no cycle follows it yet.",
        "Cycle %(name)s ends on %(day)s, in %(n)s days, and no cycle follows it yet.",
        days,
    )
    return words % figures


def plan_missing(year: int) -> str:
    """That the year's plan is not known, and what counts until it is."""
    return _(
        "The holidays and make-up days of %(year)s are not announced yet, or not known to this "
        "version: until they are, only the days that the law fixes are free."
    ) % {"year": year}


def days_by_law(year: int) -> str:
    """The year's days that the law fixes: 1月1日 元旦、2月5日–8日 春节 …"""
    language = "zh_CN" if (get_language() or "").startswith("zh") else "en_US"
    spans: list[tuple[str, date, date]] = []
    for day, name in workdays.days_by_law(year, language).items():
        if spans and spans[-1][0] == name:
            spans[-1] = (name, spans[-1][1], day)
        else:
            spans.append((name, day, day))
    return _(", ").join(f"{_span(first, last)} {name}" for name, first, last in spans)


def _span(first: date, last: date) -> str:
    near = first
    begin = date_text(first, "day", near)
    return begin if first == last else f"{begin}–{date_text(last, 'day', near)}"
