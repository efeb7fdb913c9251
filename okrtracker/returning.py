"""Back to where the reader was, after a form that stands on many pages was sent."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from okrtracker import htmx


def page_before(request: HttpRequest, default: str) -> str:
    """Path and query of the page that the reader came from, never of another site.

    The field ``next`` of a form names it, or htmx does, or the browser; else it is ``default``.
    """
    host, is_secure = request.get_host(), request.is_secure()
    candidates = (
        request.POST.get("next"),
        htmx.current_address(request),
        request.headers.get("Referer"),
    )
    for address in filter(None, candidates):
        if url_has_allowed_host_and_scheme(address, {host}, require_https=is_secure):
            parts = urlsplit(address)
            return urlunsplit(("", "", parts.path, parts.query, parts.fragment)) or default
    return default


def back(request: HttpRequest, default: str) -> HttpResponse:
    return redirect(page_before(request, default))
