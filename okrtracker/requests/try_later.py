"""What is refused for now: the answer says how long to wait, in words and as ``Retry-After``."""

from __future__ import annotations

import math
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext


class TryLater(Exception):
    """Raised by a view or a form; ``seconds`` is how long to wait."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(self.seconds)

    @property
    def words(self) -> str:
        """The refusal in the active language."""
        if self.seconds < 60:
            words = ngettext(
                "Too many attempts. Try again in %(count)s second.",
                "Too many attempts. Try again in %(count)s seconds.",
                self.seconds,
            )
            return words % {"count": self.seconds}
        if self.seconds > 7200:
            return gettext("Too many attempts. Try again in %(count)s hours.") % {
                "count": math.ceil(self.seconds / 3600)
            }
        minutes = math.ceil(self.seconds / 60)
        words = ngettext(
            "Too many attempts. Try again in %(count)s minute.",
            "Too many attempts. Try again in %(count)s minutes.",
            minutes,
        )
        return words % {"count": minutes}

    def mark(self, response: HttpResponse) -> HttpResponse:
        """Let a response of the form's own page say the same to programs."""
        response.status_code = self.status
        response["Retry-After"] = str(self.seconds)
        return response


class Busy(TryLater):
    """The process has as many passwords to check as it takes on at once."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    @property
    def words(self) -> str:
        return gettext("Many people are signing in at this moment. Try again in a few seconds.")


class TryLaterMiddleware:
    """Answers for views that do not show the refusal in a form of theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusal(request, error) if isinstance(error, TryLater) else None


def refusal(request: HttpRequest, error: TryLater) -> HttpResponse:
    return error.mark(render(request, "429.html", {"words": error.words}))


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """``handler429``, for the limits of django-allauth, which are of minutes."""
    return refusal(request, TryLater(60))
