"""What the words of a check-in form offer to its fields and say against them; taking it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.http import QueryDict

from projects import weeks
from projects.checkin import queries
from projects.checkin.reading import claims, contradictions, figures, suggestions
from projects.checkin.reading.contradictions import Contradiction, ReportedMilestone, Statement
from projects.checkin.reading.figures import MetricNow
from projects.checkin.reading.suggestions import Choice, MilestoneNow, Offer, ProjectNow
from projects.forms.checkin.form import CheckInForm
from projects.forms.checkin.milestones import MAX_NEW, NewMilestoneForm, new_prefixes, valid
from projects.operations.metrics import NumberTaken
from projects.operations.owed_numbers import OwedNumber, numbers_of
from projects.prose import Mentions
from projects.text.numbers import HUNDRED, plain

#: The key that stands for all offers at once.
EVERYTHING: Final = "all"
# What a form takes; there is no more in one that a browser sent, but a script may send anything.
_LONGEST_TEXT: Final = 10_000


@dataclass(frozen=True, slots=True)
class TextReading:
    """Shown beside the fields as typed so far. A difference that is offered is not told again."""

    offers: tuple[Offer, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    choices: tuple[Choice, ...] = ()
    taken: tuple[TakenNumber, ...] = ()
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """A reading that was taken over from the text: it is saved with the form.

    ``opened`` is the week's value when it was taken, "" for none.
    """

    metric: MetricNow
    value: Decimal
    opened: str

    @property
    def number(self) -> NumberTaken:
        return NumberTaken(self.metric.id, self.value, self.opened)

    @property
    def field(self) -> str:
        return f"n{self.metric.id}"

    @property
    def sent(self) -> str:
        return f"{plain(self.value)}/{self.opened}"


def reading_of(form: CheckInForm, numbers: Sequence[OwedNumber] | None = None) -> TextReading:
    """What the form's text says, for its fields as they are now; right or wrong, saved or not.

    ``numbers`` are those that it may tell, where they are loaded.
    """
    text = str(form["text"].value() or "").replace("\r\n", "\n")[:_LONGEST_TEXT]
    project, week = form.assignment.project, form.assignment.week
    own_names = _own_names(form) if text.strip() else (project.name,)
    mentions = claims.read(text, week, own_names) if text.strip() else Mentions()
    reported, weighted = valid(form, "percent"), form.weighted_now
    metrics, taken_numbers = _numbers(form, mentions, numbers)
    now = ProjectNow(
        metrics=metrics,
        names=own_names,
        percent=weighted if reported is None else reported,
        milestones=tuple(_milestones(form)),
        new=_new_milestones(form),
    )
    offers = suggestions.offers(text, mentions, now)
    statement = Statement(
        text=text,
        week=week,
        day=weeks.judged_on(week, project.team.today()),
        project_names=own_names,
        health=str(form["health"].value() or ""),
        percent=now.percent,
        reported=reported,
        weighted=weighted,
        milestones=tuple(_reported(item) for item in (*now.milestones, *now.new) if item.in_form),
    )
    all_contradictions = contradictions.before_saving(statement)
    offered = {(offer.name, plain(offer.percent)) for offer in offers if offer.percent is not None}
    return TextReading(
        offers,
        tuple(item for item in all_contradictions if not _is_offered(item, offered)),
        suggestions.choices(text, mentions, now),
        taken_numbers,
        suggestions.unplaced(text, mentions, now),
    )


def _own_names(form: CheckInForm) -> tuple[str, ...]:
    """The project's name and its other ones. One query, unless they are loaded."""
    project, aliases = form.assignment.project, form.assignment.aliases
    if aliases is None:
        return (project.name, *queries.alias_names.rows(project=project.pk))
    return (project.name, *aliases.values())


def taken(form: CheckInForm, key: str) -> QueryDict:
    """What the bound form was sent, with the offer of that key (or ``EVERYTHING``) in its fields.

    A key that nothing is offered under any more changes nothing: the text has moved on.
    """
    data = QueryDict(mutable=True)
    data.update(form.data)
    reading = reading_of(form)
    wanted = [offer for offer in reading.offers if key in (offer.key, EVERYTHING)]
    chosen = [offer for choice in reading.choices for offer in choice.offers if offer.key == key]
    for offer in (*wanted, *chosen):
        if offer.metric is not None and offer.value is not None:
            opened = plain(offer.metric.now) if offer.metric.now is not None else ""
            number = TakenNumber(offer.metric, offer.value, opened)
            data[number.field] = number.sent
        elif (prefix := _prefix(data, offer)) is not None:
            _put(data, prefix, offer)
    return data


