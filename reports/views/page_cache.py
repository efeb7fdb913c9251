"""Rendered pages that are cached for a minute for each reader, all but the form's CSRF token."""

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
    key: Hashable,
    context: Callable[[], dict[str, object]],
) -> HttpResponse:
    """The template with what ``context`` returns, which is called only if the page is not cached.

    ``key`` is all that the page depends on besides its reader, language and address. A page that
    has a message to show is not cached.
    """
    if len(get_messages(request)):
        return HttpResponse(render_to_string(template, context(), request))
    user = access.user
    reader = user.pk, str(user), user.is_staff, access.role, access.team.name
    name = _cache_key(template, request.get_full_path(), get_language(), reader, key)
    cache = _cache()
    body = cache.get(name)
    if body is None:
        body = render_to_string(template, {**context(), "csrf_token": placeholder()}, request)
        cache.set(name, body, _SECONDS)
    return HttpResponse(body.replace(placeholder(), get_token(request)))


def placeholder() -> str:
    """Stands in a cached page where a form has the CSRF token of its reader.

    It is the same in every process, and secret: whoever could write it into a page would have each
    reader's token put there, for instance into a link to another site.
    """
    return salted_hmac("reports.views.page_cache", "token", algorithm="sha256").hexdigest()


def _cache_key(*parts: object) -> str:
    return f"page.{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _cache() -> BaseCache:
    """The cache of template fragments, if there is one."""
    try:
        return caches["template_fragments"]
    except InvalidCacheBackendError:
        return caches["default"]
