"""A team's channel: where it is, how it signs, what goes there."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import NameField
from projects.forms.guarded import GuardedForm
from reports import channels, vendors
from reports.channels import addresses, vault
from reports.channels.setup import WantedChannel
from reports.models import Channel
from reports.vendors import VENDORS

_SECRETS: Final = ("address", "secret")


class UnseenInput(forms.TextInput):
    """A field that never shows what it holds, nor what was typed into it before."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ARG002  that is the point
        return super().get_context(name, None, attrs)


def _unseen(**attrs: str) -> UnseenInput:
    return UnseenInput(attrs={"autocomplete": "off", "spellcheck": "false"} | attrs)


def _secret_help(channel: Channel | None) -> str:
    """What kind of secret each kind of channel has, or this channel's."""
    chosen_vendor = VENDORS.get(channel.kind) if channel else None
    by_help: dict[str, list[str]] = {}
    for vendor in (chosen_vendor,) if chosen_vendor else VENDORS.values():
        by_help.setdefault(str(vendor.secret_help), []).append(str(vendor.label))
    sentences = (
        gettext("%(kinds)s: %(secret)s.") % {"kinds": gettext(", ").join(labels), "secret": words}
        for words, labels in by_help.items()
    )
    return " ".join(sentences)


class ChannelForm(GuardedForm):
    """Of a channel that there is, or of a new one of a kind that is chosen with it.

    Address and secret are written here and never read back: a field that is left empty keeps the
    one that the channel has.
    """

    unguarded = frozenset((*_SECRETS, "forgets_secret"))

    kind = forms.ChoiceField(label=_("kind"), choices=vendors.kinds)
    name = NameField(
        label=_("name"), max_length=80, help_text=_("As the ledger shows it, such as the group's.")
    )
    address = forms.CharField(
        label=pgettext_lazy("of a robot", "address"),
        max_length=2000,
        required=False,
        widget=_unseen(inputmode="url"),
    )
    address_env = forms.CharField(
        label=_("or the environment variable with the address"), max_length=80, required=False
    )
    secret = forms.CharField(label=_("secret"), max_length=500, required=False, widget=_unseen())
    secret_env = forms.CharField(
        label=_("or the environment variable with the secret"), max_length=80, required=False
    )
    forgets_secret = forms.BooleanField(label=_("sign no more: forget the secret"), required=False)
    gets_digest = forms.BooleanField(label=_("weekly digest"), required=False)
    gets_reminders = forms.BooleanField(label=_("reminders"), required=False)

    def __init__(self, channel: Channel | None = None, data: Any = None) -> None:
        fields = ("name", "address_env", "secret_env", "gets_digest", "gets_reminders")
        initial: dict[str, Any] = (
            {field: getattr(channel, field) for field in fields}
            if channel
            else {"gets_digest": True}
        )
        super().__init__(data, initial=initial)
        self.channel = channel
        if channel:
            del self.fields["kind"]
        if channel is None or not channel.secret:
            del self.fields["forgets_secret"]
        for name in ("address_env", "secret_env"):
            self.fields[name].widget.attrs |= {
                "placeholder": "OKR_FEISHU_ADDRESS"
                if name == "address_env"
                else "OKR_FEISHU_SECRET",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autocomplete": "off",
            }
        self._say_what_is_kept()
        if channel:
            self.guard()

    def _say_what_is_kept(self) -> None:
        secret_help = gettext("There is one. It is never shown; leave this empty to keep it.")
        channel = self.channel
        self.fields["address"].help_text = (
            secret_help
            if channel and channel.address
            else gettext("As the group's robot settings show it: https://…")
        )
        self.fields["secret"].help_text = (
            secret_help if channel and channel.secret else _secret_help(channel)
        )

    def clean_address_env(self) -> str:
        return self._variable("address_env")

    def clean_secret_env(self) -> str:
        return self._variable("secret_env")

    def _variable(self, field: str) -> str:
        name: str = self.cleaned_data[field]
        if name and not vault.VARIABLE.fullmatch(name):
            raise forms.ValidationError(
                gettext("Only variables whose name begins with OKR_: capitals, digits and _."),
                code="variable",
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = self.channel.kind if self.channel else cleaned.get("kind", "")
        self._check_address(kind, cleaned)
        self._check_secret(kind, cleaned)
        self._ask_for_secrets_again()
        return cleaned

    def _check_address(self, kind: str, cleaned: dict[str, Any]) -> None:
        address, variable = cleaned.get("address", ""), cleaned.get("address_env", "")
        has_one = bool(self.channel and self.channel.address)
        if address and variable:
            self.add_error("address_env", gettext("Give the address or the variable, not both."))
        elif not (address or variable or has_one or self._has_errors("address")):
            self.add_error("address", gettext("Give the address, or the variable that holds it."))
        elif address and kind:
            try:
                addresses.parsed(address, kind, channels.allowed_hosts())
            except addresses.Forbidden as forbidden:
                self.add_error("address", str(forbidden))

    def _check_secret(self, kind: str, cleaned: dict[str, Any]) -> None:
        secret, variable = cleaned.get("secret", ""), cleaned.get("secret_env", "")
        forgets = bool(cleaned.get("forgets_secret"))
        has_one = bool(self.channel and self.channel.secret) and not forgets
        if secret and (variable or forgets):
            self.add_error("secret", gettext("Either a secret or none: choose one of these."))
        elif (vendor := VENDORS.get(kind)) and not self._has_errors("secret"):
            is_given = bool(secret or variable)
            problem = vendor.secret_problem(secret, is_given=is_given, is_kept=has_one)
            if problem:
                self.add_error("secret", problem)

    def _has_errors(self, field: str) -> bool:
        return field in self.errors or f"{field}_env" in self.errors

    def _ask_for_secrets_again(self) -> None:
        """What was typed into them is not sent back, so it would be lost without a word."""
        if not self.errors:
            return
        for name in _SECRETS:
            if self.data.get(self.add_prefix(name)) and name not in self.errors:
                self.add_error(
                    name, gettext("Enter this once more: what is secret is not shown again.")
                )

    def refuse_name(self) -> None:
        self.add_error("name", gettext("There is a channel of this name already."))
        self._ask_for_secrets_again()

    def wanted(self) -> WantedChannel:
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "kind"}
        return WantedChannel(**cleaned)
