"""The milestones of a project inside its check-in form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.checkin import MilestoneUpdate
from projects.forms.fields import DayField, PercentField, plain
from projects.models import DatePrecision, Milestone
from projects.standing import Standing, wants_reason


class MilestoneForm(forms.Form):
    """One milestone as it stood, and what the lead makes of it."""

    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))
    reason = forms.CharField(label=_("reason"), max_length=500, required=False)

    def __init__(
        self, milestone: Milestone, before: Standing, data: Any = None, auto_id: str = "%s"
    ) -> None:
        self.milestone = milestone
        self.before = before
        super().__init__(
            data,
            prefix=f"m{milestone.pk}",
            auto_id=auto_id,
            initial={"percent": plain(before.percent), "due_on": before.due_on},
        )

    @property
    def is_done(self) -> bool:
        return self.before.percent == 100

    @property
    def is_vague(self) -> bool:
        """Whether the date was said less exactly than to the day, which its field cannot show."""
        return self.before.precision not in (None, DatePrecision.DAY)

    @property
    def asks_for_reason(self) -> bool:
        """Whether what was typed has to be explained; the field stays hidden until it does."""
        typed = self._valid_so_far()
        return wants_reason(self.before, typed.get("percent"), typed.get("due_on"))

    @property
    def days_later(self) -> int:
        """How many days the date that was typed lies after the one that stood there."""
        due_on: date | None = self._valid_so_far().get("due_on")
        if due_on is None or self.before.due_on is None:
            return 0
        return max((due_on - self.before.due_on).days, 0)

    def _valid_so_far(self) -> dict[str, Any]:
        """Each field that is valid by itself, whatever the others are."""
        return self.cleaned_data if self.is_bound and self.errors is not None else {}

    def update(self) -> MilestoneUpdate:
        due_on = self.cleaned_data["due_on"]
        moved = due_on != self.before.due_on
        return MilestoneUpdate(
            name=self.milestone.name,
            milestone_id=self.milestone.pk,
            percent=self.cleaned_data["percent"],
            due_on=due_on,
            due_precision=DatePrecision.DAY if moved else self.before.precision or "day",
            reason=self.cleaned_data["reason"],
        )


class NewMilestoneForm(forms.Form):
    """The empty line below the milestones."""

    name = forms.CharField(label=_("new milestone"), max_length=120, required=False)
    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        says_something = cleaned.get("percent") is not None or cleaned.get("due_on") is not None
        if says_something and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", gettext("What is this milestone called?"))
        return cleaned

    def updates(self) -> Iterator[MilestoneUpdate]:
        if name := self.cleaned_data["name"]:
            yield MilestoneUpdate(
                name=name,
                percent=self.cleaned_data["percent"],
                due_on=self.cleaned_data["due_on"],
            )


def standing(milestone: Milestone) -> Standing:
    """How a milestone of ``MilestoneQuerySet.as_of`` stood."""
    return Standing(
        milestone.percent_then,  # type: ignore[attr-defined]
        milestone.due_then,  # type: ignore[attr-defined]
        milestone.precision_then,  # type: ignore[attr-defined]
    )
