"""Which week an address names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.http import Http404

from okrtracker.requests.other_address import OtherAddress
from projects import weeks
from projects.models import Team
from projects.teams import numbering

# A label outside of these years is a slip of the keyboard, and date arithmetic ends somewhere.
_YEARS: Final = range(2000, 2101)


def get_week(team: Team, label: str) -> date:
    """The Monday of the week that an address names, by its label or by a day of it.

    Its one address has the label as the team writes it. A day (…/weeks/2024-06-17/, as links in
    mails have it: they outlast a change of the numbering) leads there by ``OtherAddress``, and so
    does a label that only the numbering of before has. ``Http404`` for everything else.
    """
    week = named_week(team, label)
    if (written := team.week_label(week)) != label:
        raise OtherAddress(label=written)
    return week


def named_week(team: Team, text: str) -> date:
    """The Monday that a parameter or a field names, in either way. ``Http404`` as above."""
    week: date | None
    try:
        week = weeks.parse(text, team.numbering)
    except ValueError:
        week = numbering.former_week(team, text)
    else:
        if text not in (team.week_label(week), *_days_of(week, text)):
            week = None
    if week is None or week.year not in _YEARS:
        raise Http404
    return week


def _days_of(week: date, text: str) -> list[str]:
    """The days of the week as they stand in an address; none where the text is a label."""
    is_label = "w" in text.lower()
    return [] if is_label else [(week + timedelta(days=n)).isoformat() for n in range(7)]
