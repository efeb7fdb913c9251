"""Mails: a subject, the text, and the same as HTML, in the language of the team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Project
from projects.weeks import WEEK, last_day
from reports.models import Reminder, ReminderKind
from reports.render import wording
from reports.weekly.duties import Duties


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


def reminder(
    reminder: Reminder, projects: Iterable[Project], cutoff: datetime | None = None
) -> Mail:
    """Asks for the entries of ``projects`` (those of ``reminders.waiting``), each with a link, and
    says until when: ``cutoff``, where that is still to come.

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
        until = wording.weekday_time(team.local(cutoff)) if cutoff else ""
        subject = ngettext(
            "%(week)s: %(n)s project waits for your update",
            "%(week)s: %(n)s projects wait for your update",
            len(lines),
        )
        subject %= figures
        if until:
            subject = _("%(subject)s by %(time)s") % {"subject": subject, "time": until}
        context = {
            "subject": subject,
            "until": until,
            "reminder": reminder,
            "team": team,
            "label": figures["week"],
            "first_day": week,
            "last_day": last_day(week),
            "lines": lines,
            "page": page,
        }
        return Mail(
            subject=subject,
            text=render_to_string("emails/reminder.txt", context).strip() + "\n",
            html=render_to_string("emails/reminder.html", context),
        )


def to_review(reminder: Reminder, duties: Duties) -> Mail:
    """At the cutoff, to a manager: what is to be resolved before the page is published."""
    with translation.override(reminder.team.language):
        found = len(duties.findings)
        words = ngettext(
            "%(week)s is closed: %(n)s finding to resolve",
            "%(week)s is closed: %(n)s findings to resolve",
            found,
        )
        if not found:
            words = ngettext(
                "%(week)s is closed: %(silent)s project not updated",
                "%(week)s is closed: %(silent)s projects not updated",
                len(duties.silent),
            )
        return _to_manager(reminder, duties, words)


def to_publish(reminder: Reminder, duties: Duties) -> Mail:
    """At the digest's time, to a manager whose team publishes nothing by itself."""
    with translation.override(reminder.team.language):
        return _to_manager(reminder, duties, _("%(week)s waits for you to publish it"))


def _to_manager(reminder: Reminder, duties: Duties, subject: str) -> Mail:
    """Both mails tell the findings, and who has not updated, though reminded; and lead to the page.

    This list is all that is made of somebody's silence: their leads get no further mail.
    """
    team, figures = reminder.team, {"n": len(duties.findings), "silent": len(duties.silent)}
    page = reverse("reports:weekly_page_draft", args=(team.slug, duties.label))
    context = {
        "subject": subject % {"week": duties.label, **figures},
        "reminder": reminder,
        "is_to_publish": reminder.kind == ReminderKind.PUBLISH,
        "team": team,
        "duties": duties,
        "first_day": reminder.week,
        "last_day": last_day(reminder.week),
        "page": settings.SITE_URL + page,
    }
    return Mail(
        subject=context["subject"],
        text=render_to_string("emails/to_manager.txt", context).strip() + "\n",
        html=render_to_string("emails/to_manager.html", context),
    )


def _weeks_since(last: date | None, week: date) -> int | None:
    return None if last is None else (week - last) // WEEK
