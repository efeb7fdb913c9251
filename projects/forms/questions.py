"""What the manager asks about an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Question


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("question"),
        max_length=Question._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, project_id: int, text: str = "") -> None:
        # Several of these stand on one page.
        super().__init__(data, auto_id=f"ask-{project_id}-%s", initial={"text": text})
        self.fields["text"].widget.attrs["autofocus"] = True
