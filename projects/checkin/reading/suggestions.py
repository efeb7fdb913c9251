"""What a text offers to a check-in form: the numbers and dates in it, each for its field. Pure.

An offer changes nothing by itself: the lead sees it beside the field's value and takes it over with
one click, or ignores it. The subject of a number decides its field, in this order: the name
before it, a milestone named on its line, the line that its own is indented under, and, where
nothing is named, the only open milestone or the project as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from projects.checkin.reading import figures
from projects.checkin.reading.figures import MetricNow
from projects.checkin.reading.subjects import Subject, Subjects
from projects.prose import (
    DateKind,
    DateMention,
    Mentions,
    Percent,
    Precision,
    ReadingMention,
    State,
    StateKind,
)
from projects.standing import UNKNOWN, Standing, wants_reason
from projects.text.numbers import HUNDRED, plain, rounded_share

#: A text with more than this is a list, not an update.
_MOST: Final = 20
_MOST_UNPLACED: Final = 5
_EXACTNESS: Final = ("quarter", "month", "part", "week", "day")
_LAST_DAYS: Final = {"下旬": 21, "late": 21, "底": 25, "末": 25, "end": 25}
_MOVED: Final = re.compile(
    r"推迟|延|拖|改|调整|变更|提前|slip|move|postpone|delay|push", re.IGNORECASE
)


class Field(StrEnum):
    PERCENT = "percent"
    DUE_ON = "due_on"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class OfferedDue:
    """A due date with its precision; ``day`` is the last day that is meant."""

    day: date
    precision: str = "day"

    @property
    def is_vague(self) -> bool:
        """Whether it is less exact than a day, which a date field cannot show."""
        return self.precision != Precision.DAY

    @property
    def written(self) -> str:
        """Date and precision in one word, for a hidden field: 2024-07-31/month."""
        return f"{self.day.isoformat()}/{self.precision}"

    @classmethod
    def parsed(cls, written: str) -> OfferedDue | None:
        """The due date that was written so; ``None`` for any other text."""
        day, _, precision = written.partition("/")
        try:
            return cls(date.fromisoformat(day), Precision(precision).value)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class MilestoneNow:
    """A milestone as the form has it now, and how it stood ``before`` the form was opened.

    Without an ``id`` it is a new one. One that is not ``in_form`` is known by its name alone.
    """

    name: str
    id: int | None = None
    percent: Decimal | None = None
    due: OfferedDue | None = None
    before: Standing = UNKNOWN
    is_explained: bool = False  # a reason has been typed
    in_form: bool = True

    @property
    def was_open(self) -> bool:
        return self.in_form and self.before.percent != HUNDRED


@dataclass(frozen=True, slots=True)
class ProjectNow:
    """A project as the form has it now; ``percent`` is the one that would be printed."""

    names: tuple[str, ...]
    percent: Decimal | None = None
    milestones: tuple[MilestoneNow, ...] = ()
    new: tuple[MilestoneNow, ...] = ()
    metrics: tuple[MetricNow, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One field that could be set to what the text says.

    ``milestone_id`` is ``None`` for the project (then ``name`` is empty) and for a milestone that
    is not there yet. ``later`` counts days, ``less`` percentage points, from how the milestone
    stood; one that ``wants_reason`` is a step back that nobody has explained yet.
    """

    field: Field
    name: str = ""
    milestone_id: int | None = None
    percent: Decimal | None = None
    old_percent: Decimal | None = None
    due: OfferedDue | None = None
    old_due: OfferedDue | None = None
    wants_reason: bool = False
    later: int = 0
    less: Decimal = Decimal(0)
    words: str = ""  # of the text, that say so
    metric: MetricNow | None = None  # of a reading
    value: Decimal | None = None  # in the metric's unit

    @property
    def is_new_milestone(self) -> bool:
        return bool(self.name) and self.milestone_id is None

    @property
    def key(self) -> str:
        """The same for the same offer of a changed text, so that a button stays good for it."""
        if self.metric is not None:
            return f"n{self.metric.id}|{self.field}|{plain(self.value or Decimal(0))}"
        place = (
            f"m{self.milestone_id}" if self.milestone_id else f"new:{self.name}" * bool(self.name)
        )
        if self.due is not None:
            return f"{place}|{self.field}|{self.due.day.isoformat()}|{self.due.precision}"
        return f"{place}|{self.field}|{plain(self.percent or Decimal(0))}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Words that do not say of which milestone they are, with an offer for each open one."""

    words: str
    offers: tuple[Offer, ...]


