"""Two versions of one entry side by side: mine, not saved yet, and the one that stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.forms.boundfield import BoundField
from django.utils.text import capfirst

from projects.conflicts import Difference
from projects.forms.checkin.form import CheckInForm
from projects.forms.fields import PercentField
from projects.forms.guarded import shown
from projects.models import StatusEntry


@dataclass(frozen=True, slots=True)
class Comparison:
    """``theirs`` is what stands there; ``typed_at`` when my words were kept, ``None`` for now.

    ``typed_over`` is the revision that mine were typed over: what is kept as a draft remembers it
    until the reader has chosen. ``differences`` are those of the fields other than the text.
    """

    theirs: StatusEntry
    typed_over: int
    typed_at: datetime | None
    differences: tuple[Difference, ...]


def differences(form: CheckInForm, typed: Mapping[str, str]) -> Iterator[Difference]:
    """What the ``typed`` values, by field name, would change in the entry as it now stands."""
    for label, field in _compared(form):
        mine, theirs = typed.get(field.html_name), form.standing[field.html_name]
        if mine is not None and mine != theirs:
            yield Difference(label, _shown(field, mine), _shown(field, theirs))


def _compared(form: CheckInForm) -> Iterator[tuple[str, BoundField]]:
    for name in form.reported_fields[1:]:
        yield capfirst(str(form[name].label)), form[name]
    for milestone in form.milestones:
        for field in (milestone["percent"], milestone["due_on"]):
            yield f"{milestone.milestone.name} · {field.label}", field


def _shown(field: BoundField, value: str) -> str:
    if value and isinstance(field.field, PercentField):
        return f"{value}%"
    return shown(field, value)
