"""The form of one field of the weekly page: its text, and the heading where it has one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.pages.editing import PLAN, Words

LONGEST: Final = 20_000
_TOO_LONG: Final = _("That is %(show_value)d characters; there is room for %(limit_value)d.")


class WordsForm(forms.Form):
    """``standing`` is what the form begins with; ``seen`` names the words that it is typed over."""

    heading = forms.CharField(
        label=_("heading"),
        max_length=300,
        error_messages={"required": _("Please give it a heading."), "max_length": _TOO_LONG},
    )
    text = forms.CharField(
        label=_("text"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"max_length": _TOO_LONG},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, field: str, standing: Words, seen: str | None = None
    ) -> None:
        initial = {
            "heading": standing.heading,
            "text": standing.text,
            "seen": standing.seen if seen is None else seen,
        }
        super().__init__(data, initial=initial, auto_id=f"{field}_%s")
        if standing.heading is None:
            del self.fields["heading"]
        text = self.fields["text"]
        # A browser that knows of a limit silently drops what is pasted beyond it.
        del text.widget.attrs["maxlength"]
        lines = standing.text.count("\n") + 2
        text.widget.attrs |= {"rows": min(max(lines, 6), 24), "spellcheck": "false"}
        if field == PLAN:
            text.label = _("one line each; lines you paste become items of their own")
        first = "text" if standing.heading != "" else "heading"
        self.fields[first].widget.attrs["autofocus"] = True
        text.widget.attrs["data-lines" if field == PLAN else "data-prose"] = ""

    def typed(self) -> Words:
        """What came in, right or wrong."""
        heading = self.data.get("heading", "") if "heading" in self.fields else None
        return Words(self.data.get("text", "")[:LONGEST], heading and heading[:300])

    @property
    def seen_words(self) -> str:
        return str(self.data.get("seen", ""))
