"""A form of what two people may have open at the same time, or one of them in two tabs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext


class GuardedForm(forms.Form):
    """Knows the values that it was opened with: the browser sends them back, hidden.

    A field that somebody else has changed since then, and that the reader left alone, stays as the
    other left it. One that both changed is marked with what stands there now, and keeps what was
    typed; sent again, it is saved, for now the reader has seen both.
    A form that does not say what it was opened with is taken as opened just now.
    """

    def guard(self) -> None:
        """Before it is shown or read. ``initial`` is what stands there, never a proposal."""
        said: Any = self.data
        opened = said.copy()
        for field in self:
            field.field.show_hidden_initial = True
            opened.setdefault(field.html_initial_name, _sent_as(field))
        self.data = opened

    def opened(self) -> dict[str, str]:
        """The values by field, for a template that writes a field's widget itself."""
        fields = (field for field in self if field.field.show_hidden_initial)
        return {field.name: self.data[field.html_initial_name] for field in fields}

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        for field in self:
            if field.field.show_hidden_initial:
                self._compare(field, said)
        return said

    def _compare(self, field: BoundField, said: dict[str, Any]) -> None:
        opened: Any = self.data
        now = _sent_as(field)
        if opened[field.html_initial_name] == now or field.name not in said:
            return
        standing = self._cleaned(field, now, said)
        if field.name not in self.changed_data:
            said[field.name] = standing
        elif said[field.name] != standing:
            opened[field.html_initial_name] = now
            words = gettext(
                "This was changed to “%(now)s” while you had it open. Save again to replace it."
            )
            self.add_error(field.name, words % {"now": _shown(field, now)})

    def _cleaned(self, field: BoundField, value: str, said: dict[str, Any]) -> Any:
        """The value as the form hands it on, had it been sent; ``said`` stays as it is."""
        typed = said[field.name]
        said[field.name] = field.field.clean(value)
        clean = getattr(self, f"clean_{field.name}", None)
        cleaned = clean() if clean else said[field.name]
        said[field.name] = typed
        return cleaned


def _sent_as(field: BoundField) -> str:
    """What stands there, as the hidden field of a form opened now would send it."""
    value = field.field.prepare_value(field.initial)
    return "" if value is None else str(value)


def _shown(field: BoundField, value: str) -> str:
    if isinstance(field.field, forms.BooleanField):
        return gettext("yes") if value == "True" else gettext("no")
    if isinstance(field.field, forms.ChoiceField) and value:
        return str(_labels(field.field.choices).get(value, value))
    return value or "—"


def _labels(choices: Any) -> dict[str, Any]:
    """By the value that is sent, whether the choices are grouped or not."""
    labels: dict[str, Any] = {}
    for value, label in choices:
        grouped = isinstance(label, list | tuple)
        labels |= _labels(label) if grouped else {str(value): label}
    return labels
