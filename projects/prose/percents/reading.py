"""Percentages: which are progress, and of what; the others are handed on as measured numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from projects.prose.clauses import Page
from projects.prose.mentions import DateMention, Percent
from projects.prose.percents.amount import Form
from projects.prose.percents.judged import Judged, Ruling, Sense
from projects.prose.percents.judging import verdicts
from projects.prose.percents.names import named
from projects.prose.percents.together import together
from projects.prose.percents.weighing import weighed


def judged_percents(
    page: Page,
    dates: Sequence[DateMention],
    stretches: Sequence[tuple[int, int]],
    week: date | None,
) -> list[Judged]:
    """Every amount with its sense; ``stretches`` are those that ``dates`` were read in."""
    weighed_verdicts = (weighed(verdict) for verdict in verdicts(page, stretches, week))
    judged = [_judged(verdict) for verdict in weighed_verdicts if _is_told(verdict)]
    return named(page, together(page, judged), dates)


def progress(page: Page, judged: Sequence[Judged]) -> Iterator[Percent]:
    """The mentions of those that are progress."""
    for percent in judged:
        if percent.sense is not Sense.PROGRESS:
            continue
        amount = percent.figure
        numerator, denominator = amount.fraction or (None, None)
        yield Percent(
            start=amount.start,
            end=amount.end,
            text=page.text[amount.start : amount.end],
            value=amount.value,
            label=page.folded[slice(*percent.words)].strip(),
            subject=percent.name,
            before=amount.before,
            numerator=numerator,
            denominator=denominator,
            rule=percent.rule,
        )


def _is_told(verdict: Ruling) -> bool:
    """Whether it is a percentage; a count or 八成 is one only where it is progress."""
    return verdict.amount.form is Form.PERCENT or verdict.sense is Sense.PROGRESS


def _judged(verdict: Ruling) -> Judged:
    around, words = verdict.around, verdict.words
    core_end = around.start + len(around.core)
    if words is None and verdict.sense is Sense.PROGRESS:
        words = (core_end, core_end)
    return Judged(
        figure=verdict.amount,
        sense=verdict.sense,
        name_start=around.start,
        words=words or (around.start, core_end),
        rule=verdict.rule,
        weight=verdict.weight,
    )
