"""The milestones of a project inside its check-in form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.checkin.recording import MilestoneUpdate
from projects.checkin.suggestions import Due
from projects.forms.fields import DayField, PercentField, plain
from projects.models import DatePrecision, Milestone
from projects.standing import Standing, wants_reason

#: How many new milestones one form can bring.
MAX_NEW: Final = 10


class MilestoneForm(forms.Form):
    """One milestone as it stood, and what the lead makes of it."""

    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))
    # How exactly the date was said that was taken over from the text: see ``due_of``.
    said_due = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("reason"), max_length=500, required=False)

    def __init__(
        self,
        milestone: Milestone,
        before: Standing,
        data: Any = None,
        auto_id: str = "%s",
        opened: Mapping[str, str] | None = None,
    ) -> None:
        """``opened`` is what the fields showed when the reader opened the form, by their names.

        A field that still shows that was not touched and says nothing, whatever stands there now.
        """
        self.milestone = milestone
        self.before = before
        self.opened = opened or {}
        self._typed_before: MilestoneForm | None = None
        super().__init__(
            data,
            prefix=f"m{milestone.pk}",
            auto_id=auto_id,
            initial={"percent": plain(before.percent), "due_on": before.due_on},
        )

    def show(self, typed: Mapping[str, str]) -> None:
        """Show in an unbound form what was typed before, and ask for the reason that it wants."""
        sent = {name: typed.get(self.add_prefix(name)) for name in self.fields}
        self.initial.update({name: sent[name] for name in sent if sent[name] is not None})
        self._typed_before = MilestoneForm(self.milestone, self.before, typed)

    @property
    def is_done(self) -> bool:
        return self.before.percent == 100

    @property
    def percent_now(self) -> Decimal | None:
        """As typed so far, else as it stood."""
        typed: Decimal | None = self.valid_so_far().get("percent")
        return self.before.percent if typed is None else typed

    @property
    def due_now(self) -> Due | None:
        """As typed so far, else as it stood; as exactly as it was said."""
        typed = self.valid_so_far()
        standing = None
        if self.before.due_on is not None:
            standing = Due(self.before.due_on, self.before.precision or DatePrecision.DAY.value)
        return due_of(typed.get("due_on"), typed.get("said_due", ""), standing) or standing

    @property
    def is_vague(self) -> bool:
        """Whether the date is said less exactly than to the day, which its field cannot show."""
        due = self.due_now
        return due is not None and due.precision != DatePrecision.DAY

    @property
    def asks_for_reason(self) -> bool:
        """Whether what was typed has to be explained; the field stays hidden until it does."""
        typed = self.valid_so_far()
        return wants_reason(self.before, typed.get("percent"), typed.get("due_on"))

    @property
    def days_later(self) -> int:
        """How many days the date that was typed lies after the one that stood there."""
        due_on: date | None = self.valid_so_far().get("due_on")
        if due_on is None or self.before.due_on is None:
            return 0
        return max((due_on - self.before.due_on).days, 0)

    def valid_so_far(self) -> dict[str, Any]:
        """Each field that was touched and is valid by itself, whatever the others are."""
        if self._typed_before:
            return self._typed_before.valid_so_far()
        if not self.is_bound or self.errors is None:
            return {}
        return {name: said for name, said in self.cleaned_data.items() if self._is_touched(name)}

    def _is_touched(self, name: str) -> bool:
        if name == "due_on" and self._is_touched("said_due"):
            return True  # 7月 and 7月31日 look the same in the field
        field = self.add_prefix(name)
        return not self.opened or self.data.get(field, "") != self.opened.get(field, "")

    def update(self) -> MilestoneUpdate:
        said = self.valid_so_far()
        due_on, due = said.get("due_on"), self.due_now
        return MilestoneUpdate(
            name=self.milestone.name,
            milestone_id=self.milestone.pk,
            percent=said.get("percent"),
            due_on=due_on,
            due_precision=due.precision if due else DatePrecision.DAY.value,
            reason=said.get("reason", ""),
        )


class NewMilestoneForm(forms.Form):
    """An empty line below the milestones."""

    name = forms.CharField(label=_("new milestone"), max_length=120, required=False)
    percent = PercentField(label=_("complete"))
    due_on = DayField(label=_("due"))
    said_due = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def due_now(self) -> Due | None:
        """As typed so far, as exactly as it was said."""
        try:
            day = self.fields["due_on"].clean(self["due_on"].value())
        except forms.ValidationError:
            return None
        return due_of(day, self["said_due"].value() or "")

    @property
    def is_vague(self) -> bool:
        due = self.due_now
        return due is not None and due.precision != DatePrecision.DAY

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        says_something = cleaned.get("percent") is not None or cleaned.get("due_on") is not None
        if says_something and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", gettext("What is this milestone called?"))
        return cleaned

    def updates(self) -> Iterator[MilestoneUpdate]:
        if name := self.cleaned_data["name"]:
            due = self.due_now
            yield MilestoneUpdate(
                name=name,
                percent=self.cleaned_data["percent"],
                due_on=due.day if due else None,
                due_precision=due.precision if due else DatePrecision.DAY.value,
            )


def due_of(day: date | None, said: str, standing: Due | None = None) -> Due | None:
    """The date in a field, as exactly as it was said: ``said`` holds for the day that it names.

    So a day that is picked by hand is meant as a day, though 7月底 had been taken over before.
    """
    if day is None:
        return None
    known = (due for due in (Due.parsed(said), standing) if due is not None and due.day == day)
    return next(known, Due(day))


def new_prefixes(sent: Mapping[str, Any] | None) -> list[str]:
    """Of the lines for new milestones among what was sent; there is always one."""
    found = ["new"]
    while len(found) < MAX_NEW and f"new{len(found) + 1}-name" in (sent or {}):
        found.append(f"new{len(found) + 1}")
    return found
