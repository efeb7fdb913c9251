"""The milestones of a project inside its check-in form: a line each, and lines for new ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.checkin.milestone_updates import MilestoneUpdate
from projects.checkin.reading.suggestions import MilestoneNow, OfferedDue
from projects.forms.fields import DayField, PercentField, plain
from projects.models import DatePrecision, Milestone
from projects.standing import Standing, wants_reason
from projects.text.numbers import HUNDRED

#: How many new milestones one form can bring.
MAX_NEW: Final = 10


class _LineForm(forms.Form):
    """What both kinds of line ask for."""

    percent = PercentField(label=_("complete"), hint=_("e.g. 50"))
    due_on = DayField(label=_("due"))
    # How exactly the date was said that was taken over from the text: see ``due_of``.
    said_due = forms.CharField(required=False, widget=forms.HiddenInput)


class MilestoneForm(_LineForm):
    """One milestone as it stood ``before``, and what the lead makes of it."""

    reason = forms.CharField(label=_("reason"), max_length=500, required=False)

    def __init__(
        self,
        milestone: Milestone,
        before: Standing,
        data: Any = None,
        auto_id: str = "%s",
        *,
        opened: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """``opened`` is what the fields showed when the reader opened the form, by their names.

        A field that still shows that was not touched and says nothing, whatever stands there now.
        ``typed`` is what was typed before into a form that is not bound.
        """
        self.milestone = milestone
        self.before = before
        self._opened = opened or {}
        self._sent: Mapping[str, str] = (typed or {}) if data is None else data
        super().__init__(
            data,
            prefix=f"m{milestone.pk}",
            auto_id=auto_id,
            initial={"percent": plain(before.percent), "due_on": before.due_on},
        )

    @cached_property
    def valid_so_far(self) -> dict[str, Any]:
        """Each field that was touched and is valid by itself, whatever the others are."""
        values = {}
        for name, field in self.fields.items():
            if self._is_touched(name):
                try:
                    values[name] = field.clean(self._sent[self.add_prefix(name)])
                except forms.ValidationError:
                    continue
        return values

    @property
    def is_touched(self) -> bool:
        """Whether anything was typed into it, right or wrong."""
        return any(map(self._is_touched, self.fields))

    def _is_touched(self, name: str) -> bool:
        key = self.add_prefix(name)
        if key not in self._sent:
            return False
        if name == "due_on" and self._is_touched("said_due"):
            return True  # 7月 and 7月31日 look the same in the field
        return not self._opened or self._sent[key] != self._opened.get(key, "")

    @property
    def is_done(self) -> bool:
        return self.before.percent == HUNDRED

    @property
    def percent_now(self) -> Decimal | None:
        """As typed so far, else as it stood."""
        typed: Decimal | None = self.valid_so_far.get("percent")
        return self.before.percent if typed is None else typed

    @property
    def due_now(self) -> OfferedDue | None:
        """As typed so far, else as it stood; as exactly as it was said."""
        typed = self.valid_so_far
        stood = None
        if self.before.due_on is not None:
            stood = OfferedDue(self.before.due_on, self.before.precision or DatePrecision.DAY.value)
        return due_of(typed.get("due_on"), typed.get("said_due", ""), stood) or stood

    @property
    def asks_for_reason(self) -> bool:
        """Whether what was typed has to be explained; the field stays hidden until it does."""
        typed = self.valid_so_far
        return wants_reason(self.before, typed.get("percent"), typed.get("due_on"))

    @property
    def drops(self) -> bool:
        """Whether the percent that was typed is less than before: the line's reason says why."""
        return wants_reason(self.before, self.valid_so_far.get("percent"), None)

    @property
    def days_moved(self) -> int:
        """How many days the date that was typed lies after the one that stood there, or before."""
        due_on: date | None = self.valid_so_far.get("due_on")
        if due_on is None or self.before.due_on is None:
            return 0
        return (due_on - self.before.due_on).days

    @property
    def days_later(self) -> int:
        return max(self.days_moved, 0)

    @property
    def days_earlier(self) -> int:
        return max(-self.days_moved, 0)

    @property
    def percent_change(self) -> Decimal | None:
        """In points, of what was typed; ``None`` where nothing was, or nothing stood there."""
        typed: Decimal | None = self.valid_so_far.get("percent")
        before = self.before.percent
        return None if typed is None or before is None or typed == before else typed - before

    def now(self) -> MilestoneNow:
        """The milestone as typed so far."""
        return MilestoneNow(
            name=self.milestone.name,
            id=self.milestone.pk,
            percent=self.percent_now,
            due=self.due_now,
            before=self.before,
            is_explained=bool(str(self["reason"].value() or "").strip()),
        )

    def update(self) -> MilestoneUpdate:
        """What the valid line says of the milestone."""
        typed, due = self.valid_so_far, self.due_now
        return MilestoneUpdate(
            name=self.milestone.name,
            milestone_id=self.milestone.pk,
            percent=typed.get("percent"),
            due_on=typed.get("due_on"),
            due_precision=due.precision if due else DatePrecision.DAY.value,
            reason=typed.get("reason", ""),
        )


class NewMilestoneForm(_LineForm):
    """An empty line below the milestones."""

    name = forms.CharField(label=_("new milestone"), max_length=120, required=False)

    field_order = ("name", "percent", "due_on", "said_due")

    @property
    def due_now(self) -> OfferedDue | None:
        """As typed so far, as exactly as it was said."""
        return due_of(valid(self, "due_on"), self["said_due"].value() or "")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        says_something = cleaned.get("percent") is not None or cleaned.get("due_on") is not None
        if says_something and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", gettext("What is this milestone called?"))
        return cleaned

    def now(self) -> MilestoneNow | None:
        """The new milestone as typed so far; ``None`` while it has no name."""
        name = str(self["name"].value() or "").strip()
        return (
            MilestoneNow(name, percent=valid(self, "percent"), due=self.due_now) if name else None
        )

    def update(self) -> MilestoneUpdate:
        """What the valid line says, once it has a name."""
        due = self.due_now
        return MilestoneUpdate(
            name=self.cleaned_data["name"],
            percent=self.cleaned_data["percent"],
            due_on=due.day if due else None,
            due_precision=due.precision if due else DatePrecision.DAY.value,
        )


def valid(form: forms.Form, name: str) -> Any:
    """What one field says, whatever the others say; ``None`` for nothing or nothing valid."""
    try:
        return form.fields[name].clean(form[name].value())
    except forms.ValidationError:
        return None


def due_of(day: date | None, written: str, stood: OfferedDue | None = None) -> OfferedDue | None:
    """The date in a field with its precision, which ``written`` gives for the day that it names.

    So a day that is picked by hand counts as a day, even after 7月底 had been taken over.
    """
    if day is None:
        return None
    matching_dues = (
        due for due in (OfferedDue.parsed(written), stood) if due is not None and due.day == day
    )
    return next(matching_dues, OfferedDue(day))


def new_prefixes(sent: Mapping[str, Any] | None) -> list[str]:
    """Of the lines for new milestones among what was sent; there is always one."""
    prefixes = ["new"]
    while len(prefixes) < MAX_NEW and f"new{len(prefixes) + 1}-name" in (sent or {}):
        prefixes.append(f"new{len(prefixes) + 1}")
    return prefixes
