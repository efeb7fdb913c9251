"""The log: one line for each event, with the request or task it belongs to, and no secrets.

Each line says who asked, from where, and the number by which all lines of one request are found
(``X-Request-ID``, which a proxy may give and every answer carries).
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from celery import signals
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_task_id: ContextVar[str] = ContextVar("task_id", default="")

_ID: Final = "HTTP_X_REQUEST_ID"
_GIVEN_ID: Final = re.compile(r"[\w.-]{8,64}")


class RequestLogMiddleware:
    """The first of all, so that whatever any other logs belongs to the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:12]
        request.META[_ID] = request_id
        token = _request.set(request)
        try:
            response = self.get_response(request)
        finally:
            _request.reset(token)
        response["X-Request-ID"] = request_id
        return response


def client_address(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy, as the proxy nearest to us says."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:45]  # the longest that an address can be
    return str(request.META.get("REMOTE_ADDR", ""))


def context(record: logging.LogRecord) -> dict[str, str]:
    """Task, request, user and address of a line, where there are any, without a query."""
    # Django logs refusals behind all middleware, and hands the request over.
    request = getattr(record, "request", None) or _request.get()
    fields = {"task": _task_id.get()}
    if isinstance(request, HttpRequest):
        user = getattr(request, "_cached_user", None)  # set once something has asked for the user
        fields |= {
            "request": request.META.get(_ID, ""),
            "user": user.get_username() if user is not None else "",
            "address": client_address(request),
        }
    return {name: value for name, value in fields.items() if value}


# --- no secrets -------------------------------------------------------------------------------

_HIDDEN: Final = "…"
_SECRETS: Final = (
    # user:password@host in an address
    (re.compile(r"(://[^:/@\s]*:)[^@\s]+(?=@)"), rf"\1{_HIDDEN}"),
    # password=…, "token": "…", Authorization: Bearer …
    (
        re.compile(
            r"((?:passw\w*|passphrase|secret\w*|\w*token\w*|api_?key|authorization|cookie|sessionid)"
            r"[\"']?\s*[=:]\s*[\"']?(?:Bearer\s+|Basic\s+)?)[^\s\"',;&]+",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    # the part of a link that opens it: long, and with digits here and there
    (re.compile(r"(?<=/)(?=(?:[^/\s\d]*\d){3})[\w:.=-]{20,}(?=[/\s?'\"]|$)"), _HIDDEN),
)


@cache
def _keys() -> tuple[str, ...]:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, *settings.CHANNEL_KEYS)
    return tuple(key for key in (*keys, settings.BACKUP_PASSPHRASE) if len(key) > 7)


def without_secrets(text: str) -> str:
    """The text without passwords, keys, and what opens a link."""
    for key in _keys():
        text = text.replace(key, _HIDDEN)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class PlainFormatter(logging.Formatter):
    """``2026-12-01 08:00:00.123Z WARNING django.request [request=… user=…] Forbidden: /admin/``"""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%d %H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        where = " ".join(f"{name}={value}" for name, value in context(record).items())
        record.where = f" [{where}]" if where else ""
        return without_secrets(super().format(record))


class JsonFormatter(PlainFormatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            **context(record),
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


# --- who signs in -----------------------------------------------------------------------------


@receiver(user_logged_in)
def _signed_in(user: Any, **_kwargs: object) -> None:
    logger.info("signed in: %s", user.get_username())


@receiver(user_logged_out)
def _signed_out(user: Any, **_kwargs: object) -> None:
    if user is not None:
        logger.info("signed out: %s", user.get_username())


@receiver(user_login_failed)
def _sign_in_failed(credentials: dict[str, Any], **_kwargs: object) -> None:
    """Only a name that somebody has is written down: another may be a password in a wrong field."""
    name = str(credentials.get("username") or credentials.get("email") or "")
    users = get_user_model()._default_manager.filter(Q(username=name) | Q(email__iexact=name))
    account = name if name and users.exists() else "a name that nobody has"
    logger.warning("sign-in failed: %s", account)


# --- tasks ------------------------------------------------------------------------------------


def _leave_as_set(**_kwargs: object) -> None:
    """Celery sets up logging of its own unless somebody answers this; ``LOGGING`` holds."""


def _task_begins(task_id: str, **_kwargs: object) -> None:
    _task_id.set(task_id)


def _task_ends(**_kwargs: object) -> None:
    _task_id.set("")


signals.setup_logging.connect(_leave_as_set)
signals.task_prerun.connect(_task_begins)
signals.task_postrun.connect(_task_ends)
