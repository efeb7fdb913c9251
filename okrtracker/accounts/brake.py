"""How often something may be tried that could be guessed, or that sends mail.

Wrong passwords are counted by account and address, so that one address locks nobody out who comes
from another; by address alone, against one that tries many accounts; and by account alone, against
many addresses that try one. A browser that the user has signed in with before is counted by itself
alone (``okrtracker.accounts.device``). The counts are django-allauth's, in the cache that all
processes share.
"""

from __future__ import annotations

import logging
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.core.internal import ratelimit
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest

from okrtracker.accounts.device import Device
from okrtracker.requests.try_later import TryLater

logger = logging.getLogger(__name__)

_APP: Final = "okrtracker.accounts"
# What is counted: so many in so long, by a key.
LIMITS: Final = {
    # Of an account from an address; of an address; of an account, which no address reaches alone;
    # of an account in a browser that it knows.
    "wrong_password_here": "5/5m/key",
    "wrong_password_address": "30/5m/key",
    "wrong_password_account": "100/h/key",
    "wrong_password_browser": "10/5m/key",
    "password_link": "1/m/key,5/h/key",
    "password_link_address": "20/5m/key",
    "new_address": "1/m/key,10/d/key",
    "forget": "5/5m/key,20/d/key",
    "invitation": "30/5m/key",
    "invitation_again": "5/d/key",
}


@dataclass(slots=True)
class Attempt:
    """What an attempt was counted as."""

    usages: list[Any] = field(default_factory=list)

    def give_back(self) -> None:
        """It was none after all: the password was right."""
        for usage in self.usages:
            usage.rollback()


def address_of(request: HttpRequest | None) -> str:
    """Where a request comes from; of IPv6 the network of a household, as django-allauth has it."""
    return str(ratelimit.get_ip(request)) if request is not None else "nowhere"


def count(request: HttpRequest, *actions: tuple[str, str], of: str = "") -> Attempt:
    """Count an attempt of each action by its key. Raises ``TryLater`` when one is too many; then
    none was counted. The log says ``of`` whom it was, never what was typed: that may be a password
    in a wrong field.
    """
    attempt = Attempt()
    for action, key in actions:
        usage = ratelimit.consume(
            request, app=_APP, action=action, config=LIMITS, key=key, limit_get=True
        )
        if not usage:
            attempt.give_back()
            seconds = _seconds_to_wait(request, action, key)
            logger.warning("refused for %d s: %s %s", seconds, action, of)
            raise TryLater(seconds)
        attempt.usages.append(usage)
    return attempt


def count_password(request: HttpRequest, login: str, users: Sequence[AbstractBaseUser]) -> Attempt:
    """Count a password before it is checked, for the users that the login may mean."""
    address, device = address_of(request), Device.of(request)
    keys = sorted(user.pk for user in users)
    account = f"user {keys[0]}" if keys else f"login {folded(login)}"
    of = users[0].get_username() if users else "a name that nobody has"
    if device.knows(keys):
        action = ("wrong_password_browser", f"{account} in {device.name}")
        return count(request, action, of=of)
    return count(
        request,
        ("wrong_password_here", f"{account} from {address}"),
        ("wrong_password_address", address),
        ("wrong_password_account", account),
        of=of,
    )


def count_password_link(request: HttpRequest, email: str) -> None:
    """Count a mail with a link for a new password, whether or not an account has the address."""
    address = ("password_link_address", address_of(request))
    count(request, ("password_link", folded(email)), address)
    logger.info("password link asked for")


def folded(login: str) -> str:
    """The login as it is compared: neither case nor width counts."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _seconds_to_wait(request: HttpRequest, action: str, key: str) -> float:
    seconds = [1.0]
    for rate in ratelimit.get_rates(app=_APP, action=action, config=LIMITS):
        name = ratelimit.get_cache_key(request, app=_APP, action=action, rate=rate, key=key)
        moments = cache.get(name, [])  # the newest first
        if len(moments) >= rate.amount:
            seconds.append(moments[rate.amount - 1] + rate.duration - time.time())
    return max(seconds)
