"""How a printed figure comes about: its parts, and the sum that gives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.text.numbers import HUNDRED, plain, rounded, score_text
from projects.text.wording import date_text

# A longer sum is written as its total: nobody adds up forty numbers in a line.
_TERMS: Final = 8
_UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class Formula:
    """``parts`` are (name, figure); ``sum`` is the line that gives the printed figure."""

    rule: str
    parts: tuple[tuple[str, str], ...]
    sum: str


def mean_of_projects(
    projects: Iterable[tuple[str, Decimal | None]], percent: Decimal | None
) -> Formula:
    """Of an objective's percent: the mean of its (project, percent)."""
    shares = list(projects)
    given = [share for _name, share in shares if share is not None]
    return Formula(
        rule=_("The mean of its projects whose percent is known, in whole percent."),
        parts=tuple((name, _percent(share)) for name, share in shares),
        sum=_percent_line(list(map(plain, given)), sum(given, Decimal(0)), len(given), percent),
    )


def mean_of_milestones(
    milestones: Iterable[tuple[str, Decimal | None, int]], percent: Decimal | None
) -> Formula:
    """Of a project's percent by its (milestone, percent, weight), those dropped left out."""
    shares = list(milestones)
    given = [(share, weight) for _name, share, weight in shares if share is not None]
    return Formula(
        rule=_("The mean of the milestones by weight, without those that were dropped."),
        parts=tuple((name, _weighted(_percent(share), weight)) for name, share, weight in shares),
        sum=_percent_line(
            [_weighted(plain(share), weight) for share, weight in given],
            sum((share * weight for share, weight in given), Decimal(0)),
            sum(weight for _share, weight in given),
            percent,
        ),
    )


def mean_of_scores(results: Iterable[tuple[str, Decimal | None]], mean: Decimal | None) -> Formula:
    """Of an objective's score: the mean of its (key result, score)."""
    scores = list(results)
    given = [score for _name, score in scores if score is not None]
    terms = _terms([score_text(score) for score in given], score_text(sum(given, Decimal(0))))
    return Formula(
        rule=_("The mean of its key results that have been read."),
        parts=tuple((name, _UNKNOWN if s is None else score_text(s)) for name, s in scores),
        sum=f"{terms} ÷ {len(given)} = {score_text(mean)}" if mean is not None else "",
    )


def way_to_target(
    value: Decimal | None, baseline: Decimal, target: Decimal, score: Decimal | None
) -> str:
    """Of a key result's score: (48 − 20) ÷ (60 − 20) = 0.70. Empty where it has none."""
    if value is None or score is None:
        return ""
    now, start, end = (
        f"({plain(number)})" if number < 0 else plain(number)
        for number in (value, baseline, target)
    )
    return f"({now} − {start}) ÷ ({end} − {start}) → {score_text(score)}"


def score_of(
    value: Decimal | None, baseline: Decimal, target: Decimal, score: Decimal | None, unit: str
) -> Formula:
    """Of a key result's score, with the numbers it is made of."""
    numbers = ((_("Baseline"), baseline), (_("Target"), target), (_("Now"), value))
    return Formula(
        rule=_("The share of the way from the baseline to the target: at least 0, at most 1."),
        parts=tuple((name, _UNKNOWN if n is None else f"{plain(n)}{unit}") for name, n in numbers),
        sum=way_to_target(value, baseline, target, score),
    )


def end_at_pace(
    percent: Decimal, pace: Decimal, weeks: int, *, start: date, end: date, today: date
) -> Formula:
    """Of a forecast: what was left at ``start``, at so many points a week of the last ``weeks``."""
    figures = {"left": plain(HUNDRED - percent), "pace": plain(pace)}
    duration = plain(rounded((HUNDRED - percent) / pace, 1))
    arrives = _day(start + timedelta(days=ceil(7 * (HUNDRED - percent) / pace)), today)
    # A day that is past by now is no forecast: then it says today.
    is_past = end <= today
    ends = _("%(day)s, which is past: today") % {"day": arrives} if is_past else _day(end, today)
    return Formula(
        rule=_(
            "What is left, at the median of the slopes between any two of the known weeks"
            " (Theil–Sen). The range holds in four of five cases, if the project goes on as it has."
        ),
        parts=(
            (_("Known weeks"), str(weeks)),
            (_("Points a week"), figures["pace"]),
            (_("Left on %(day)s") % {"day": _day(start, today)}, f"{figures['left']}%"),
        ),
        sum=ngettext(
            "%(left)s ÷ %(pace)s ≈ %(weeks)s week → %(end)s",
            "%(left)s ÷ %(pace)s ≈ %(weeks)s weeks → %(end)s",
            1 if duration == "1" else 2,
        )
        % {**figures, "weeks": duration, "end": ends},
    )


def share_of_time(start: date, due: date, today: date, share: Decimal) -> Formula:
    """Of the time that is gone: the days since the start, of those of the whole plan."""
    gone, whole = max((today - start).days, 0), (due - start).days
    division = f"{gone} ÷ {whole}"
    return Formula(
        rule=_("The days since the start, of those from the start to the due date as it stands."),
        parts=(
            (pgettext("of a plan", "Start"), _day(start, today)),
            (_("Today"), _day(today, today)),
            (_("Due"), _day(due, today)),
        ),
        sum=(
            _("%(division)s is more than the whole: %(percent)s")
            % {"division": division, "percent": _percent(share)}
            if gone > whole
            else _division(division, Decimal(gone * 100) / whole, share)
        ),
    )


def _day(day: date, near: date) -> str:
    return date_text(day, "day", near)


def _percent(share: Decimal | None) -> str:
    return _UNKNOWN if share is None else f"{plain(share)}%"


def _weighted(figure: str, weight: int) -> str:
    return figure if weight == 1 else f"{figure}×{weight}"


def _terms(terms: list[str], total: str) -> str:
    if len(terms) > _TERMS:
        return total
    return f"({' + '.join(terms)})" if len(terms) > 1 else "".join(terms)


def _percent_line(terms: list[str], total: Decimal, divisor: int, percent: Decimal | None) -> str:
    """(100 + 90×3) ÷ 4 = 92.5%; with the exact value where another one is printed."""
    if percent is None:
        return ""
    return _division(f"{_terms(terms, plain(total))} ÷ {divisor}", total / divisor, percent)


def _division(division: str, exact: Decimal, percent: Decimal) -> str:
    if exact == percent:
        return f"{division} = {plain(percent)}%"
    return f"{division} = {plain(rounded(exact, 3))} ≈ {plain(percent)}%"
