"""A form of what two people may have open at the same time, or one of them in two tabs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okrtracker.requests.clean import number_in, parsed_json
from projects.conflicts import Difference, EditConflict, as_text

NOT_SAVED = _("Not saved, because somebody has removed what it was typed for: %(typed)s")


def seen_place(post: Mapping[str, str]) -> int | None:
    """Where a row to be moved stood, from 1, when the button was shown; ``None`` if unsaid."""
    return number_in(post.get("place"))


class GuardedForm(forms.Form):
    """Knows the values that it was opened with: the browser sends them back, hidden.

    ``opened`` goes to the function that saves, with what was typed; that one compares under the
    row's lock (``projects.conflicts``). A field that is not sent keeps what stands there, so a
    request changes only the fields that it names. A form that does not say what it was opened
    with is taken as opened just now. Templates include ``components/guard.html`` in the form.
    """

    opened: dict[str, str] | None = None
    versions: tuple[Difference, ...] = ()
    # Fields that hold no value of the row, such as a new secret.
    unguarded: frozenset[str] = frozenset()

    def guard(self) -> None:
        """Before it is shown or read. ``initial`` is what stands there, never a proposal."""
        names = [name for name in self.fields if name not in self.unguarded]
        self.opened = {name: as_text(self[name].initial) for name in names}
        if self.is_bound:
            sent = parsed(self.data.get(self.opened_name))
            left_out = self._fill_in(sent)
            self.opened |= {name: sent[name] for name in {*names} & {*sent} - left_out}

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    def _fill_in(self, opened: Mapping[str, str]) -> set[str]:
        """Let the fields that were not sent hold what stands there; their names.

        A box without a tick is not sent either. It counts as sent where the form says how the box
        was when it was opened.
        """
        sent: Any = self.data
        data, left_out = sent.copy(), set()
        for field in self:
            is_box = isinstance(field.field.widget, forms.CheckboxInput) and field.name in opened
            if field.html_name not in data and not is_box:
                data[field.html_name] = _as_sent(field)
                left_out.add(field.name)
        self.data = data
        return left_out

    @property
    def opened_name(self) -> str:
        return self.add_prefix("opened")

    @property
    def opened_json(self) -> str:
        return json.dumps(self.opened or {}, ensure_ascii=False)

    def show_both(self, conflict: EditConflict) -> None:
        """Show the reader's version beside the one that stands there; sent again, it is saved."""
        differences = []
        for name, theirs in conflict.theirs.items():
            field = self[name]
            mine = shown(field, self.cleaned_data.get(name))
            differences.append(Difference(self.label_of(field), mine, shown(field, theirs)))
            self.add_error(name, gettext("Somebody else has changed this in the meantime."))
        self.versions = tuple(differences)
        now = {name: as_text(theirs) for name, theirs in conflict.theirs.items()}
        self.opened = {**(self.opened or {}), **now}

    def label_of(self, field: BoundField) -> str:
        """What the field is called where both versions are shown."""
        return capfirst(str(field.label))


def parsed(sent: object) -> dict[str, str]:
    """What a form was opened with, as it came back; nothing where it is missing or broken."""
    opened = parsed_json(sent)
    if not isinstance(opened, dict):
        return {}
    return {name: text for name, text in opened.items() if isinstance(text, str)}


def shown(field: BoundField, value: Any) -> str:
    """The value as a reader knows it."""
    if isinstance(field.field, forms.BooleanField):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = as_text(value)
    if isinstance(field.field, forms.ChoiceField) and text:
        return str(_labels(field.field.choices).get(text, value))
    return text or "—"


def _as_sent(field: BoundField) -> str:
    """What a browser would send of the field as it was opened."""
    value = field.field.prepare_value(field.initial)
    written = field.field.widget.format_value(value)
    if isinstance(written, str):
        return written
    return "" if value is None else str(value)


def _labels(choices: Any) -> dict[str, Any]:
    """By the value that is sent, whether the choices are grouped or not."""
    labels: dict[str, Any] = {}
    for value, label in choices:
        grouped = isinstance(label, list | tuple)
        labels |= _labels(label) if grouped else {str(value): label}
    return labels
