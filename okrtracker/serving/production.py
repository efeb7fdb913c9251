"""What a site that people use must be told, and what it does not do until it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1", None}


class SiteConfig(AppConfig):
    name = "okrtracker"


def unset() -> tuple[str, ...]:
    """Names of variables without which mail goes nowhere. Under ``DEBUG`` none is missed."""
    return () if settings.DEBUG else tuple(_unset())


def _unset() -> Iterator[str]:
    if not settings.EMAIL_URL:
        yield "EMAIL_URL"
    if urlsplit(settings.SITE_URL).hostname in _LOOPBACK:
        yield "SITE_URL"


#: For an operator.
PROBLEMS: Final = {
    "EMAIL_URL": "EMAIL_URL is not set: no mail is sent, what is due waits",
    "SITE_URL": "SITE_URL is not set: links in mails lead to the reader's own machine",
    "SECRET_KEY": "SECRET_KEY is not set: other machines, or one without VAR_DIR, take another",
}


@register(Tags.security, deploy=True)
def check_production(**_options: Any) -> list[CheckMessage]:
    names = [*_unset(), *(["SECRET_KEY"] if settings.SECRET_KEY_IS_MADE else [])]
    return [Error(PROBLEMS[name], id=f"okrtracker.{name}") for name in names]
