"""Signing in, also in the midst of a form: what was typed goes along and waits behind the login."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from allauth.account.views import LoginView, PasswordResetFromKeyView
from allauth.mfa.base.views import AuthenticateView
from allauth.usersessions import adapter as usersessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36, urlsafe_base64_decode
from django.views.decorators.http import require_http_methods

from okrtracker.accounts import browsers
from okrtracker.accounts.forms import SignInForm
from okrtracker.requests import kept_forms
from okrtracker.requests.kept_forms import KeptForm

logger = logging.getLogger(__name__)


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
        kept_forms.wait(self.request)
        return kept_forms.waiting(self.request, response)

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        return form.refusal.mark(response) if form.refusal else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "kept_form": KeptForm.along(self.request),
            "next": self.get_next_url() or "",
            "single_sign_on": settings.OIDC_NAME if settings.OIDC_URL else "",
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


class CodeView(AuthenticateView):
    """Asks for the code after the password. A form that waits is offered behind it."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return kept_forms.waiting(self.request, response)


_code: Callable[..., HttpResponseBase] = CodeView.as_view()
_sign_in: Callable[..., HttpResponseBase] = SignInView.as_view()
_password_from_link: Callable[..., HttpResponseBase] = PasswordFromLinkView.as_view()


@login_not_required
def account_login(request: HttpRequest) -> HttpResponseBase:
    return _sign_in(request)


@login_not_required
def mfa_authenticate(request: HttpRequest) -> HttpResponseBase:
    return _code(request)


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no sign-in of its own; who is signed in and no staff is refused."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that its user is signed in with."""

    key: int
    words: str
    address: str
    created_at: datetime
    is_this: bool


@require_http_methods(["GET", "HEAD", "POST"])
def account_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. The form ends the session that it names, else all others."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user=request.user, session_key__in=live).order_by("-pk")
    others = [row for row in rows if row.session_key != request.session.session_key]
    if request.method == "POST":
        named = request.POST.get("session")
        ended = [row for row in others if named is None or str(row.pk) == named]
        usersessions.get_adapter().end_sessions(ended)
        logger.info("%d sessions of %r ended", len(ended), request.user.get_username())
        return redirect("account_sessions")
    context = {"others": others, "sessions": [_signed_in(row, row not in others) for row in rows]}
    return render(request, "account/sessions.html", context)


def _signed_in(row: UserSession, is_this: bool) -> SignedIn:
    words = browsers.words_of(row.user_agent) or row.user_agent[:60] or "?"
    return SignedIn(row.pk, words, row.ip, row.created_at, is_this)


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
