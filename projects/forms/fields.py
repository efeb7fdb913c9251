"""Fields that several forms share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.portfolio.leads import Lead, People, SeveralMeant
from projects.text import names

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


class NameField(forms.CharField):
    """A name in one line, without characters that nobody sees; of those alone it is empty."""

    def to_python(self, value: Any) -> str:
        return names.one_line(super().to_python(value) or "")


class LeadField(forms.CharField):
    """Who leads a project: a member, somebody invited, or a name; ``people`` are those known.

    Cleans to a ``Lead``. The page that shows it includes ``components/people.html``.
    """

    people: People

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "people", "autocomplete": "off"})
        super().__init__(max_length=80, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> Lead:
        name = names.one_line(super().clean(value))
        if name and not names.folded(name):
            words = gettext("A name needs a letter, a digit or a character.")
            raise ValidationError(words, code="invalid")
        try:
            return self.people.resolve(name) if name else Lead()
        except SeveralMeant as several:
            raise ValidationError(several_people(several)) from None


def several_people(several: SeveralMeant) -> str:
    """That a name means several people, and what to write for each."""
    words = gettext("Several people have this name. Write one of: %(people)s")
    return words % {"people": ", ".join(several.people)}


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


def plain(number: Decimal | None) -> str:
    """Without the zeros that a column of two decimals adds: 72, 69.29."""
    return "" if number is None else f"{number.normalize():f}"
