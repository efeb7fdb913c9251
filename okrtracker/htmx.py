"""The one place that knows htmx's headers.

A view renders its page through ``render``, which answers htmx with the one partial that it asked
for. Caches must not mix the two up, hence ``Vary``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers
from django_htmx import http
from django_htmx.middleware import HtmxDetails


def wants_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part, and not for a whole page (a boosted link, its history)."""
    details = _details(request)
    return bool(details) and not details.boosted and not details.history_restore_request


def render(
    request: HttpRequest,
    template: str,
    partial: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The page, or for htmx its partial of that name."""
    name = f"{template}#{partial}" if wants_partial(request) else template
    response = render_template(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def trigger(response: HttpResponse, event: str) -> HttpResponse:
    """Fire an event of that name on the page's body when htmx has received the response."""
    return http.trigger_client_event(response, event)


def push_url(response: HttpResponse, address: str) -> HttpResponse:
    """Make that address the browser's current one when htmx has received the response."""
    return http.push_url(response, address)


def replace_url(response: HttpResponse, address: str) -> HttpResponse:
    """The same, in place of the entry of the browser's history that stands there."""
    return http.replace_url(response, address)


def retarget(response: HttpResponse, selector: str) -> HttpResponse:
    """Replace that element with the response, whatever target the request had."""
    return http.reswap(http.retarget(response, selector), "outerHTML")


def redirect(address: str) -> HttpResponse:
    """Load that address in the browser instead of swapping anything in."""
    return http.HttpResponseClientRedirect(address)


def current_address(request: HttpRequest) -> str:
    """Path and query of the page that htmx asks from; empty when it is not htmx that asks."""
    return _details(request).current_url_abs_path or ""


def _details(request: HttpRequest) -> HtmxDetails:
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return details


class LoginForHtmxMiddleware:
    """Answers 401 when a session has ended, instead of swapping the login form into a card.

    The page keeps all that was typed; ``static/js/app.js`` shows a notice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.get("Location", "")
        if request.headers.get("HX-Request") and location.startswith(str(settings.LOGIN_URL)):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        return response
