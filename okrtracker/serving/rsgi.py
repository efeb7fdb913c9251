"""The application that granian serves (``okrtracker.serving.OPTIONS``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.http import HttpResponse

from okrtracker.serving.limits import largest_body
from okrtracker.serving.server import Limits, Server
from okrtracker.wsgi import application

_sessions = SessionMiddleware(lambda _request: HttpResponse())


def _most(environ: dict[str, Any]) -> int:
    """What the middleware will allow, which then answers for a database that is away."""
    request = WSGIRequest(environ)
    close_old_connections()
    try:
        _sessions.process_request(request)
        return largest_body(request)
    except DatabaseError:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    finally:
        close_old_connections()


server = Server(
    application,
    Limits(_most, in_memory=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    threads=settings.WEB_THREADS,
)
