"""The parser of weekly prose: text in, mentions out, each with its place. Pure.

It serves the import of old pages and the update box alike.
"""

from projects.prose.fold import fold
from projects.prose.mentions import (
    DateKind,
    DateMention,
    Dependency,
    Mentions,
    Owner,
    Percent,
    Precision,
    ReadingMention,
    Rule,
    State,
    StateKind,
)
from projects.prose.read import read
from projects.prose.units import scaled

__all__ = [
    "DateKind",
    "DateMention",
    "Dependency",
    "Mentions",
    "Owner",
    "Percent",
    "Precision",
    "ReadingMention",
    "Rule",
    "State",
    "StateKind",
    "fold",
    "read",
    "scaled",
]