def offers(text: str, mentions: Mentions, project: ProjectNow) -> tuple[Offer, ...]:
    """What ``mentions``, read from ``text``, would set in the form, in the order of the text.

    Nothing that the form has already, and at most one value for a field. Of readings those of the
    project's ``metrics``, and a percent that stands right after a milestone's name.
    """
    placed: list[tuple[int, Offer]] = []
    subjects = _subjects(text, project)
    for reading, metric in figures.placed(mentions, project.metrics):
        if reading.value != metric.now:
            offer = Offer(Field.READING, metric.name, metric=metric, value=reading.value)
            placed.append((reading.start, offer))
    for start, subject, percent in _percents(mentions, subjects):
        placed += ((start, offer) for offer in _of_percent(project, subject, percent))
    for mention, subject in _dues(mentions, subjects):
        placed += ((mention.start, offer) for offer in _of_due(project, subject, mention))
    placed.sort(key=lambda pair: pair[0])
    return tuple(offer for _, offer in placed[:_MOST])


def choices(text: str, mentions: Mentions, project: ProjectNow) -> tuple[Choice, ...]:
    """What could be of several milestones, or of the only open one though nothing says so."""
    subjects = _subjects(text, project)
    steps = [percent for percent in mentions.percents if subjects.asks_of_percent(percent)]
    ends = [
        (mention, places)
        for mention in mentions.dates
        if mention.kind is DateKind.DUE and (places := subjects.could_end(mention))
    ]
    asked: list[Choice] = []
    if len(steps) == 1:  # of two, as in 「开发80%，测试30%」, neither says how far a milestone is
        (step,) = steps
        percent = rounded_share(step.value)
        made = [_of_percent(project, Subject(place), percent) for place in subjects.open]
        asked.append(Choice(_said(step), tuple(offer for some in made for offer in some)))
    for mention, places in ends:
        made = [_of_due(project, Subject(place), mention) for place in places]
        asked.append(Choice(mention.text, tuple(offer for some in made for offer in some)))
    return tuple(choice for choice in asked if choice.offers)


def unplaced(text: str, mentions: Mentions, project: ProjectNow) -> tuple[str, ...]:
    """In the words of the text: the numbers and dates that neither an offer nor a choice is for."""
    subjects = _subjects(text, project)
    readings = {reading for reading, _ in figures.placed(mentions, project.metrics)}
    asked = {choice.words for choice in choices(text, mentions, project)}
    seen: list[tuple[int, str]] = [
        *(
            (percent.start, _said(percent))
            for percent in mentions.percents
            if subjects.of_percent(percent) is None
        ),
        *(
            (mention.start, mention.text)
            for mention in mentions.dates
            if mention.kind is DateKind.DUE and subjects.of_due(mention) is None
        ),
        *(
            (reading.start, f"{reading.name}{reading.text}")
            for reading in mentions.readings
            if reading not in readings and subjects.of_reading(reading) is None
        ),
    ]
    return tuple(words for _, words in sorted(seen) if words not in asked)[:_MOST_UNPLACED]


def _subjects(text: str, project: ProjectNow) -> Subjects:
    return Subjects(text, project.names, [(m.name, m.was_open) for m in project.milestones])


def _said(percent: Percent) -> str:
    return f"{percent.subject}{percent.label}{percent.text}"


# --- which value a field gets ---------------------------------------------------------------


