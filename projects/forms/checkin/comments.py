"""A comment under an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.comments.writing import MOST_MENTIONED
from projects.models.comments import LONGEST_COMMENT
from projects.text import names


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("your comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("A comment has words."),
            "max_length": _(
                "A comment has at most %(limit_value)d characters; this one has %(show_value)d."
            ),
        },
    )

    def __init__(self, data: Any = None, *, anchor: str) -> None:
        # Several of these stand on one page.
        super().__init__(data, auto_id=f"{anchor}-%s")
        attributes = self.fields["text"].widget.attrs
        attributes["autofocus"] = True
        # The browser would cut off what is pasted, without a word.
        attributes.pop("maxlength", None)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not names.one_line(text):
            raise ValidationError(gettext("A comment has words."))
        return text

    def ask_which(self, people: tuple[str, ...]) -> None:
        """Say that a name after an @ is that of several people."""
        sentence = gettext("Several people are called so. Write who you mean: %(people)s.")
        written = gettext(", ").join(f"@{person}" for person in people)
        self.add_error("text", sentence % {"people": written})

    def refuse_crowd(self) -> None:
        sentence = gettext("A comment can name at most %(n)s people.")
        self.add_error("text", sentence % {"n": MOST_MENTIONED})
