"""An exception of the team's calendar."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import DayField
from projects.forms.team import one_line


class DayExceptionForm(forms.Form):
    day = DayField(label=_("day"))
    is_working = forms.TypedChoiceField(
        label=_("on this day"),
        choices=[("no", _("nobody works")), ("yes", _("we work"))],
        coerce=lambda chosen: chosen == "yes",
    )
    note = forms.CharField(label=_("note"), max_length=80, required=False)

    def clean_day(self) -> date:
        day: date | None = self.cleaned_data["day"]
        if day is None:
            raise forms.ValidationError(gettext("Choose a day."), code="required")
        return day

    def clean_note(self) -> str:
        return one_line(self.cleaned_data["note"])

    def refuse_day(self) -> None:
        self.add_error("day", gettext("There is an exception for this day already."))
