"""How long something takes, and how many queries: medians of many runs, in milliseconds."""

from __future__ import annotations

import gc
import io
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.crypto import get_random_string

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from projects.models import User

type Write = Callable[[bytes], object]

_CSRF: Final = get_random_string(32)


class Browser:
    """A signed-in user who speaks to the WSGI application itself, in this process.

    All that a server calls is called, the connections' end after each request included; what is
    not measured is the network, and the compression that the floor has as well.
    """

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookies: SimpleCookie = client.cookies
        cookies["csrftoken"] = _CSRF
        self._cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
        self._application = get_wsgi_application()

    def get(self, address: str) -> bytes:
        return self._request("GET", address, b"")

    def post(self, address: str, fields: dict[str, str]) -> bytes:
        """As htmx sends a form."""
        body = urlencode({**fields, "csrfmiddlewaretoken": _CSRF}).encode()
        return self._request("POST", address, body)

    def _request(self, method: str, address: str, body: bytes) -> bytes:
        status: list[str] = []
        path, _, query = address.partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": self._cookies,
            "HTTP_HX_REQUEST": "true" if body else "",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
        }

        def start_response(code: str, _headers: object, _error: object = None) -> Write:
            status.append(code)
            return lambda _data: None

        response = self._application(environ, start_response)
        with closing(response):
            content = b"".join(response)
        if not status[0].startswith("200"):
            raise RuntimeError(f"{method} {address}: {status[0]}")
        return content


def side_by_side(
    runs: int, *works: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """The median time of each, in ms. They take turns, so that a busy machine slows all alike.

    What waits for nothing is fairly measured by the ``clock`` of its own time, ``process_time``.
    """
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    gc.collect()
    gc.freeze()
    try:
        for _ in range(runs):
            for work, taken in zip(works, times, strict=True):
                began = clock()
                work()
                taken.append((clock() - began) * 1000)
    finally:
        gc.unfreeze()
    return [statistics.median(taken) for taken in times]


def queries(work: Callable[[], object]) -> int:
    """How many queries it takes, those that begin and end a transaction left out."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not _is_of_transaction(query["sql"]) for query in captured.captured_queries)


def _is_of_transaction(sql: str) -> bool:
    return sql.upper().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
