"""Mails: a subject, the text, and the same as HTML, in the language of the team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from projects.models import Project
from projects.weeks import WEEK, last_day
from reports.models import Reminder


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str  # one line
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A project in a reminder: its name, how long it has been silent, where to report on it."""

    project: Project
    weeks_silent: int | None  # None: it was never reported on
    address: str


def reminder(reminder: Reminder, projects: Iterable[Project]) -> Mail:
    """Asks for the entries of ``projects`` (those of ``reminders.waiting``), each with a link.

    A link leads to the project's card among all of the lead's, where "no change" is one click.
    """
    team, week = reminder.team, reminder.week
    page = settings.SITE_URL + reverse("projects:checkin", args=(team.slug,))
    lines = [
        _Line(one, _weeks_since(one.last_week, week), f"{page}#checkin_card_{one.pk}")  # type: ignore[attr-defined]  # annotated by reminders.waiting
        for one in projects
    ]
    with translation.override(team.language):
        figures = {"week": team.week_label(week), "n": len(lines)}
        subject = ngettext(
            "%(week)s: %(n)s project waits for your update",
            "%(week)s: %(n)s projects wait for your update",
            len(lines),
        )
        context = {
            "subject": subject % figures,
            "reminder": reminder,
            "team": team,
            "label": figures["week"],
            "first_day": week,
            "last_day": last_day(week),
            "lines": lines,
            "page": page,
        }
        return Mail(
            subject=context["subject"],
            text=render_to_string("emails/reminder.txt", context).strip() + "\n",
            html=render_to_string("emails/reminder.html", context),
        )


def _weeks_since(last: date | None, week: date) -> int | None:
    return None if last is None else (week - last) // WEEK
