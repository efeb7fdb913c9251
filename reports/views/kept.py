"""Whole pages of what does not change, kept for a minute: only the reader's token is their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Final

from django.contrib.messages import get_messages
from django.core.cache import BaseCache, InvalidCacheBackendError, caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from projects.access import Access

_SECONDS: Final = 60


def page(
    request: HttpRequest,
    access: Access,
    template: str,
    of: Hashable,
    context: Callable[[], dict[str, object]],
) -> HttpResponse:
    """The template with what ``context`` gives, which is asked only when the page is not kept.

    ``of`` names all that the page is made of, besides its reader, language and address. A page
    that has a message to show is not kept.
    """
    if len(get_messages(request)):
        return HttpResponse(render_to_string(template, context(), request))
    user = access.user
    reader = user.pk, str(user), user.is_staff, access.role, access.team.name
    key = _key(template, request.get_full_path(), get_language(), reader, of)
    kept = _cache()
    body = kept.get(key)
    if body is None:
        body = render_to_string(template, {**context(), "csrf_token": placeholder()}, request)
        kept.set(key, body, _SECONDS)
    return HttpResponse(body.replace(placeholder(), get_token(request)))


def placeholder() -> str:
    """Stands in what is kept where a form has the token of its reader.

    The same in every process, and known to nobody: whoever could write it into a page would have
    the token of each reader put there, into a link to another site, say.
    """
    return salted_hmac("reports.views.kept", "token", algorithm="sha256").hexdigest()


def _key(*parts: object) -> str:
    return f"page.{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _cache() -> BaseCache:
    """Where pieces of pages are kept, too."""
    try:
        return caches["template_fragments"]
    except InvalidCacheBackendError:
        return caches["default"]
