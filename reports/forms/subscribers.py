"""Who gets the team's digest: whom to ask outside, and what a member chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.forms.guarded import GuardedForm
from projects.forms.members import read_lines
from projects.models import Language, Membership, Team
from projects.teams.invitations import Guest
from reports.digest import subscribers
from reports.digest.subscribers import Refusal

# Why an address is not asked; each continues "<address>: …".
REASONS: Final[dict[Refusal, str | Promise]] = {
    Refusal.IS_MEMBER: _(
        "is a member of the team; members choose in their own menu whether they get the digest"
    ),
    Refusal.IS_ON_LIST: _("is on the list already"),
    Refusal.UNSUBSCRIBED: _(
        "has unsubscribed; only they can come back, by the link in any mail they had from here"
    ),
    Refusal.TOO_SOON: _("was asked less than an hour ago; give them time to answer"),
    Refusal.TOO_OFTEN: _("was asked three times without an answer, and is not asked again"),
    Refusal.TOO_MANY: _("is more than can be asked today; add it tomorrow"),
}


class SubscribersForm(forms.Form):
    """Pasted addresses. One that is wrong is named; nobody is asked until all are right."""

    addresses = forms.CharField(
        label=_("mail addresses"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "张三 <zhangsan@example.com>"}),
        help_text=_("Several after a comma or on a line each, with or without a name."),
    )
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)

    def __init__(self, team: Team, data: Any = None) -> None:
        super().__init__(data, initial={"language": team.language})
        self.team = team
        self.guests: tuple[Guest, ...] = ()

    def clean_addresses(self) -> str:
        text: str = self.cleaned_data["addresses"]
        lines = read_lines(text)
        guests = {line.guest.email: line.guest for line in lines if line.guest}
        wrong = [f"{line.text[:80]}: {line.problem}" for line in lines if line.problem]
        wrong += _sentences(subscribers.refusals(self.team, guests, timezone.now()))
        if wrong:
            raise ValidationError(wrong)
        self.guests = tuple(guests.values())
        return text

    def refuse(self, reasons: Mapping[str, Refusal]) -> None:
        """What was refused only when it was to be written down."""
        self.add_error("addresses", ValidationError(_sentences(reasons)))

    def put_cursor(self) -> None:
        self.fields["addresses"].widget.attrs["autofocus"] = True


class DigestChoiceForm(GuardedForm):
    """A member's own choice."""

    gets_digest = forms.BooleanField(label=_("Send me the weekly digest by mail"), required=False)

    def __init__(self, membership: Membership, data: Any = None) -> None:
        super().__init__(data, initial={"gets_digest": membership.gets_digest})
        self.guard()


def _sentences(reasons: Mapping[str, Refusal]) -> list[str]:
    return [f"{email}: {REASONS[reason]}" for email, reason in reasons.items()]
