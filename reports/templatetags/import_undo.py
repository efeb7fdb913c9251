"""The rows that undoing an import is about: what they are called, where they are, what they say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from projects.models import (
    Incident,
    Metric,
    Milestone,
    Objective,
    Project,
    StatusEntry,
    Team,
)
from projects.text.numbers import plain
from reports.models import Section, WeeklyPage

register = template.Library()


@register.simple_tag
def kind_of(row: Model) -> str:
    """What such a row is called."""
    return str(row._meta.verbose_name)


@register.simple_tag
def address_of(row: Model, team: Team) -> str:
    """Where a row is looked at; empty where it has no page."""
    name, key = _place(row, team)
    return reverse(name, args=[team.slug, key]) if name else ""


def _place(row: Model, team: Team) -> tuple[str, int | str]:
    match row:
        case StatusEntry() | Milestone():
            place: tuple[str, int | str] = "projects:project_detail", row.project_id
        case WeeklyPage():
            place = "reports:weekly_page", team.week_label(row.week)
        case Section():
            place = "reports:weekly_page", team.week_label(row.page.week)
        case Project():
            place = "projects:project_detail", row.pk
        case Metric():
            place = "projects:metric_edit", row.pk
        case Objective():
            place = "projects:objective_edit", row.pk
        case Incident():
            place = "projects:incident_edit", row.pk
        case _:
            place = "", ""
    return place


@register.filter
def plain_value(value: object) -> str:
    """A field's value in a word."""
    match value:
        case None | "":
            text = "–"
        case Decimal():
            text = plain(value)
        case datetime():
            text = timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case date():
            text = value.isoformat()
        case list():
            text = ngettext("%(n)s place", "%(n)s places", len(value)) % {"n": len(value)}
        case _:
            text = str(value)
    return text
