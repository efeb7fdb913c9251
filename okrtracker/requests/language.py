"""Which language a page is in: the one the reader chose, else the site's; and choosing it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import i18n

from okrtracker.requests import kept_forms
from okrtracker.requests.gone import typed_texts
from okrtracker.requests.kept_forms import KeptForm

# The button's name where it sends the page's own form along, which may have a field ``language``.
_BUTTON: Final = "switch_to"


class LanguageMiddleware:
    """Chinese until a reader switches; the choice lives in Django's language cookie.

    What the browser would accept is not asked, unlike in Django's ``LocaleMiddleware``: browsers
    at work are often installed in English, and the pages are written in Chinese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


@login_not_required
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Django's view. A form that the button sent along is kept: its page would come back empty."""
    chosen = request.POST.get(_BUTTON, "")
    if chosen not in dict(settings.LANGUAGES):
        return i18n.set_language(request)
    form = _typed_form(request)
    post = request.POST.copy()
    post["language"] = chosen
    request.POST = post  # type: ignore[assignment]  # the stubs have the immutable one alone
    response = i18n.set_language(request)  # leads back, with the cookie
    if form is None:
        return response
    with translation.override(chosen):
        page = kept_forms.page(request, form, HTTPStatus.OK, is_switched=True)
    page.headers["Content-Language"] = chosen
    page.cookies = response.cookies
    return page


def _typed_form(request: HttpRequest) -> KeptForm | None:
    """The form with words in it, and where it goes: ``to``, or the page that it stands on."""
    address = request.GET.get("to") or request.GET.get("next", "")
    if not typed_texts(request) or not url_has_allowed_host_and_scheme(address, None):
        return None
    fields = tuple(pair for pair in KeptForm.sent(request).fields if pair[0] != _BUTTON)
    return KeptForm(address, fields)
