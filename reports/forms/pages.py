"""The forms of the weekly page: its words, verdicts on findings, publishing."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.conflicts import Difference, as_text
from projects.forms.guarded import GuardedForm
from reports.pages.editing import PLAN, Words
from reports.pages.verdicts import ACCEPTED, EXPLAINED, LONGEST_NOTE, fields_of
from reports.weekly.document import Verdict

LONGEST: Final = 20_000
_TOO_LONG: Final = _("That is %(show_value)d characters; there is room for %(limit_value)d.")


class WordsForm(GuardedForm):
    """``standing`` are the words that stand there; a form shows ``draft`` first, if any."""

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

    def __init__(
        self, data: Any = None, *, field: str, standing: Words, draft: Words | None = None
    ) -> None:
        words = draft or standing
        initial = {"heading": words.heading, "text": words.text}
        super().__init__(data, initial=initial, auto_id=f"{field}_%s")
        if standing.heading is None:
            del self.fields["heading"]
        self.guard()
        if draft is not None:
            self.opened = {name: as_text(value) for name, value in standing.fields().items()}
        text = self.fields["text"]
        # A browser that knows of a limit silently drops what is pasted beyond it.
        del text.widget.attrs["maxlength"]
        lines = words.text.count("\n") + 2
        text.widget.attrs |= {"rows": min(max(lines, 6), 24), "spellcheck": "false"}
        if field == PLAN:
            text.label = _("one line each; lines you paste become items of their own")
        first = "heading" if words.heading == "" else "text"
        self.fields[first].widget.attrs["autofocus"] = True
        text.widget.attrs["data-lines" if field == PLAN else "data-prose"] = ""

    def typed(self) -> Words:
        """What came in, right or wrong."""
        heading = self.data.get("heading", "") if "heading" in self.fields else None
        return Words(self.data.get("text", "")[:LONGEST], heading and heading[:300])

    @property
    def seen(self) -> str:
        """The digest of the words that the form was opened with."""
        return Words.of_fields(self.opened or {}).digest

    def compare(self, typed: Words, standing: Words) -> None:
        """Show both: what was typed earlier, and what somebody else has saved since then."""
        theirs = standing.fields()
        self.versions = tuple(
            Difference(self.label_of(self[name]), mine, theirs.get(name, ""))
            for name, mine in typed.fields().items()
            if as_text(mine) != as_text(theirs.get(name, ""))
        )

    def label_of(self, field: BoundField) -> str:
        """Of the text: a word, where the plan's says how it is written."""
        return capfirst(gettext("text")) if field.name == "text" else super().label_of(field)


class VerdictForm(GuardedForm):
    """The manager's verdict on a finding. It is sent as ``action``: explain, accept or reopen."""

    verdict = forms.ChoiceField(
        label=_("verdict"),
        choices=[("", _("open")), (EXPLAINED, _("explained")), (ACCEPTED, _("accepted"))],
        required=False,
    )
    note = forms.CharField(
        label=_("explanation"),
        required=False,
        error_messages={"required": _("Please say what is behind it.")},
    )

    def __init__(self, data: QueryDict | None = None, *, verdict: Verdict | None) -> None:
        if data is not None:
            data = data.copy()
            action = data.get("action")
            data["verdict"] = {"accept": ACCEPTED, "reopen": ""}.get(action or "", EXPLAINED)
            if data["verdict"] != EXPLAINED:
                data["note"] = ""
        super().__init__(data, initial=fields_of(verdict))
        self.guard()

    def clean_note(self) -> str:
        note = " ".join(str(self.cleaned_data["note"]).split())[:LONGEST_NOTE]
        if not note and self.cleaned_data.get("verdict") == EXPLAINED:
            raise forms.ValidationError(self.fields["note"].error_messages["required"])
        return note


class PublishForm(forms.Form):
    """``expected`` is the number of the latest edition that the publisher saw, 0 for none."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What is corrected, and why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed on the page and in the mail."),
    )
    mails = forms.BooleanField(label=_("send it by mail"), required=False)
    is_final = forms.BooleanField(
        label=_("This edition is final: what is saved later does not go along with its mail"),
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        latest: int = 0,
        mails: bool = True,
        asks_mail: bool = True,
        may_be_final: bool = False,
    ) -> None:
        super().__init__(data, initial={"expected": latest, "mails": mails})
        if not latest:
            del self.fields["note"]
        if not asks_mail:
            del self.fields["mails"]
        if not may_be_final:
            del self.fields["is_final"]
