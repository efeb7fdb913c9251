"""What a lead owes, in words: for the HTML and the text of the digest alike."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.text.wording import date_text
from reports.weekly.lines import in_one_line
from reports.weekly.needs import Owed, OwedAnswer, OwedEntry, OwedMilestone

#: Of each kind, what a mail names; the rest is one link away.
SHOWN: Final = 6


def silence(entry: OwedEntry) -> str:
    """For how long nothing was said; empty where it is this week alone."""
    if entry.weeks_silent is None:
        return _("no update yet")
    if entry.weeks_silent < 2:
        return ""
    return ngettext(
        "last updated %(n)s week ago", "last updated %(n)s weeks ago", entry.weeks_silent
    ) % {"n": entry.weeks_silent}


def asked_in_short(answer: OwedAnswer) -> str:
    """林岚：谁去跟银联的复审？"""
    text = in_one_line(answer.text, longest=120)
    if not answer.asked_by:
        return text
    return _("%(text)s: %(reason)s") % {"text": answer.asked_by, "reason": text}


def past_due(milestone: OwedMilestone, year: int) -> str:
    """银联入网 6月30日到期，已过 4 天"""
    days = milestone.days
    text = ngettext(
        "%(milestone)s was due on %(due)s, %(days)s day ago",
        "%(milestone)s was due on %(due)s, %(days)s days ago",
        days,
    )
    due = date_text(milestone.due_on, milestone.precision, date(year, 1, 1))
    return text % {"milestone": milestone.milestone, "due": due, "days": days}


def left(owed: Owed) -> int:
    """How many things are not named."""
    return sum(max(len(kind) - SHOWN, 0) for kind in (owed.entries, owed.answers, owed.milestones))


def more(count: int) -> str:
    """What is left beyond those shown; empty for none."""
    return ngettext("and %(n)s more.", "and %(n)s more.", count) % {"n": count} if count > 0 else ""
