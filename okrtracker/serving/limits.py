"""How large the body of a request may be: small for every form, more where a view takes files.

The server (``okrtracker.serving.rsgi``) asks before it reads a body, the middleware
(``okrtracker.requests.bodies``) before anything parses one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest
from django.urls import resolve

_ATTRIBUTE: Final = "largest_body"


def takes_files[View: Callable[..., object]](*, most: int) -> Callable[[View], View]:
    """Marks a view that takes files, from whoever is signed in: ``most`` bytes in one body."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, most)
        return view

    return mark


def largest_upload(path: str) -> int:
    """Bytes that a body with files may have at this address; 0 where no view takes any."""
    try:
        return getattr(resolve(path).func, _ATTRIBUTE, 0)
    except Http404:
        return 0


def largest_body(request: HttpRequest) -> int:
    """Bytes that the body of this request may have. Its session is read only where it matters."""
    most = largest_upload(request.path_info)
    if most and SESSION_KEY in request.session:
        return most
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
