"""The addresses of the project, and the bare view that is the floor of the ratios."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from projects.access import signed_in
from projects.models import Team


@cache
def _page(size: int) -> bytes:
    return (b"<p>words</p>\n" * (size // 13 + 1))[:size]


def floor(request: HttpRequest, size: int) -> HttpResponse:
    """The least that a page can cost: session and user loaded, one query, ``size`` bytes."""
    signed_in(request)
    Team.objects.only("name").get(slug="bench")
    return HttpResponse(_page(size))


urlpatterns = [path("floor/<int:size>/", floor), path("", include("okrtracker.urls"))]
