"""Signing in by a provider of OpenID Connect that the environment names (``OIDC_URL`` …).

It lets in people who have an account here: linked by themselves, or found once by an address that
the provider has verified. It makes no accounts; who joins a team is invited.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Choose a password first: without it you could not sign in any more."),
    }

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse addresses of other domains, and find the account of a verified address."""
        addresses = sociallogin.email_addresses
        email = addresses[0].email.lower() if addresses else ""
        domain = email.rpartition("@")[2]
        if settings.OIDC_DOMAINS and domain not in settings.OIDC_DOMAINS:
            logger.warning("sign-in failed: the domain %r may not come in", domain)
            status = HTTPStatus.FORBIDDEN
            refusal = render(request, "socialaccount/refused.html", status=status)
            raise ImmediateHttpResponse(refusal)
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        users = filter_users_by_email(email, is_active=True, for_login=True)
        if len(users) == 1 and addresses[0].verified:
            sociallogin.connect(request, users[0])

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        logger.warning("sign-in failed: nobody here has the provider's account")
        return False
