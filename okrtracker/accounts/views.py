"""Signing in, also in the midst of a form: what was typed goes along and waits behind the login."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account.views import LoginView, PasswordResetFromKeyView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36, urlsafe_base64_decode

from okrtracker.accounts.forms import SignInForm
from okrtracker.requests import kept_forms
from okrtracker.requests.kept_forms import KeptForm


class SignInView(LoginView):
    """django-allauth's login. A kept form follows it, to be sent with the new session's token."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Signed in elsewhere meanwhile: there is only the form to be sent."""
        form = KeptForm.along(request) if request.user.is_authenticated else None
        if form is not None:
            return kept_forms.page(request, form, HTTPStatus.OK)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The kept form's page sends no name: then the login is only shown."""
        if kept_forms.FIELD in request.POST and "username" not in request.POST:
            form = SignInForm(request=request)
            shown: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return shown
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        kept_form = KeptForm.along(self.request)
        if kept_form is None or not self.request.user.is_authenticated:
            return response
        page = kept_forms.page(self.request, kept_form, HTTPStatus.OK)
        page.cookies = response.cookies
        return page

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        return form.refusal.mark(response) if form.refusal else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "kept_form": KeptForm.along(self.request),
            "next": self.get_next_url() or "",
        }


class PasswordFromLinkView(PasswordResetFromKeyView):
    """Where the link in a mail leads: a new password, and signed in with it."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if not self.request.user.is_authenticated:
            return response
        done = redirect("account_change_password_done")
        done.cookies = response.cookies
        return done


_sign_in: Callable[..., HttpResponseBase] = SignInView.as_view()
_password_from_link: Callable[..., HttpResponseBase] = PasswordFromLinkView.as_view()


@login_not_required
def account_login(request: HttpRequest) -> HttpResponseBase:
    return _sign_in(request)


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no sign-in of its own; who is signed in and no staff is refused."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@login_not_required
def account_reset_password_from_key(
    request: HttpRequest, uidb36: str, key: str
) -> HttpResponseBase:
    return _password_from_link(request, uidb36=uidb36, key=key)


@login_not_required
def old_password_link(_request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """A link mailed before release 0.2, which holds for three days."""
    try:
        uidb36 = int_to_base36(int(urlsafe_base64_decode(uidb64)))
        base36_to_int(uidb36)
    except (ValueError, OverflowError):
        raise Http404 from None
    return redirect("account_reset_password_from_key", uidb36=uidb36, key=token)
