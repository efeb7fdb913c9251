"""What the screen of a week's run, and the mails to managers, say of its steps and people."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from projects.models import Team
from reports.models import Reminder, SendState, Step
from reports.render import wording
from reports.schedule.runs import Station, under_way
from reports.vendors.message import from_kept
from reports.weekly.needs import NotUpdated

register = template.Library()

_NAMES: Final[dict[Step, Promise]] = {
    Step.OPEN: pgettext_lazy("step of a week", "Open"),
    Step.REMIND_FIRST: gettext_lazy("First reminder"),
    Step.REMIND_LAST: gettext_lazy("Last reminder"),
    Step.CLOSE: pgettext_lazy("step of a week", "Cutoff"),
    Step.PUBLISH: pgettext_lazy("step of a week", "Publish"),
    Step.DIGEST: pgettext_lazy("step of a week", "Digest"),
}
# Of the states that need no figures; what is done says what came of it.
_STATES: Final[dict[str, Promise]] = {
    "now": gettext_lazy("due, in a minute at most"),
    "next": pgettext_lazy("step of a week", "next"),
    "before": gettext_lazy("not taken: the team had not begun here"),
    "missed": gettext_lazy("not taken, and too long ago to be made up for"),
}
# A tone is a CSS class; a sign stands beside it, because colour alone says nothing to some.
_SIGNS: Final = {
    "done": "✓",
    "passed": "–",
    "failed": "■",
    "now": "●",
    "next": "●",
    "waits": "▲",
    "missed": "–",
    "before": "–",
}


@register.filter
def step_name(station: Station) -> str:
    return str(_NAMES[station.step])


@register.filter
def step_sign(station: Station) -> str:
    return _SIGNS.get(station.state, "")


@register.filter
def weekday_time(moment: datetime, team: Team) -> str:
    """周五 16:00, by the team's clock."""
    return wording.weekday_time(team.local(moment))


@register.filter
def why_not_sent(reminder: Reminder) -> str:
    """Why a reminder was not sent, or not yet: what a chat answered in words, a mail as it was."""
    not_posted = from_kept(reminder.error)
    return str(not_posted.words) if not_posted else reminder.error


@register.filter
def came_of(station: Station) -> str:
    """What became of the step, in a few words; nothing while it is to come."""
    if station.state == "failed":
        return _("fails, is tried again every minute: %(error)s") % {"error": station.error}
    if station.state in _STATES:
        return str(_STATES[station.state])
    return _CAME_OF[station.step](station)


def _opened(station: Station) -> str:
    return pgettext("of a week", "opened") if station.state == "done" else ""


def _reminded(station: Station) -> str:
    if station.state == "passed":
        return _("passed over, the clock came too late")
    if station.state != "done":
        return ""
    figures = {name: int(str(n)) for name, n in station.result.items()}
    reminded, chats = figures.get("reminded", 0), figures.get("channels", 0)
    lost = figures.get("unreachable", 0)
    words = []
    if reminded:
        words.append(
            ngettext("%(n)s lead reminded", "%(n)s leads reminded", reminded) % {"n": reminded}
        )
    if chats:
        words.append(ngettext("%(n)s group chat", "%(n)s group chats", chats) % {"n": chats})
    if lost:
        words.append(
            ngettext("%(n)s without an address", "%(n)s without an address", lost) % {"n": lost}
        )
    return " · ".join(words) or _("nobody had to be reminded")


def _closed(station: Station) -> str:
    if station.state != "done":
        return ""
    findings, silent = (int(str(station.result.get(name, 0))) for name in ("findings", "silent"))
    words = []
    if findings:
        words.append(ngettext("%(n)s finding", "%(n)s findings", findings) % {"n": findings})
    if silent:
        words.append(ngettext("%(n)s not updated", "%(n)s not updated", silent) % {"n": silent})
    return " · ".join(words) or _("nothing left to resolve")


def _published(station: Station) -> str:
    if station.edition is not None:
        words = {"number": station.edition.number, "who": station.edition.publisher}
        if station.edition.publisher:
            return _("edition %(number)s, published by %(who)s") % words
        return _("edition %(number)s, published by itself") % words
    if station.result.get("nothing"):
        return _("nothing to publish")
    if station.result.get("waits"):
        return _("waits for a manager, who was reminded")
    return _("follows the week it is merged with") if station.state == "waits" else ""


def _sent(station: Station) -> str:
    if station.state == "passed":
        return _("no mail was sent")
    if station.state == "waits":
        return _("waits for a manager: facts changed after the page was published")
    if station.state != "done":
        return ""
    sent, failed = (station.sent.get(state, 0) for state in (SendState.SENT, SendState.FAILED))
    waits = under_way(station.sent)
    words = []
    if sent or not (waits or failed):
        words.append(ngettext("%(n)s sent", "%(n)s sent", sent) % {"n": sent})
    if waits:
        words.append(ngettext("%(n)s on the way", "%(n)s on the way", waits) % {"n": waits})
    if failed:
        words.append(ngettext("%(n)s failed", "%(n)s failed", failed) % {"n": failed})
    return " · ".join(words)


_CAME_OF: Final = {
    Step.OPEN: _opened,
    Step.REMIND_FIRST: _reminded,
    Step.REMIND_LAST: _reminded,
    Step.CLOSE: _closed,
    Step.PUBLISH: _published,
    Step.DIGEST: _sent,
}


@register.filter
def asked_by(reminder: Reminder, team: Team) -> str:
    """Who wanted the reminder: a manager, or the schedule."""
    return team.name_of(reminder.requested_by) or _("by itself")


@register.simple_tag
def times_reminded(row: NotUpdated) -> str:
    """How often the lead was asked for the week's update, or why nobody could be."""
    if row.times:
        return ngettext("reminded once", "reminded %(n)s times", row.times) % {"n": row.times}
    if not row.lead:
        return _("nobody to remind")
    if row.is_deactivated:
        return _("account deactivated")
    return _("not reminded") if row.is_reachable else _("no mail address")


@register.simple_tag
def last_heard(row: NotUpdated) -> str:
    """How long the project has been silent."""
    if (silent := row.weeks_silent) is None:
        return _("no update yet")
    return ngettext("last updated %(n)s week ago", "last updated %(n)s weeks ago", silent) % {
        "n": silent
    }
