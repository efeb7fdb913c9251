"""Browsers that somebody has signed in with before.

Whoever guesses passwords from elsewhere is braked by account and by address; a browser that its
owner has signed in with is counted by itself, so that no stranger can lock the owner out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_COOKIE: Final = "device"
_LIFETIME: Final = timedelta(days=365)
_SALT: Final = "okrtracker.accounts.device"
# Of one browser: who has signed in last.
_USERS: Final = 10


@dataclass(frozen=True, slots=True)
class Device:
    """A browser by a name of its own, and the keys of the users who have signed in with it."""

    name: str
    users: tuple[int, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The one that the cookie names; a new one without."""
        cookie = request.COOKIES.get(_COOKIE, "")
        try:
            name, users = signing.loads(cookie, salt=_SALT, max_age=_LIFETIME)
        except (signing.BadSignature, TypeError, ValueError):
            return cls(secrets.token_urlsafe(12))
        return cls(name, tuple(users))

    def knows(self, users: Iterable[int]) -> bool:
        """Whether one of them has signed in with it."""
        return not set(self.users).isdisjoint(users)

    def remember(self, user: int, response: HttpResponse) -> None:
        """Let the browser know that this user has signed in with it."""
        users = (user, *(other for other in self.users if other != user))[:_USERS]
        response.set_cookie(
            _COOKIE,
            signing.dumps((self.name, users), salt=_SALT),
            max_age=_LIFETIME,
            path="/accounts/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
