"""While the database is away, the answer is 503 with a page that needs no query.

Django answers an error at the layer where it was raised, so there are three places to catch it:
a view (``DatabaseOutageMiddleware``), the reading of the session before it
(``okrtracker.return_address.LoginRequiredMiddleware``), and whatever lies outside of both
(``server_error``, the project's ``handler500``).
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error as broken

logger = logging.getLogger(__name__)

# Seconds after which a browser or a proxy may ask again.
RETRY_AFTER: Final = 5
# What SQLite says of a file that is locked, out of reach or on a full disk. Its other errors (a
# missing table, say) are faults of ours that do not pass.
_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)

# What a database says that can be read only: a standby, a full disk.
_REFUSING: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL})
_REFUSING_STATES: Final = frozenset({"25006", "53100"})  # of PostgreSQL

# A form with a field named like these is not repeated: its other fields may be secret, too (a chat
# robot's address is), and no view can be asked which.
_SECRET: Final = ("password", "secret")


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_outage(error: BaseException | None) -> bool:
    """Whether the database could not be reached or could not serve, and may do so soon.

    PostgreSQL's ``OperationalError`` is always of that kind: no connection, none free in the pool
    in time, shut down, disk full, a lock not had.
    """
    if refuses_writes(error):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    return _code_of(cause) in _PASSING if isinstance(cause, sqlite3.Error) else True


def refuses_writes(error: BaseException | None) -> bool:
    """Whether the database may be read and takes nothing."""
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _code_of(cause) in _REFUSING
    return getattr(cause, "sqlstate", None) in _REFUSING_STATES


def _code_of(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)  # unset where Python raised it itself
    return None if code is None else code & 0xFF  # the low byte is the primary code


def outage_response(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The page, complete in itself. A script learns from the status and keeps its own page."""
    logger.error("no database for %s %s: %s", request.method, request.path, _one_line(error))
    is_post = request.method == "POST"
    context = {
        "is_post": is_post,
        "path": request.get_full_path(),
        "typed": typed_fields(request),
        "refuses_writes": refuses_writes(error),
    }
    page = render_to_string("503.html", context)
    response = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response


class DatabaseOutageMiddleware:
    """Answers for a database that went away within a view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return outage_response(request, error) if is_outage(error) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort for any error; Django calls it while it handles that error."""
    error = sys.exception()
    if error is not None and is_outage(error):
        return outage_response(request, error)
    return broken(request)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The form's fields, for a button that sends them again.

    None where files are missing from them, or where they would write a secret into a page.
    """
    is_secret = any(word in name for name in request.POST for word in _SECRET)
    if request.FILES or is_secret:
        return []
    return [(name, str(value)) for name, values in request.POST.lists() for value in values]


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
