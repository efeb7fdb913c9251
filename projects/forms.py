"""The check-in form: one project's status entry of a week, with its milestones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects import checkin, ledger
from projects.checkin import CheckIn, MilestoneUpdate
from projects.models import DatePrecision, Health, Milestone, Stage, StatusEntry
from projects.worklist import Assignment

_BROKEN = _("This form is broken. Copy your text, then reload the page.")
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class PercentField(forms.DecimalField):
    """0 to 100 with at most two decimals, or empty. Whatever is wrong, it says just that."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        super().__init__(
            required=False,
            widget=widget,
            min_value=0,
            max_value=100,
            max_digits=5,
            decimal_places=2,
            error_messages={"invalid": _("A number from 0 to 100, with at most two decimals.")},
            **kwargs,
        )

    def clean(self, value: Any) -> Decimal | None:
        try:
            percent: Decimal | None = super().clean(value)
        except ValidationError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return percent


class DayField(forms.DateField):
    """A day of this century as the browser's date picker sends it, or empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(
                attrs={"type": "date", "min": _FIRST_DAY, "max": _LAST_DAY}, format="%Y-%m-%d"
            ),
            input_formats=["%Y-%m-%d"],
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                _("A date from 2000 to 2100, such as 2026-07-31."),
            ),
            **kwargs,
        )
        self.validators += [MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)]


class MilestoneForm(forms.Form):
    """One milestone as it stood, and what the lead makes of it."""

    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))
    reason = forms.CharField(label=_("reason"), max_length=500, required=False)

    def __init__(
        self, milestone: Milestone, before: ledger.Standing, data: Any = None, auto_id: str = "%s"
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
        return checkin.wants_reason(self.before, typed.get("percent"), typed.get("due_on"))

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


def standing(milestone: Milestone) -> ledger.Standing:
    """How a milestone of ``MilestoneQuerySet.as_of`` stood."""
    return ledger.Standing(
        milestone.percent_then,  # type: ignore[attr-defined]
        milestone.due_then,  # type: ignore[attr-defined]
        milestone.precision_then,  # type: ignore[attr-defined]
    )


def plain(number: Decimal | None) -> str:
    """Without the zeros that a column of two decimals adds: 72, 69.29."""
    return "" if number is None else f"{number.normalize():f}"


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
