"""The form of a cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okrtracker.requests.clean import number_in
from projects.forms.fields import DayField, NameField
from projects.forms.guarded import GuardedForm
from projects.models import Cycle
from projects.objectives import cycles
from projects.objectives.carryover import Candidate, Choice, NotBefore, ProjectSoFar
from projects.objectives.cycles import Period


class CycleForm(GuardedForm):
    """Its name, first and last day."""

    name = NameField(
        label=_("name"),
        max_length=40,
        error_messages={"required": _("What is this cycle called? For example 2026H2.")},
    )
    starts_on = DayField(label=_("first day"))
    ends_on = DayField(label=_("last day"))

    def __init__(self, data: Any = None, *, initial: Period) -> None:
        values = {name: getattr(initial, name) for name in ("name", "starts_on", "ends_on")}
        super().__init__(data, initial=values)
        for field in (self.fields["starts_on"], self.fields["ends_on"]):
            field.required = True
            field.error_messages["required"] = field.error_messages["invalid"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("It ends before it begins."))
        return cleaned

    def period(self) -> Period:
        """What the valid form says."""
        cleaned = self.cleaned_data
        return Period(cleaned["name"], cleaned["starts_on"], cleaned["ends_on"])

    def mark(self, problem: Exception) -> None:
        """Say at its field what ``cycles`` refused."""
        if isinstance(problem, cycles.CycleOverlaps):
            self.add_error("starts_on", _overlap(problem.other))
        elif isinstance(problem, cycles.CycleNameTaken):
            self.add_error("name", gettext("Another cycle of the team has this name."))
        else:
            raise problem


@dataclass(frozen=True, slots=True)
class CarryoverLine:
    """An objective in the form of a new cycle: whether it goes along, and which of its projects."""

    candidate: Candidate
    is_ticked: bool
    projects: tuple[tuple[ProjectSoFar, bool], ...]  # open ones: does it move along
    done: tuple[tuple[ProjectSoFar, bool], ...]  # done ones: is it closed


class NewCycleForm(CycleForm):
    """A cycle, and what it takes over from the one before.

    The boxes are named ``objectives``, ``projects`` and ``closed``, their values are keys. What is
    unfinished is ticked at first. A key that is no candidate (any more) is passed over: somebody
    may have closed that project in the meantime.
    """

    def __init__(
        self, candidates: Sequence[Candidate], data: QueryDict | None = None, *, initial: Period
    ) -> None:
        super().__init__(data, initial=initial)
        self.candidates = candidates
        self.ticked = _sent(data) if data is not None else _unfinished(candidates)

    def lines(self) -> Iterator[CarryoverLine]:
        ticked = self.ticked
        for candidate in self.candidates:
            going = [item for item in candidate.projects if not item.is_done]
            done = [item for item in candidate.projects if item.is_done]
            yield CarryoverLine(
                candidate,
                candidate.objective.pk in ticked.objectives,
                tuple((item, item.project.pk in ticked.projects) for item in going),
                tuple((item, item.project.pk in ticked.closed) for item in done),
            )

    def mark(self, problem: Exception) -> None:
        if isinstance(problem, NotBefore):
            words = gettext(
                "A cycle before %(cycle)s can take nothing over from it: untick all objectives, or "
                "choose later days."
            )
            self.add_error("starts_on", words % {"cycle": problem.cycle.name})
        else:
            super().mark(problem)


def _unfinished(candidates: Sequence[Candidate]) -> Choice:
    projects = [item for candidate in candidates for item in candidate.projects]
    return Choice(
        objectives=frozenset(item.objective.pk for item in candidates if item.is_unfinished),
        projects=frozenset(item.project.pk for item in projects if not item.is_done),
        closed=frozenset(item.project.pk for item in projects if item.is_done),
    )


def _sent(data: QueryDict) -> Choice:
    def keys(name: str) -> frozenset[int]:
        return frozenset(filter(None, map(number_in, data.getlist(name))))

    return Choice(keys("objectives"), keys("projects"), keys("closed"))


def _overlap(other: Cycle) -> str:
    return gettext("These days overlap with %(cycle)s, which lasts from %(first)s to %(last)s.") % {
        "cycle": other.name,
        "first": f"{other.starts_on:%Y-%m-%d}",
        "last": f"{other.ends_on:%Y-%m-%d}",
    }
