"""What a manager says when they publish a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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

    def __init__(
        self, data: Any = None, *, latest: int = 0, mails: bool = True, asks_mail: bool = True
    ) -> None:
        super().__init__(data, initial={"expected": latest, "mails": mails})
        if not latest:
            del self.fields["note"]
        if not asks_mail:
            del self.fields["mails"]
