"""How a page says what its edition is and what it changes."""

from __future__ import annotations

from django import template

from reports.render import editions
from reports.weekly.changes import Change
from reports.weekly.document import WeeklyDocument
from reports.weekly.imprint import Imprint

register = template.Library()


@register.filter
def published(imprint: Imprint, document: WeeklyDocument) -> str:
    return editions.published(imprint, year=document.week.year)


@register.filter
def reason(imprint: Imprint) -> str:
    return editions.reason(imprint)


@register.filter
def changed_since(imprint: Imprint) -> str:
    return editions.changed_since(imprint)


@register.filter
def said(change: Change, document: WeeklyDocument) -> str:
    return editions.change(change, year=document.week.year)