# --- numbers ----------------------------------------------------------------------------------


def _metrics(form: CheckInForm, numbers: Sequence[OwedNumber] | None) -> tuple[MetricNow, ...]:
    """Those whose numbers the text may tell. One query, unless they are loaded."""
    if numbers is None:
        numbers = numbers_of(form.assignment.project, form.assignment.week)
    return tuple(
        MetricNow(
            number.metric.pk,
            number.metric.name,
            number.metric.unit,
            now=number.now.value if number.now else None,
            last=number.last.value if number.last else None,
        )
        for number in numbers
    )


def _numbers(
    form: CheckInForm, mentions: Mentions, numbers: Sequence[OwedNumber] | None
) -> tuple[tuple[MetricNow, ...], tuple[TakenNumber, ...]]:
    """The metrics with the numbers that were taken from the text so far; and these numbers."""
    metrics = _metrics(form, numbers) if mentions.readings else ()
    taken_numbers = _taken_numbers(form, mentions, metrics)
    values = {number.metric.id: number.value for number in taken_numbers}
    return tuple(replace(m, now=values.get(m.id, m.now)) for m in metrics), taken_numbers


def _taken_numbers(
    form: CheckInForm, mentions: Mentions, metrics: tuple[MetricNow, ...]
) -> tuple[TakenNumber, ...]:
    """Those that the text still tells as they were taken."""
    taken_so_far = []
    for reading, metric in figures.placed(mentions, metrics):
        value, separator, opened = str(form.data.get(f"n{metric.id}", "")).partition("/")
        if separator and value == plain(reading.value):
            taken_so_far.append(TakenNumber(metric, reading.value, opened))
    return tuple(taken_so_far)


# --- the form as typed so far ---------------------------------------------------------------


def _milestones(form: CheckInForm) -> list[MilestoneNow]:
    lines = {line.milestone.pk: line.now() for line in form.milestones}
    return [
        lines.get(milestone.pk) or MilestoneNow(milestone.name, milestone.pk, in_form=False)
        for milestone in form.assignment.all_milestones
    ]


def _new_milestones(form: CheckInForm) -> tuple[MilestoneNow, ...]:
    lines = (line.now() for line in form.new_milestones)
    return tuple(line for line in lines if line)


def _reported(milestone: MilestoneNow) -> ReportedMilestone:
    due = milestone.due
    return ReportedMilestone(
        milestone.name,
        milestone.percent,
        due.day if due else None,
        due.precision if due else "day",
        is_open=milestone.percent != HUNDRED,
    )


def _is_offered(contradiction: Contradiction, offered: set[tuple[str, str]]) -> bool:
    differs = contradiction.code == "text_differs"
    params = contradiction.params
    return differs and (params["milestone"], params["text"]) in offered


# --- taking over ----------------------------------------------------------------------------


def _prefix(data: QueryDict, offer: Offer) -> str | None:
    """Of the fields that the offer is for; ``None`` where there is no line for it."""
    if offer.milestone_id is not None:
        return f"m{offer.milestone_id}-"
    if not offer.name:
        return ""
    lines = new_prefixes(data)
    for line in lines:
        if data.get(f"{line}-name", "").strip() == offer.name:
            return f"{line}-"
    empty = (line for line in lines if not _is_filled(data, line))
    free = next(empty, f"new{len(lines) + 1}" if len(lines) < MAX_NEW else None)
    if free is None:
        return None
    data[f"{free}-name"] = offer.name
    return f"{free}-"


def _is_filled(data: QueryDict, line: str) -> bool:
    return any(data.get(f"{line}-{name}") for name in NewMilestoneForm.base_fields)


def _put(data: QueryDict, prefix: str, offer: Offer) -> None:
    if offer.due is not None:
        data[f"{prefix}due_on"] = offer.due.day.isoformat()
        data[f"{prefix}said_due"] = offer.due.written
    elif offer.percent is not None:
        data[f"{prefix}percent"] = plain(offer.percent)
