"""Who works in the demo team, and what its manager does: team.toml, weeks.toml, events.toml. Pure.

README.md beside this file says how the files are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from reports.demo.story import FILES

type Moment = tuple[int, float]  # weeks ago, and how much of that week had passed


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    has_left: bool = False  # their account is closed


@dataclass(frozen=True, slots=True)
class CastObjective:
    names: tuple[str, str]  # in the cycle before and in the present one
    owner: str


@dataclass(frozen=True, slots=True)
class CastMetric:
    name: str
    unit: str
    readings: tuple[Decimal, ...]  # of the last WEEKS weeks, oldest first
    target: Decimal | None = None
    direction: str = "up"
    project: str = ""
    owner: str = ""  # of its key result; the objective's without one
    notes: dict[int, str] = field(default_factory=dict)  # by weeks ago
    # By objective: baseline and target in the cycle before and in the present one.
    goals: dict[str, tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away about today, and who stands in: keys of people, and days from today."""

    person: str
    deputy: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cast:
    """team.toml: who works here, for what, and what is measured."""

    stories: tuple[str, ...]
    people: dict[str, Person]
    absence: Absence
    objectives: dict[str, CastObjective]
    metrics: tuple[CastMetric, ...]


@dataclass(frozen=True, slots=True)
class StoryIncident:
    at: str  # "2 14:20": Wednesday, in the team's zone
    detected: str
    severity: str
    description: str
    cause: str = ""
    resolution: str = ""
    minutes: int = 0
    project: str = ""


@dataclass(frozen=True, slots=True)
class ManagerWeek:
    """One week of weeks.toml."""

    counts: dict[str, Decimal]
    plan: tuple[tuple[str, ...], ...]  # text, outcome, note; the latter two may be missing
    other: str = ""
    reflection: str = ""
    incidents: tuple[StoryIncident, ...] = ()


@dataclass(frozen=True, slots=True)
class CastQuestion:
    project: str
    asked: Moment
    text: str
    answered: Moment | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class CastComment:
    """What somebody writes under the entry of that week."""

    project: str
    by: str
    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class CastVerdict:
    """What the manager says of a finding between the cutoff and publishing."""

    ago: int
    project: str
    code: str
    note: str = ""  # without one it is accepted as it is


@dataclass(frozen=True, slots=True)
class CastSubscriber:
    name: str
    email: str
    ago: int  # when the team asked them
    language: str = "zh-hans"
    answers: bool = True
    leaves: int | None = None  # so many weeks ago they had enough


@dataclass(frozen=True, slots=True)
class CastChannel:
    """A group chat that got the digest between two weeks, counted back."""

    kind: str
    name: str
    address: str
    on: int
    off: int


@dataclass(frozen=True, slots=True)
class CastFailure:
    """A digest that one recipient did not get, and what the manager made of it."""

    ago: int
    email: str
    error: str
    attempts: int = 1
    is_resent: bool = False
    arrives: bool = False  # when it is sent again


@dataclass(frozen=True, slots=True)
class CastCorrection:
    """A reading that was published as ``first``; the second edition has the right one."""

    ago: int
    metric: str
    first: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class LateReport:
    """What a lead reports of the present week after it was published."""

    project: str
    text: str
    p: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Events:
    """events.toml: what happens to the weeks besides the projects' reports."""

    questions: tuple[CastQuestion, ...]
    comments: tuple[CastComment, ...]
    verdicts: tuple[CastVerdict, ...]
    subscribers: tuple[CastSubscriber, ...]
    channel: CastChannel
    guest: tuple[str, str]  # name and address of who is invited to join and has not answered
    failures: tuple[CastFailure, ...]
    correction: CastCorrection
    late_incident: StoryIncident  # of last week, noted after its page was published
    late_report: LateReport
    closing: tuple[str, str]  # the project that is closed in the present week, and why


def read_cast() -> Cast:
    return msgspec.toml.decode((FILES / "team.toml").read_bytes(), type=Cast, strict=False)


def read_weeks() -> dict[int, ManagerWeek]:
    text = (FILES / "weeks.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[int, ManagerWeek], strict=False)


def read_events() -> Events:
    return msgspec.toml.decode((FILES / "events.toml").read_bytes(), type=Events, strict=False)
