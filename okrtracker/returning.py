"""Back to where the reader was: after a form that stands on many pages, or after signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from okrtracker import htmx, unavailable


def page_before(request: HttpRequest, default: str) -> str:
    """Path and query of the page that the reader came from, never of another site.

    The field ``next`` of a form names it, or htmx does, or the browser; else it is ``default``.
    """
    host, is_secure = request.get_host(), request.is_secure()
    candidates = (
        request.POST.get("next"),
        htmx.current_address(request),
        request.headers.get("Referer"),
    )
    for address in filter(None, candidates):
        if url_has_allowed_host_and_scheme(address, {host}, require_https=is_secure):
            parts = urlsplit(address)
            return urlunsplit(("", "", parts.path, parts.query, parts.fragment)) or default
    return default


def asked_for(request: HttpRequest, default: str) -> str:
    """The page that ``?back=`` names, to come back to after a form; never of another site."""
    address = request.GET.get("back", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure()):
        parts = urlsplit(address)
        return urlunsplit(("", "", parts.path, parts.query, parts.fragment)) or default
    return default


def back(request: HttpRequest, default: str) -> HttpResponse:
    return redirect(page_before(request, default))


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """A form that was sent after its session ended: the login leads back to the page it stood on.

    The address that it was sent to may take nothing but the form, which is gone by then; the page
    says that, too, unless it was a script that sent it.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Here the session is read, before any view: with no database the answer is 503."""
        try:
            return super().process_view(request, view_func, view_args, view_kwargs)
        except DatabaseError as error:
            if not unavailable.is_unavailable(error):
                raise
            return unavailable.answer(request, error)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
            messages.warning(
                request, _("You had been signed out, so what you sent last was not saved.")
            )
        page = page_before(request, request.get_full_path())
        return redirect_to_login(page, self.get_login_url(view_func))
