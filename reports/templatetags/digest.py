"""How the digest mail says what its document holds: short classes, and absolute addresses."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from projects.text import markup
from projects.text.numbers import plain
from reports.render import wording
from reports.render.mail import digest_html, owing
from reports.render.mail.headline import Tone
from reports.templatetags.sheet import entry_due
from reports.weekly.document import Entry, WeeklyDocument
from reports.weekly.needs import OwedAnswer, OwedEntry, OwedMilestone

register = template.Library()

_TONES: Final[dict[Tone, str]] = {"up": "g", "down": "r", "bad": "r", "warn": "y", "ok": "g"}
_ADDRESS: Final = re.compile(r'href="(?!https?:|mailto:)([^"]*)"')


@register.filter
def mail_tone(tone: Tone) -> str:
    """The class of a piece of news."""
    return _TONES[tone]


@register.filter
def health_said(health: str, weeks_silent: int = 0) -> str:
    """● on track"""
    return wording.health(health, weeks_silent)


@register.filter
def rest(percent: Decimal) -> str:
    """What is left to 100."""
    return plain(100 - percent)


@register.simple_tag
def mail_change(value: Decimal | None, is_better: bool | None = None) -> SafeString:
    """↑5 or ↓5 in the colour of better or worse; nothing where nothing is known."""
    if value is None:
        return SafeString("")
    if not value:
        return SafeString('<span class="m">—</span>')
    better = value > 0 if is_better is None else is_better
    return format_html('<span class="{}">{}</span>', "g" if better else "r", wording.change(value))


@register.simple_tag
def mail_due(entry: Entry, document: WeeklyDocument) -> SafeString:
    """due ~~Jun 30~~ Aug 15 · 46 days late · 2 moves"""
    due, slip = entry_due(entry, document), wording.slip(entry)
    return format_html('{} · <span class="r">{}</span>', due, slip) if due and slip else due


@register.simple_tag
def mail_notes(entry: Entry, document: WeeklyDocument) -> list[str]:
    """What was moved or fell, and what contradicts itself, with the manager's verdicts."""
    return wording.notes(entry, year=document.week.year)


@register.filter
def mail_words(text: str) -> SafeString:
    """Markdown of a person as clean HTML, links without a host leading to this site."""
    home = f"{settings.SITE_URL}/"

    def whole(match: re.Match[str]) -> str:
        return f'href="{escape(urljoin(home, match[1]))}"'

    return mark_safe(_ADDRESS.sub(whole, markup.words(text)))  # noqa: S308  cleaned by markup


@register.simple_tag
def styled(names: str) -> SafeString:
    """Class and style of an element of a reader's own part."""
    return digest_html.styled_as(names)


@register.filter
def silence(entry: OwedEntry) -> str:
    return owing.silence(entry)


@register.filter
def asked_in_short(answer: OwedAnswer) -> str:
    return owing.asked_in_short(answer)


@register.simple_tag
def past_due(milestone: OwedMilestone, year: int) -> str:
    return owing.past_due(milestone, year)
