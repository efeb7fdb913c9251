"""Words and sentences that several screens use, in the active language.

The check-in and the weekly page name contradictions in the same sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from projects.prose import Precision
from projects.text.numbers import plain

#: Stands behind a percent that this week did not tell (``standing.printed_percent``).
LAST_KNOWN: Final = pgettext_lazy("of a percent", "last known")


def measures(
    percent: Decimal | None,
    by_milestones: Decimal | None,
    last_week: Decimal | None,
    time_gone: Decimal | None,
) -> list[str]:
    """What a printed percent is to be measured against: milestones, last week, time.

    The first two only where they differ from it.
    """
    figures = [
        (_("by milestones %(percent)s%%"), by_milestones),
        (_("last week %(percent)s%%"), last_week),
    ]
    texts = [
        text % {"percent": plain(figure)}
        for text, figure in figures
        if figure is not None and figure != percent
    ]
    return texts if time_gone is None else [*texts, time_gone_text(time_gone)]


def time_gone_text(share: Decimal) -> str:
    """How much of a plan's time has passed (``standing.time_gone``)."""
    return _("time gone %(percent)s%%") % {"percent": plain(share)}


def closed_already(name: object, reason: str, typed: str) -> str:
    """To whoever closes what somebody has closed for another reason (``DecidedAlready``)."""
    words = _("“%(name)s” is closed already (%(reason)s). Not saved: %(typed)s")
    return words % {"name": name, "reason": reason or _("no reason given"), "typed": typed}


def opened_already(name: object, reason: str, typed: str) -> str:
    """To whoever opens again what is open (``DecidedAlready``)."""
    words = _("“%(name)s” is open already (%(reason)s). Not saved: %(typed)s")
    return words % {"name": name, "reason": reason or _("no reason given"), "typed": typed}


def moved_already(name: object, place: int) -> str:
    """To whoever moves a row that stands elsewhere than they saw (``ordering.MovedAlready``)."""
    words = _("“%(name)s” stands in place %(place)s already. Nothing was moved.")
    return words % {"name": name, "place": place}


def slip(times: int, days: int) -> str:
    """``46 days late · 2 moves``; the moves alone where the date came back; else nothing."""
    if not times:
        return ""
    moves = ngettext("%(count)s move", "%(count)s moves", times) % {"count": times}
    if not days:
        return moves
    late = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return f"{late} · {moves}"


def date_text(value: date, precision: str, near: date | None = None) -> str:
    """A date at its precision, with its year if that differs from the year of ``near``.

    ``precision`` is one of ``Precision``: a day (7月23日), a week (7月22日当周), a part of a month
    (7月上旬), a month (7月) or a quarter.
    """
    if precision == Precision.QUARTER:
        text = _("Q%(number)s") % {"number": (value.month + 2) // 3}
    elif precision == Precision.DAY:
        text = dateformat.format(value, pgettext("format of a day", "M j"))
    elif precision == Precision.WEEK:
        monday = dateformat.format(value - timedelta(days=6), pgettext("format of a day", "M j"))
        text = _("week of %(day)s") % {"day": monday}
    else:
        text = dateformat.format(value, pgettext("format of a month", "M"))
        if precision == Precision.PART:
            text = _part_of(value) % {"month": text}
    if near is None or value.year == near.year:
        return text
    return _("%(day)s, %(year)s") % {"day": text, "year": value.year}


def _part_of(value: date) -> str:
    if value.day <= 10:
        return _("early %(month)s")
    return _("mid-%(month)s") if value.day <= 20 else _("late %(month)s")


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences by code. ``longer``: for a code, a figure and the code to use when it is given."""

    by_code: Mapping[str, Promise]
    longer: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # figure, code

    def say(self, code: str, params: Mapping[str, str], *, near: date) -> str:
        """The sentence with its figures and dates; an unknown code is returned as it is."""
        figure, longer = self.longer.get(code, ("", ""))
        sentence = self.by_code.get(longer if params.get(figure) else code)
        if sentence is None:
            return code
        figures = dict(params)
        for name in ("due", "start", "end"):
            if name in figures:
                precision = figures.get("precision", "day") if name == "due" else "day"
                figures[name] = date_text(date.fromisoformat(figures[name]), precision, near)
        return str(sentence) % figures


#: Of ``projects.checkin.reading.contradictions``.
CONTRADICTIONS: Final = Sentences(
    {
        "open_milestone": gettext_lazy("100%%, but milestone %(milestone)s is open"),
        "open_milestone_at": gettext_lazy("100%%, but milestone %(milestone)s is at %(percent)s%%"),
        "launched_below_100": gettext_lazy(
            "the text says “%(words)s”, the percent says %(percent)s%%"
        ),
        "finished_below_100": gettext_lazy(
            "the text says “%(words)s”, the percent says %(percent)s%%"
        ),
        "done_below_100": gettext_lazy("called done, the percent says %(percent)s%%"),
        "past_due_on_track": gettext_lazy(
            "%(milestone)s was due on %(due)s, %(days)s days ago, and is still called on track"
        ),
        "text_differs": gettext_lazy("the text says %(text)s%%, the field says %(field)s%%"),
        "text_differs_milestone": gettext_lazy(
            "%(milestone)s: the text says %(text)s%%, the field says %(field)s%%"
        ),
        "milestones_differ": gettext_lazy(
            "reported as %(reported)s%%, by its milestones %(weighted)s%%"
        ),
        "said_twice": gettext_lazy("the text gives two percents: %(first)s%% and %(second)s%%"),
        "said_twice_thing": gettext_lazy(
            "the text gives two percents for %(thing)s: %(first)s%% and %(second)s%%"
        ),
    },
    {
        "open_milestone": ("percent", "open_milestone_at"),
        "text_differs": ("milestone", "text_differs_milestone"),
        "said_twice": ("thing", "said_twice_thing"),
    },
)
