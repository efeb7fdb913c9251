"""What the words on the screens mean: said once, in the help and in the popovers beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Term:
    """``place`` is the address that every member may open to see it, with its name there."""

    word: Promise
    meaning: Promise
    place: tuple[str, Promise]


_DASHBOARD: Final = ("reports:dashboard", _("Dashboard"))
_PROJECTS: Final = ("projects:project_list", _("Projects"))
_OBJECTIVES: Final = ("reports:objective_list", _("Objectives"))
_PAGES: Final = ("reports:week_archive", _("Weekly pages"))

# By the anchor of each in the help.
TERMS: Final[Mapping[str, Term]] = {
    "silent": Term(
        _("Not updated"),
        _(
            "Nobody has saved an update this week. The page prints the last known one with its"
            " week. An update ends it, and so does “No change”."
        ),
        _DASHBOARD,
    ),
    "finding": Term(
        _("Findings"),
        _(
            "Text and numbers contradict each other, or a date is past and the state still on"
            " track. Nothing is corrected by itself: the lead mends it, or the manager accepts or"
            " explains it."
        ),
        _DASHBOARD,
    ),
    "question": Term(
        _("Question"),
        _(
            "The manager asks about an update. It stays in the lead's form until it is answered,"
            " and the page prints both."
        ),
        _DASHBOARD,
    ),
    "slip": Term(
        _("N days late · M moves"),
        _(
            "The due date is N days after the first one that was given, and was moved later M"
            " times. The project's page has each move, with who and why."
        ),
        _PROJECTS,
    ),
    "percent": Term(
        _("Overall progress"),
        _(
            "How much of the project is done. Left empty it comes from the milestones; without"
            " any, the last known one stays."
        ),
        _PROJECTS,
    ),
    "by-milestones": Term(
        _("Percent by milestones"),
        _("The mean of the milestones by weight, without those that were dropped."),
        _PROJECTS,
    ),
    "progress": Term(
        _("Project progress"),
        _("Of an objective: the mean of its projects. It says how much of the work is done."),
        _OBJECTIVES,
    ),
    "score": Term(
        _("Key result score"),
        _(
            "How far a number has come from its baseline to its target: 1.00 is there. It says"
            " whether the work pays, so it is no second progress."
        ),
        _OBJECTIVES,
    ),
    "edition": Term(
        _("Edition"),
        _(
            "A published page never changes. A correction is the next edition, and lists what"
            " changed."
        ),
        _PAGES,
    ),
}
