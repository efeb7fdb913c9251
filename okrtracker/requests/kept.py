"""A form that cannot be taken as it was sent: the answer holds what was typed, to send it again."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from okrtracker.database_outage import typed_fields
from okrtracker.gone import typed_texts


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """To a form whose session has ended; ``None`` where nothing was typed into it."""
    return _page(request, HTTPStatus.UNAUTHORIZED) if typed_texts(request) else None


def csrf_failure(request: HttpRequest, **_reason: str) -> HttpResponse:
    """Django's view of a form without the session's token, such as one from before signing in.

    Only a form of this site may be sent again from here: one of another site is what the token
    guards against.
    """
    is_own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if is_own and not request.headers.get("HX-Request") and typed_texts(request):
        return _page(request, HTTPStatus.FORBIDDEN)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    fields = [
        (name, value) for name, value in typed_fields(request) if name != "csrfmiddlewaretoken"
    ]
    context = {"fields": fields, "is_signed_out": not request.user.is_authenticated}
    return render(request, "kept.html", context, status=status)
