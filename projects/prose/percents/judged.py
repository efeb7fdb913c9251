"""An amount with what it says: progress, a measured number, a target or a step of a release."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from projects.prose.mentions import Rule
from projects.prose.percents.amount import Amount
from projects.prose.percents.around import Around


class Sense(Enum):
    PROGRESS = auto()
    READING = auto()
    TARGET = auto()
    STEP = auto()  # a share of users or traffic that a release has reached


@dataclass(slots=True)
class Ruling:
    """An amount with the words around it and what it was taken for; ``rule`` says why."""

    amount: Amount
    around: Around
    sense: Sense
    rule: Rule
    words: tuple[int, int] | None  # where the words stand that make it progress
    weight: float = 0.0  # how much its words spoke against the rule that they outweighed


@dataclass(slots=True)
class Judged:
    """An amount with its sense; ``words`` is where its label stands."""

    figure: Amount
    sense: Sense
    name_start: int  # where the words before the number begin
    words: tuple[int, int] = (0, 0)
    rule: Rule = Rule.UNCLEAR  # what the sense rests on
    weight: float = 0.0  # as in its Ruling
    name: str = ""  # what it is of, where other words than those before it say so
