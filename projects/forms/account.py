"""What people change of their own account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import MailedNameField
from projects.forms.guarded import GuardedForm
from projects.models import User


class NameForm(GuardedForm):
    name = MailedNameField(
        label=pgettext_lazy("of a person", "name"),
        max_length=80,
        help_text=_("As colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, initial={"name": user.name})
        self.guard()


class _PasswordedForm(forms.Form):
    """The password says that it is really the user who sits there."""

    password = forms.CharField(
        label=_("your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError(gettext("This is not your password."))
        return password


class ForgetForm(_PasswordedForm):
    """One's own account is closed for good: the user name is typed, so that no slip does it."""

    username = forms.CharField(
        label=_("your user name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    field_order = ("username", "password")

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(user, data, prefix="forget")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if username != self.user.username:
            raise ValidationError(gettext("This is not your user name."))
        return username


class AddressForm(_PasswordedForm):
    """A new address for one's mails."""

    email = forms.EmailField(
        label=_("new mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    field_order = ("email", "password")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.user.email.lower():
            raise ValidationError(gettext("Your mails go there already."))
        return email
