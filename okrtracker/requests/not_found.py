"""The site's own pages for an address that shows nothing.

What is not there (``404.html``) looks the same while ``DEBUG`` is on.

Django shows developers a page of its own instead. ``make run`` runs with ``DEBUG``, and who tries
the program there should see what its users see, with their team's navigation.

An address that takes forms only (``405.html``) is what stands in the address bar above a refused
form. Django answers a reader who opens it, or changes the language there, with an empty page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import Resolver404
from django.views.defaults import page_not_found


class NotFoundMiddleware:
    """Of what is not there nothing is done without ``DEBUG``: Django renders the same page then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """An address that leads to no view, where none could raise, or to one for forms only."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            page = render(request, "405.html", status=response.status_code)
            page["Allow"] = response["Allow"]
            return page
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            return page_not_found(request, Resolver404())
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A view that found nothing."""
        is_for_developers = settings.DEBUG and isinstance(error, Http404)
        return page_not_found(request, error) if is_for_developers else None
