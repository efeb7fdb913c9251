"""What an edition says of itself and of its changes; ``week`` is the page's Monday."""

from __future__ import annotations

from datetime import date

from django import template

from reports.render import editions
from reports.weekly.changes import Change, Imprint, JoinedWeek

register = template.Library()


@register.filter
def edition(number: int) -> str:
    return editions.edition(number)


@register.filter
def published(imprint: Imprint, week: date) -> str:
    return editions.published(imprint, year=week.year)


@register.filter
def published_at(imprint: Imprint, week: date) -> str:
    return editions.published_at(imprint, year=week.year)


@register.filter
def publisher(imprint: Imprint) -> str:
    return editions.publisher(imprint)


@register.filter
def published_by(imprint: Imprint) -> str:
    return editions.published_by(imprint)


@register.filter
def within(joined: JoinedWeek, week: date) -> str:
    return editions.within(joined, year=week.year)


@register.filter
def together(imprint: Imprint, week: date) -> str:
    return editions.together(imprint, year=week.year)


@register.filter
def reason(imprint: Imprint) -> str:
    return editions.reason(imprint)


@register.filter
def changed_since(imprint: Imprint) -> str:
    return editions.changed_since(imprint)


@register.filter
def change_text(change: Change, week: date) -> str:
    return editions.change_text(change, year=week.year)
