"""What became of something that was planned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.guarded import GuardedForm
from projects.models import Outcome, PlannedItem

_LONGEST_NOTE = 300


class OutcomeForm(GuardedForm):
    """A request may name only the outcome: then the note stays as it is."""

    outcome = forms.ChoiceField(
        label=_("outcome"), required=False, choices=[("", "—"), *Outcome.choices]
    )
    note = forms.CharField(label=_("note"), required=False)

    def __init__(self, item: PlannedItem, data: Any = None) -> None:
        initial = {"outcome": item.outcome, "note": item.outcome_note}
        super().__init__(data, auto_id=f"outcome_{item.pk}_%s", initial=initial)
        self.item = item
        self.guard()

    def clean_note(self) -> str:
        return " ".join(self.cleaned_data["note"].split())[:_LONGEST_NOTE]

    @property
    def chosen(self) -> Outcome | None:
        """The valid form's outcome; ``None`` takes it back."""
        outcome = self.cleaned_data["outcome"]
        return Outcome(outcome) if outcome else None
