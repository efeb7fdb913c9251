"""What managers are told of the time to come: a cycle ends, a plan of holidays is missing."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from okrtracker.mail.message import render
from okrtracker.mail.mime import Mail
from projects.objectives.cycles import CycleEnd
from projects.text import coming
from reports.models import Reminder


def of_cycle(reminder: Reminder, end: CycleEnd) -> Mail:
    """A cycle ends, or has ended, and no other one follows."""
    team = reminder.team
    with translation.override(team.language):
        sentence = coming.cycle_ends(end.name, end.ends_on, team.today())
        action = _("New cycle %(name)s") % {"name": end.following.name}
        page = reverse("projects:cycle_new", args=(team.slug,))
        return _notice(reminder, sentence, "", (action, page))


def of_calendar(reminder: Reminder, year: int) -> Mail:
    """The holidays and make-up days of a year are not announced yet."""
    team = reminder.team
    with translation.override(team.language):
        sentence = coming.plan_missing(year)
        days = _("Known so far: %(days)s.") % {"days": coming.days_by_law(year)}
        page = reverse("projects:calendar", args=(team.slug,))
        subject = _("The holidays of %(year)s are not announced yet") % {"year": year}
        return _notice(reminder, sentence, days, (_("Open the calendar"), page), subject)


def _notice(
    reminder: Reminder, sentence: str, more: str, link: tuple[str, str], subject: str = ""
) -> Mail:
    """``link`` are its words and where it leads; the subject is the sentence, unless another is
    given.
    """
    action, page = link
    context = {
        "reminder": reminder,
        "team": reminder.team,
        "sentence": sentence,
        "more": more,
        "action": action,
        "page": settings.SITE_URL + page,
    }
    return render("notice", subject or sentence.rstrip("。."), context)
