"""Probes and scrapers are answered before any other layer.

They come by address, by any name, by plain http past the proxy, and when the database is away: no
list of allowed hosts, no redirect to https and no session stands before them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

_PATHS: Final = frozenset({"/health/", "/health/live/", "/health/ready/", "/metrics/"})


class ProbeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in _PATHS:
            answer: HttpResponse = resolve(request.path_info).func(request)
            return answer
        return self.get_response(request)
