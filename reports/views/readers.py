"""How pages look that somebody opens from a mail, without signing in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation


def show_to_reader(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page in the reader's language, unless the browser's chose one.

    Its address is a secret: it goes to no other site and into no search. Without a referrer a
    browser names no origin either, so that no form here can be one that wants a CSRF token.
    """
    is_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(
        language if language and not is_chosen else translation.get_language()
    ):
        response = render(request, template, {**(context or {})}, status=status)
        response.headers["Content-Language"] = translation.get_language()
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
