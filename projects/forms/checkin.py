"""The check-in form: one project's status entry of a week, with its milestones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.checkin import CheckIn
from projects.forms.fields import PercentField, plain
from projects.forms.milestones import MilestoneForm, NewMilestoneForm, standing
from projects.models import Health, Stage, StatusEntry
from projects.worklist import Assignment

_BROKEN = _("This form is broken. Copy your text, then reload the page.")


class CheckInForm(forms.Form):
    """A status entry. ``milestones`` and ``new_milestone`` are forms of their own inside it."""

    text = forms.CharField(
        label=_("progress this week"),
        max_length=10_000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": _("A line or two: what got done, how far it is, what it waits for."),
            }
        ),
        error_messages={"required": _("Say in a line what happened, even if it is little.")},
    )
    health = forms.ChoiceField(label=_("health"), choices=Health.choices, widget=forms.RadioSelect)
    stage = forms.TypedChoiceField(
        label=_("stage"), coerce=int, empty_value=None, required=False, choices=[]
    )
    percent = PercentField(label=_("overall"))
    risks = forms.CharField(
        label=_("risks"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    revision = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), _BROKEN),
    )

    def __init__(
        self,
        assignment: Assignment,
        stages: Iterable[Stage],
        data: QueryDict | None = None,
    ) -> None:
        # On a page with many forms each needs ids of its own.
        auto_id = f"p{assignment.project.pk}-%s"
        super().__init__(data, auto_id=auto_id, initial=_initial(assignment))
        choices = [("", "—"), *((stage.pk, stage.name) for stage in stages)]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]
        self.assignment = assignment
        self.conflict: StatusEntry | None = None
        self.milestones = [
            MilestoneForm(milestone, standing(milestone), data, auto_id)
            for milestone in assignment.milestones
        ]
        self.new_milestone = NewMilestoneForm(data, prefix="new", auto_id=auto_id)

    def is_valid(self) -> bool:
        parts = [super().is_valid(), self.new_milestone.is_valid()]
        return all(parts + [milestone.is_valid() for milestone in self.milestones])

    def put_cursor(self) -> None:
        """Into the first field that is wrong, else into the text; for a form alone on its page."""
        parts = [self["text"]]
        for form in (*self.milestones, self.new_milestone):
            parts += list(form)
        parts += [self["stage"], self["percent"], self["risks"]]
        first = next((part for part in parts if part.errors), self["text"])
        first.field.widget.attrs["autofocus"] = True

    def check_in(self) -> CheckIn:
        """What the valid form says."""
        said = self.cleaned_data
        updates = [milestone.update() for milestone in self.milestones]
        return CheckIn(
            text=said["text"],
            health=said["health"],
            stage_id=said["stage"],
            risks=said["risks"],
            percent=said["percent"],
            milestones=(*updates, *self.new_milestone.updates()),
        )

    def ask_for_reasons(self, names: Iterable[str]) -> None:
        """Mark the milestones whose change has to be explained."""
        wanted = set(names)
        for form in self.milestones:
            if form.milestone.name in wanted:
                form.add_error("reason", gettext("Please say why."))


def after_conflict(form: CheckInForm, stages: Iterable[Stage], now: Assignment) -> CheckInForm:
    """The same words in a form that knows the entry somebody else saved meanwhile.

    Sent again it replaces that entry: whoever does so has then seen both texts.
    """
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["revision"] = str(now.revision)
    again = CheckInForm(now, stages, data)
    again.conflict = now.entry
    again.add_error(
        None,
        gettext("This entry was saved elsewhere meanwhile. Compare both texts, then save again."),
    )
    return again


def _initial(assignment: Assignment) -> dict[str, Any]:
    """This week's entry; without one, what still holds of the latest: all but its text."""
    entry, last = assignment.entry, assignment.entry or assignment.previous
    initial: dict[str, Any] = {
        "health": (last and last.health) or Health.ON_TRACK,
        "revision": assignment.revision,
    }
    if last:
        # What the milestones add up to anyhow is not something that the lead said.
        reported = last.percent if last.percent != last.weighted_percent else None
        initial |= {"stage": last.stage_id, "risks": last.risks, "percent": plain(reported)}
    if entry:
        initial["text"] = entry.text
    return initial
