"""A form that asks before it is saved, where that sends something to many at once."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import QueryDict

from projects.teams.rescheduling import Unconfirmed


class AskingForm(forms.Form):
    """Sent once more with what it then holds, it is saved.

    Templates include ``components/question_first.html`` in the form.
    """

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    question: tuple[str, ...] = ()  # a sentence each

    @property
    def answer(self) -> str:
        """What its reader agreed to."""
        answer: str = self.cleaned_data["confirmed"]
        return answer

    def ask(self, unconfirmed: Unconfirmed) -> None:
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("confirmed")] = unconfirmed.answer
        self.data = data
        self.question = unconfirmed.sentences
