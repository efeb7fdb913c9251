"""Characters and numbers that no database takes never reach a view.

PostgreSQL refuses NUL in a text, no encoding writes half of a surrogate pair, and a key has 63
bits. No person types any of them. In the values of a query, a form or a cookie the characters are
dropped; an address that holds them, or a longer number, leads nowhere (404).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError

_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
_NUL_QUOTED: Final = re.compile("%00|\0")
_HIGHEST_KEY: Final = 2**63 - 1


def clean(text: str) -> str:
    """The text without what no database takes."""
    return _UNWRITABLE.sub("", text)


def parsed_json(text: object) -> object:
    """What a hidden field or a draft holds, cleaned; ``None`` where it is missing or broken."""
    try:
        return _cleaned(json.loads(text)) if isinstance(text, str) else None
    except (ValueError, RecursionError):  # a number of 5,000 digits, a thousand brackets
        return None


def number_in(text: object, *, digits: int = 18) -> int | None:
    """The whole number in a parameter or a hidden field; ``None`` where it holds anything else.

    A number of more ``digits`` is none either: no key has as many, and Python reads not all.
    """
    if isinstance(text, str) and text.isdecimal() and len(text) <= digits:
        return int(text)
    return None


def _cleaned(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(item) for item in value]
        case dict():
            return {clean(name): _cleaned(item) for name, item in value.items()}
        case _:
            return value


class CleanInputMiddleware:
    """Stands before whatever reads the query, the form or a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if clean(request.path_info) != request.path_info:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        while _NUL_QUOTED.search(query):  # in %0%000 there is another
            query = request.META["QUERY_STRING"] = _NUL_QUOTED.sub("", query)
        for name in [name for name, value in request.COOKIES.items() if clean(value) != value]:
            del request.COOKIES[name]
        for name in [
            name for name, value in request.META.items() if _is_broken_header(name, value)
        ]:
            del request.META[name]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: tuple[Any, ...], parts: dict[str, Any]
    ) -> None:
        if any(isinstance(part, int) and part > _HIGHEST_KEY for part in parts.values()):
            raise Http404
        if _is_unclean(request.GET):
            request.GET = _cleaned_fields(request.GET)  # type: ignore[assignment]  # is immutable
        if request.method == "POST":
            try:
                fields = request.POST
            except UnreadablePostError:
                return  # the sender is gone; the view finds no token
            if _is_unclean(fields):
                request.POST = _cleaned_fields(fields)  # type: ignore[assignment]  # is immutable


def _is_broken_header(name: str, value: object) -> bool:
    return name.startswith("HTTP_") and isinstance(value, str) and clean(value) != value


def _is_unclean(fields: QueryDict) -> bool:
    return any(
        clean(text) != text for name, values in fields.lists() for text in (name, *map(str, values))
    )


def _cleaned_fields(fields: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for name, values in fields.lists():
        for value in values:
            cleaned.appendlist(clean(name), clean(str(value)))
    return QueryDict(cleaned.urlencode())
