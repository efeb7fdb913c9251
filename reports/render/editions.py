"""What an edition says of itself in words, in the active language: its imprint and its changes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.render import wording
from reports.weekly.changes import Change
from reports.weekly.imprint import Imprint


def published(imprint: Imprint, *, year: int) -> str:
    """第 2 版 · 6月21日 17:42 · 林岚 · 3f2a9c01d4e5."""
    return " · ".join(
        [
            _("Edition %(number)s") % {"number": imprint.number},
            published_at(imprint, year=year),
            publisher(imprint),
            imprint.short_hash,
        ]
    )


def published_at(imprint: Imprint, *, year: int) -> str:
    """The day and the time, by the team's clock; with the year where it is not the page's."""
    at = imprint.published_at
    return f"{wording.day(at.date(), year=year)} {at:%H:%M}"


def publisher(imprint: Imprint) -> str:
    return imprint.publisher or _("by schedule")


def reason(imprint: Imprint) -> str:
    """Why this edition corrects the one before it."""
    return _("Correction: %(note)s") % {"note": imprint.note}


def change(one: Change, *, year: int) -> str:
    """One change, in a sentence."""
    return _("%(what)s") % {"what": one.name}
