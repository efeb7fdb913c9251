"""The forms of django-allauth in the words of this project."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from okrtracker.requests.try_later import TryLater


class SignInForm(LoginForm):
    """User name or mail address, and the password. ``refusal`` is set where it was not checked."""

    refusal: TryLater | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].max_length = 254

    def add_prefix(self, field_name: str) -> str:
        """The name that browsers and password managers have kept for it."""
        name: str = super().add_prefix("username" if field_name == "login" else field_name)
        return name

    def clean(self) -> dict[str, Any] | None:
        try:
            cleaned: dict[str, Any] | None = super().clean()
        except TryLater as refusal:
            self.refusal = refusal
            raise ValidationError(refusal.words) from None
        return cleaned


class _NewPassword:
    """What is common to the forms that set a password."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")
        for field in self.fields.values():
            del field.widget.attrs["placeholder"]


class PasswordForm(_NewPassword, ChangePasswordForm):
    """Another password, for who knows the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""


class FirstPasswordForm(_NewPassword, SetPasswordForm):
    """A password for an account that has none."""


class LinkPasswordForm(_NewPassword, ResetPasswordKeyForm):
    """Another password, for who has opened the link in a mail."""


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label, field.help_text = _("your password"), ""
        del field.widget.attrs["placeholder"]


class _Code:
    """What is common to the forms that take a code."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.max_length = pgettext_lazy("of the second factor", "code"), 20
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        del field.widget.attrs["placeholder"]


class CodeForm(_Code, AuthenticateForm):
    """A code of the app, or a recovery code, after the password."""


class CodeAgainForm(_Code, CodeReauthenticateForm):
    """The same before something that matters."""


class AppForm(_Code, ActivateTOTPForm):
    """The first code of an app, which shows that it has the secret."""
