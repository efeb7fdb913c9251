"""The page to return to: after a form that stands on many pages, or after signing in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from okrtracker import htmx
from okrtracker.requests import database_outage, kept_forms

_ROW: Final = re.compile(r"todo-[\w-]{1,60}", re.ASCII)


def previous_page(request: HttpRequest, default: str) -> str:
    """Path and query of the page that the reader came from, never of another site.

    The field ``next`` of a form names it, or htmx does, or the browser; else it is ``default``.
    """
    candidates = (
        request.POST.get("next"),
        htmx.current_address(request),
        request.headers.get("Referer"),
    )
    return next(filter(None, (_own_page(request, address) for address in candidates)), default)


def requested_page(request: HttpRequest, default: str) -> str:
    """The page that ``?back=`` names, to return to after a form; never of another site."""
    return _own_page(request, request.GET.get("back")) or default


def _own_page(request: HttpRequest, address: str | None) -> str:
    """Path and query of an address on this site; empty for any other."""
    host, is_secure = request.get_host(), request.is_secure()
    if not url_has_allowed_host_and_scheme(address, {host}, require_https=is_secure):
        return ""
    parts = urlsplit(address or "")
    # Without a slash it would lead below the page of the form, or be taken for a view's name.
    is_whole = parts.path.startswith("/")
    return urlunsplit(("", "", parts.path, parts.query, parts.fragment)) if is_whole else ""


def row_of(request: HttpRequest) -> str:
    """The id of the row of the dashboard's list that a form stands in; empty elsewhere."""
    row = request.POST.get("row") or request.GET.get("row") or ""
    return row if _ROW.fullmatch(row) else ""


def redirect_back(request: HttpRequest, default: str) -> HttpResponse:
    """To the page that the reader came from, and on it to the row of the form."""
    page, row = previous_page(request, default), row_of(request)
    return redirect(f"{page.partition('#')[0]}#{row}" if row else page)


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """After a form sent in an ended session, the login leads to the page that held the form.

    The form's own address may accept nothing but the form, which is lost by then. The page says
    so, unless a script had sent it.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Reads the session before any view: without a database the answer is 503."""
        try:
            return super().process_view(request, view_func, view_args, view_kwargs)
        except DatabaseError as error:
            if not database_outage.is_outage(error):
                raise
            return database_outage.outage_response(request, error)

    def handle_no_permission(  # type: ignore[override]  # not only redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        is_by_script = request.headers.get("HX-Request") is not None
        if not is_by_script and (page_with_words := kept_forms.signed_out(request)):
            return page_with_words
        if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
            messages.warning(
                request, _("You had been signed out, so what you sent last was not saved.")
            )
        page = previous_page(request, request.get_full_path())
        return redirect_to_login(page, self.get_login_url(view_func))