def _percents(mentions: Mentions, subjects: Subjects) -> Iterator[tuple[int, Subject, Decimal]]:
    """One percent for each subject in the text.

    The last one that is of the whole subject; else the only one that is of a part of it: two of
    parts, as in 「开发80%，测试30%」, do not say how far the milestone is.
    """
    values_of: dict[Subject, list[tuple[int, bool, Decimal]]] = {}
    candidates: list[tuple[Percent | ReadingMention | State, Subject | None, Decimal]] = [
        *((read, subjects.of_percent(read), read.value) for read in mentions.percents),
        *((read, subjects.of_reading(read), read.value) for read in mentions.readings),
        *(
            (read, subjects.of_state(read), HUNDRED)
            for read in mentions.states
            if _is_reached(read)
        ),
    ]
    for mention, subject, value in candidates:
        if subject is not None:
            whole = Subject(subject.milestone, subject.new)
            values_of.setdefault(whole, []).append((mention.start, subject.is_part, value))
    for subject, values in values_of.items():
        of_whole = [(start, value) for start, is_part, value in sorted(values) if not is_part]
        parts = {value: start for start, _, value in values}
        if of_whole:
            start, value = of_whole[-1]
        elif len(parts) == 1:
            ((value, start),) = parts.items()
        else:
            continue
        yield start, subject, rounded_share(value)


def _is_reached(state: State) -> bool:
    return state.kind in (StateKind.LAUNCHED, StateKind.DONE) and not state.is_future


def _dues(mentions: Mentions, subjects: Subjects) -> Iterator[tuple[DateMention, Subject]]:
    """The last due date of each subject."""
    last_due: dict[Subject, DateMention] = {}
    for mention in mentions.dates:
        if mention.kind is DateKind.DUE and (subject := subjects.of_due(mention)):
            last_due[subject] = mention
    for subject, mention in last_due.items():
        yield mention, subject


# --- what is offered ------------------------------------------------------------------------


def _of_percent(project: ProjectNow, subject: Subject, percent: Decimal) -> Iterator[Offer]:
    if subject.milestone is not None:
        now = project.milestones[subject.milestone]
        if now.in_form and percent != now.percent:
            less = max((now.before.percent or Decimal(0)) - percent, Decimal(0))
            asks = wants_reason(now.before, percent, None) and not now.is_explained
            yield Offer(
                Field.PERCENT,
                now.name,
                now.id,
                percent=percent,
                old_percent=now.percent,
                wants_reason=asks,
                less=less,
            )
        return
    old = project.percent
    if subject.new:
        line = _line(project, subject.new)
        old = line.percent if line else None
    if percent != old:
        yield Offer(Field.PERCENT, subject.new, percent=percent, old_percent=old)


def _of_due(project: ProjectNow, subject: Subject, mention: DateMention) -> Iterator[Offer]:
    due = OfferedDue(mention.date, mention.precision.value)
    if subject.milestone is not None:
        now = project.milestones[subject.milestone]
        if now.in_form and _is_news(due, now.due, mention.text):
            before = now.before.due_on
            asks = wants_reason(now.before, None, due.day) and not now.is_explained
            yield Offer(
                Field.DUE_ON,
                now.name,
                now.id,
                due=due,
                old_due=now.due,
                wants_reason=asks,
                later=max((due.day - before).days, 0) if before else 0,
                words=mention.text,
            )
    elif subject.new:
        line = _line(project, subject.new)
        old = line.due if line else None
        if _is_news(due, old, mention.text):
            yield Offer(Field.DUE_ON, subject.new, due=due, old_due=old, words=mention.text)


def _line(project: ProjectNow, name: str) -> MilestoneNow | None:
    return next((line for line in project.new if line.name == name), None)


def _is_news(due: OfferedDue, old: OfferedDue | None, words: str) -> bool:
    """Whether a date differs from the one that the form has.

    Beside 7月20日, 7月 is no news and 7月底 is; 7月20日 is news beside 7月, and so is every date
    that moved by its own words.
    """
    if old is None:
        return True
    if _EXACTNESS.index(due.precision) > _EXACTNESS.index(old.precision):
        return True
    first = due.day if _MOVED.search(words) else _first_day(due, words)
    return not first <= old.day <= due.day


def _first_day(due: OfferedDue, words: str) -> date:
    """The first day that is meant by a date, whose last one ``due`` holds."""
    if due.precision == "day":
        return due.day
    if due.precision == "week":
        return due.day - timedelta(days=6)
    if due.precision == "part":
        return due.day.replace(day=1 if due.day.day <= 10 else 11 if due.day.day <= 20 else 21)
    for word, day in _LAST_DAYS.items():
        if word in words.lower():
            return due.day.replace(day=day)
    months = 2 if due.precision == "quarter" else 0
    return due.day.replace(day=1, month=due.day.month - months)
