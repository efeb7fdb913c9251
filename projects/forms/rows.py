"""A list whose rows are edited in place and saved at once, by one button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from projects.conflicts import EditConflict, Opened
from projects.forms.guarded import NOT_SAVED, GuardedForm, shown


class RowsForm(GuardedForm):
    """One field a row, which is called ``part`` and the row's key.

    ``projects.conflicts.merge_rows`` compares and says what is to be written. What was typed for
    a row that somebody has removed meanwhile is among ``typed`` as well, so that it can be told.
    """

    part: ClassVar[str]

    def __init__(self, values: Mapping[int, Any], labels: Mapping[int, str], data: Any = None):
        initial = {self.name_of(key): value for key, value in values.items()}
        super().__init__(data, auto_id=f"{self.part}-%s", initial=initial)
        named = re.compile(rf"{re.escape(self.part)}-(\d{{1,18}})", re.ASCII)
        sent = [int(match[1]) for name in data or () if (match := named.fullmatch(name))]
        self.keys = list(dict.fromkeys([*values, *sent]))
        for key in self.keys:
            field = self.field()
            field.label = labels.get(key, "")
            field.required = field.required and key in values
            self.fields[self.name_of(key)] = field
        self.guard()

    @classmethod
    def name_of(cls, key: int) -> str:
        return f"{cls.part}-{key}"

    def field(self) -> forms.Field:
        """A new field for one row. Each list makes its own kind."""
        raise NotImplementedError

    @property
    def typed(self) -> dict[int, Any]:
        """What the valid form says, by the rows' keys."""
        return {key: self.cleaned_data[self.name_of(key)] for key in self.keys}

    @property
    def opened_rows(self) -> Opened:
        """What it was opened with, by the rows' keys."""
        opened = self.opened or {}
        return {str(key): opened[self.name_of(key)] for key in self.keys}

    def show_both(self, conflict: EditConflict) -> None:
        theirs = {self.name_of(int(key)): value for key, value in conflict.theirs.items()}
        super().show_both(EditConflict(theirs))

    def not_saved(self, gone: Mapping[int, Any]) -> str:
        """What was typed for rows that are gone, in words; empty where nothing was."""
        typed = [shown(self[self.name_of(key)], value) for key, value in gone.items()]
        return NOT_SAVED % {"typed": " · ".join(typed)} if typed else ""
