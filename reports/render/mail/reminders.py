"""What reminders say, to leads and to managers: in the language of the team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okrtracker.mail.message import render
from okrtracker.mail.mime import Mail
from projects.models import Project, Question, Team
from projects.weeks import WEEK, last_day
from reports.models import Reminder, ReminderKind
from reports.render import wording
from reports.weekly.needs import Behind, Duties


@dataclass(frozen=True, slots=True)
class _ProjectLine:
    """A project in a reminder: its name, how long it has been silent, where to report on it."""

    project: Project
    weeks_silent: int | None  # None: it was never reported on
    address: str
    person: str  # its lead, for whom the reader stands in; "" where they lead it themselves


def to_lead(
    reminder: Reminder, projects: Iterable[Project], cutoff: datetime | None = None
) -> Mail:
    """Asks a lead for the entries of ``projects`` (some of ``reminders.waiting``), each with a
    link, and says until when: ``cutoff``, where that is still to come.

    A link leads to the project's card among all of the lead's, where "no change" is one click.
    """
    team, week = reminder.team, reminder.week
    page = settings.SITE_URL + reverse("projects:checkin", args=(team.slug,))
    lines = [_line(project, reminder, page) for project in projects]
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
            "until": until,
            "reminder": reminder,
            "team": team,
            "label": figures["week"],
            "first_day": week,
            "last_day": last_day(week),
            "lines": lines,
            "page": page,
        }
        return render("reminder", subject, context)


def of_questions(reminder: Reminder, questions: Sequence[Question]) -> Mail:
    """Asks a lead again for the answers to these ``questions``, each with a link to its card."""
    team = reminder.team
    page = settings.SITE_URL + reverse("projects:checkin", args=(team.slug,))
    with translation.override(team.language):
        subject = ngettext(
            "%(n)s question waits for your answer",
            "%(n)s questions wait for your answer",
            len(questions),
        )
        context = {"reminder": reminder, "team": team, "questions": questions, "page": page}
        return render("questions", subject % {"n": len(questions)}, context)


def to_review(reminder: Reminder, duties: Duties) -> Mail:
    """At the cutoff, to a manager: what is to be resolved before the page is published."""
    with translation.override(reminder.team.language):
        count = len(duties.findings)
        words = ngettext(
            "%(week)s is closed: %(n)s finding to resolve",
            "%(week)s is closed: %(n)s findings to resolve",
            count,
        )
        if not count:
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


def of_changes(reminder: Reminder, behind: Behind) -> Mail:
    """To a manager who published early: what was saved since, and what becomes of it."""
    team, week = reminder.team, reminder.week
    label = team.week_label(week)
    with translation.override(team.language):
        subject = ngettext(
            "%(week)s: %(n)s project changed since edition %(number)s",
            "%(week)s: %(n)s projects changed since edition %(number)s",
            behind.projects,
        )
        context = {
            "reminder": reminder,
            "team": team,
            "week": week,
            "behind": behind,
            "mail_at": wording.weekday_time(behind.mail_at) if behind.mail_at else "",
            "page": settings.SITE_URL
            + reverse("reports:publish", args=(team.slug, week.isoformat())),
        }
        subject %= {"week": label, "n": behind.projects, "number": behind.number}
        return render("page_behind", subject, context)


def of_backlog(reminder: Reminder, waiting: Sequence[date]) -> Mail:
    """To every manager: weeks were closed, and nobody has published them."""
    team = reminder.team
    with translation.override(team.language):
        subject = ngettext(
            "%(n)s weekly page was never published",
            "%(n)s weekly pages were never published",
            len(waiting),
        )
        pages = [
            (team.week_label(week), settings.SITE_URL + _page_of("publish", team, week))
            for week in waiting
        ]
        context = {"reminder": reminder, "team": team, "pages": pages}
        return render("page_backlog", subject % {"n": len(waiting)}, context)


def _to_manager(reminder: Reminder, duties: Duties, subject: str) -> Mail:
    """Both mails list the findings and who has not updated, and lead to the page.

    This list is all that is made of somebody's silence: the leads get no further mail.
    """
    team, figures = reminder.team, {"n": len(duties.findings), "silent": len(duties.silent)}
    subject %= {"week": duties.label, **figures}
    page = _page_of("weekly_page_draft", team, reminder.week)
    context = {
        "reminder": reminder,
        "is_to_publish": reminder.kind == ReminderKind.PUBLISH,
        "team": team,
        "duties": duties,
        "first_day": reminder.week,
        "last_day": last_day(reminder.week),
        "page": settings.SITE_URL + page,
    }
    return render("to_manager", subject, context)


def _line(project: Project, reminder: Reminder, page: str) -> _ProjectLine:
    last: date | None = project.last_week  # type: ignore[attr-defined]  # annotated by reminders.waiting
    weeks_silent = None if last is None else (reminder.week - last) // WEEK
    person = "" if project.lead_id == reminder.user_id else reminder.team.name_of(project.lead)
    return _ProjectLine(project, weeks_silent, f"{page}#checkin_card_{project.pk}", person)


def _page_of(name: str, team: Team, week: date) -> str:
    """By the Monday: a link in a mail outlasts a change of the team's week numbering."""
    return reverse(f"reports:{name}", args=(team.slug, week.isoformat()))
