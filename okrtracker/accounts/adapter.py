"""Where django-allauth asks the project: who signs in, where to, and what is said of it."""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.core.internal.httpkit import get_client_ip
from allauth.usersessions import adapter as usersessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okrtracker.accounts import brake
from okrtracker.accounts.device import Device
from okrtracker.mail.message import Message, new_id, render
from okrtracker.requests.try_later import Busy
from projects.sessions import BEGAN
from projects.teams import notices

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": _("This is not your password."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many wrong codes. Try again in 5 minutes."),
        "rate_limited": _("Too many wrong codes. Try again in 5 minutes."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user whose password it is. Raises ``TryLater``; the account of nobody else suffers.

        A closed account is answered like a wrong password.
        """
        login = credentials.get("username") or credentials.get("email") or ""
        attempt = brake.count_password(request, login, _users_of(login))
        try:
            user = authenticate(request, **credentials)
        except Busy:
            attempt.give_back()
            logger.warning("sign-in put off: busy")
            raise
        if user is not None:
            attempt.give_back()
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        self.is_first = user.last_login is None
        super().login(request, user)
        request.session[BEGAN] = time.time()

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        device = Device.of(request)
        if not self.is_first and not device.knows([user.pk]):
            self.send_notification_mail("new_browser", user)
        device.remember(user.pk, response)
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        super().set_password(user, password)
        logger.info("new password: %s", user.get_username())
        here = self.request.session.session_key
        usersessions.get_adapter().end_sessions(
            UserSession.objects.filter(user_id=user.pk).exclude(session_key=here)
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What is sent is the project's; here is only named what has happened."""
        notices.write(user, template_prefix.rpartition("/")[2], self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip(request) or "127.0.0.1"  # a socket has no address

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        logger.warning("sign-in failed: the account %s is closed", user.get_username())
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_change_password_done")

    def send_password_reset_mail(
        self, user: AbstractUser, email: str, context: dict[str, Any]
    ) -> None:
        subject = gettext("A new password for OKR Tracker")
        link = context["password_reset_url"]
        mail = render("password_link", subject, {"user": user, "link": link})
        Message(mail, to=user.email, name=str(user), message_id=new_id("password")).send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Of the site as mails name it: a worker, which has no request, sends them."""
        uidb36, _dash, key = key.partition("-")
        names = {"uidb36": uidb36, "key": key}
        path = reverse("account_reset_password_from_key", kwargs=names)
        return f"{settings.SITE_URL}{path}"

    def is_safe_url(self, url: str) -> bool:
        """Whether it leads to this site, under the name that it was reached by."""
        request = self.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages are what is answered, whatever a header says."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation, or by an administrator."""
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """None of django-allauth's own: the pages say what has happened."""


def _users_of(login: str) -> list[AbstractBaseUser]:
    """The users whom a login may mean."""
    users = filter_users_by_email(login, for_login=True) if "@" in login else []
    user = get_user_by_username(login) if login else None
    return [user for user in (*users, user) if user is not None]
