"""What somebody else has removed meanwhile: a form for it is answered with a sentence, never a 500.

A view learns of it in three ways, and all end here: its address names a row that is no longer
there (``Http404``), the row goes between being read and being locked (``DoesNotExist``), or one
that it refers to does (the foreign key is refused).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from okrtracker.requests.clean import parsed_json
from okrtracker.requests.database_outage import typed_fields

logger = logging.getLogger(__name__)

_FOREIGN_KEY_VIOLATION: Final = "23503"  # among the codes of PostgreSQL
_OPENED: Final = "opened"  # the field in which a guarded form sends back how it was opened


class GoneMiddleware:
    """Answers 404 to a form whose row is gone, with what was typed to be copied from it.

    Nothing was saved: whoever writes does so in one transaction. A script gets the status alone,
    and its page keeps what was typed (``static/js/app.js``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.method != "POST" or not is_gone(error):
            return None
        if not isinstance(error, Http404):
            logger.warning("gone: %s %s", request.method, request.path, exc_info=error)
        return render(request, "gone.html", {"texts": typed_texts(request)}, status=404)


def is_gone(error: BaseException) -> bool:
    """Whether it says that a row is not there."""
    if isinstance(error, IntegrityError):
        sqlite = getattr(error.__cause__, "sqlite_errorcode", None)
        postgresql = getattr(error.__cause__, "sqlstate", None)
        return (
            sqlite == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY or postgresql == _FOREIGN_KEY_VIOLATION
        )
    return isinstance(error, Http404 | ObjectDoesNotExist)


def typed_texts(request: HttpRequest) -> list[str]:
    """What the sender changed; all that was sent where a form does not say how it was opened."""
    fields = typed_fields(request)
    as_opened: dict[str, object] = {}
    for name, value in fields:
        if name.endswith(_OPENED):
            prefix = name.removesuffix(_OPENED)
            for field, text in _opened(value).items():
                as_opened[f"{prefix}{field}"] = "on" if text == "true" else text  # a ticked box
    return [
        text
        for name, value in fields
        if (text := value.strip()) and text != as_opened.get(name) and not _is_hidden(name)
    ]


def _is_hidden(name: str) -> bool:
    """Whether nobody types into a field of that name."""
    return name in ("csrfmiddlewaretoken", "next", "switch_to") or name.endswith(
        (_OPENED, "_FORMS")
    )


def _opened(value: str) -> dict[str, object]:
    """How ``projects.forms.guarded.GuardedForm`` says that it was opened."""
    opened = parsed_json(value)
    return opened if isinstance(opened, dict) else {}
