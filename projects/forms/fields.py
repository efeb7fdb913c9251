"""Fields that several forms share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okrtracker.requests.clean import parsed_json
from projects.portfolio.leads import Lead, People, SeveralMeant
from projects.text import names, numbers
from projects.text.names import one_line
from projects.text.typed_numbers import read_number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class NumberField(forms.DecimalField):
    """A number as people type it (``projects.text.typed_numbers``), in ``unit``.

    It is a field for text: one for numbers would count up and down under the mouse wheel, and give
    away what was typed in full width. Whatever is wrong, ``expected`` says what is expected.
    """

    inputmode = "decimal"
    expected: StrOrPromise = _("A number, such as 99.95.")

    def __init__(
        self, *, unit: str = "", size: int | None = None, hint: StrOrPromise = "", **kwargs: Any
    ) -> None:
        attrs: dict[str, Any] = {"inputmode": self.inputmode, "autocomplete": "off"}
        attrs |= {"size": size} if size else {}
        attrs |= {"placeholder": hint} if hint else {}
        widget = forms.TextInput(attrs=attrs)
        messages = {"invalid": self.expected, **kwargs.pop("error_messages", {})}
        super().__init__(widget=widget, error_messages=messages, **kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # stubs: of int
        if value in self.empty_values or not one_line(str(value)):
            return None
        try:
            return read_number(str(value), self.unit)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def clean(self, value: Any) -> Decimal | None:
        try:
            number: Decimal | None = super().clean(value)
        except ValidationError as error:
            if getattr(error, "code", "") == "required":
                raise
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return number


class PercentField(NumberField):
    """0 to 100 with at most two decimals, or empty."""

    expected = _("A number from 0 to 100, with at most two decimals.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            unit="%",
            size=6,
            required=False,
            min_value=0,
            max_value=100,
            max_digits=5,
            decimal_places=2,
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # stubs: of int
        if str(value).strip().startswith(("+", "\uff0b")):  # +5 is a change
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class FigureField(NumberField):
    """A number in a metric's unit, as the database holds it: 20 digits, 4 of them decimals."""

    expected = _("A number with at most four decimals, such as 99.95.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=4, size=10, **kwargs)
        self.error_messages["required"] = _("A number, please.")


class WholeField(NumberField):
    """A whole number within bounds."""

    inputmode = "numeric"

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        kwargs |= {"min_value": min_value, "max_value": max_value}
        super().__init__(decimal_places=0, size=3, **kwargs)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]  # whole, not decimal
        number = super().clean(value)
        return None if number is None else int(number)


class NameField(forms.CharField):
    """A name in one line, without characters that nobody sees; of those alone it is empty."""

    def to_python(self, value: Any) -> str:
        return names.one_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_marks(value)


class MailedNameField(NameField):
    """A name that mails carry to people who did not ask for them: it holds no link."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if names.has_link(value):
            raise ValidationError(gettext("A name holds no link."), code="invalid")


class CodeField(NameField):
    """The short name of an objective, in the one way that it is written."""

    def to_python(self, value: Any) -> str:
        return names.code(super().to_python(value))


class ChoicesField(forms.CharField):
    """What a team chooses from: one a line, each once, however it is spelled."""

    _most = 30

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(required=False, widget=widget, **kwargs)
        self.longest = longest

    def clean(self, value: Any) -> str:
        lines = map(names.one_line, str(super().clean(value)).splitlines())
        choices = {names.spelling(line): line for line in reversed([*filter(None, lines)])}
        if len(choices) > self._most or any(len(line) > self.longest for line in choices.values()):
            words = gettext("At most %(lines)d lines, each of at most %(longest)d characters.")
            raise ValidationError(words % {"lines": self._most, "longest": self.longest})
        for line in choices.values():
            refuse_marks(line)
        return "\n".join(reversed(choices.values()))


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
        refuse_marks(name)
        try:
            return self.people.resolve(name) if name else Lead()
        except SeveralMeant as several:
            raise ValidationError(several_people(several)) from None


def refuse_marks(name: str) -> None:
    """Refuse a name of marks alone, which no other could be told from."""
    if name and not names.folded(name):
        words = gettext("A name needs a letter, a digit or a character.")
        raise ValidationError(words, code="invalid")


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


class OpenedField(forms.JSONField):
    """What the fields showed when the form was opened, hidden; nothing where it is broken."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        return parsed_json(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return parsed_json(data) or initial


def plain(number: Decimal | None) -> str:
    """Without the zeros that a column of two decimals adds: 72, 69.29."""
    return "" if number is None else numbers.plain(number)
