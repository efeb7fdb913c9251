"""What is told in a group chat, in the language asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.models import Project, Team
from reports.models import Edition
from reports.pages import editions
from reports.render.mail import headline
from reports.render.mail.digest import subject_of
from reports.vendors.message import Card
from reports.weekly.news import news_of

# How many leads a reminder names; the message says how many more there are.
_LEADS: Final = 15


def card_of_edition(edition: Edition, language: str) -> Card:
    """The week's news as in the digest mail: its subject, its five lines, a link to the page."""
    team, document = edition.page.team, editions.document_of(edition)
    news = news_of(document)
    with translation.override(language):
        title = subject_of(document, editions.imprint_of(edition))
        if edition.number > 1:
            title = _("%(title)s (edition %(n)s)") % {"title": title, "n": edition.number}
        return Card(
            title=title,
            lines=tuple(_news(line) for line in headline.lines(document)),
            url=_address("reports:weekly_page", team.slug, document.week.isoformat()),
            level="bad" if news.incidents else "warning" if news.slips else "info",
            button=_("Open the weekly page"),
            kind="digest",
            about=(*_about(team, edition.page.week), ("edition", edition.number)),
        )


def _news(line: headline.Line) -> str:
    """延期：POS 6月30日 → 8月15日，延期 46 天；DocAI …"""
    items = [f"{item.name} {item.figures}".strip() for item in line.items]
    words = pgettext("between pieces of news", "; ").join([*items, *filter(None, [line.more])])
    return _("%(label)s: %(told)s") % {"label": line.label, "told": words or line.empty}


def card_of_waiting(team: Team, week: date, waiting: Iterable[Project]) -> Card:
    """Whose projects have no entry yet (``reminders.waiting``), by lead, in the team's language."""
    leads: dict[str, list[str]] = {}
    for project in waiting:
        leads.setdefault(team.name_of(project.lead), []).append(project.name)
    names = leads.pop("", [])
    number = sum(map(len, leads.values())) + len(names)
    with translation.override(team.language):
        title = ngettext(
            "%(week)s: %(n)s project is not updated yet",
            "%(week)s: %(n)s projects are not updated yet",
            number,
        )
        lines = [_line(lead, of) for lead, of in list(leads.items())[:_LEADS]]
        rest = len(leads) - _LEADS
        if rest > 0:
            lines.append(
                ngettext("and %(n)s more lead", "and %(n)s more leads", rest) % {"n": rest}
            )
        if names:
            lines.append(_line(_("without a lead"), names))
        return Card(
            title=title % {"week": team.week_label(week), "n": number},
            lines=tuple(lines),
            url=_address("projects:checkin", team.slug),
            level="warning",
            button=_("Update now"),
            kind="reminder",
            about=(*_about(team, week), ("waiting", number)),
        )


def card_of_test(team: Team) -> Card:
    """Shows that messages arrive, in the active language."""
    return Card(
        title=_("%(team)s weekly page: test message") % {"team": team.name},
        lines=(_("If you can read this, the channel works. Nothing was published."),),
        url=_address("reports:dashboard", team.slug),
        level="good",
        button=_("Open the dashboard"),
        kind="test",
        about=(("team", team.slug),),
    )


def _line(lead: str, projects: list[str]) -> str:
    return _("%(lead)s: %(projects)s") % {"lead": lead, "projects": _(", ").join(projects)}


def _about(team: Team, week: date) -> tuple[tuple[str, str | int], ...]:
    return (("team", team.slug), ("week", team.week_label(week)), ("monday", week.isoformat()))


def _address(name: str, *values: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=values)}"
