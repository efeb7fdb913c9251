"""What an address names has another address: the browser is sent there."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


class OtherAddress(Exception):
    """Raised by a view that has found who may see it: ``parts`` replace those of its address."""

    def __init__(self, **parts: str) -> None:
        self.parts = parts
        super().__init__(parts)


class OtherAddressMiddleware:
    """Redirects there, with the query as it is; a form is sent again as it was (307)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(error, OtherAddress) or match is None:
            return None
        path = reverse(match.view_name, kwargs=match.kwargs | error.parts)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{path}?{query}" if query else path, preserve_request=True)
