"""A form that cannot be taken as it was sent: the answer holds what was typed, to send it again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from okrtracker.requests.clean import parsed_json
from okrtracker.requests.database_outage import typed_fields
from okrtracker.requests.gone import typed_texts

#: The field of the login page in which a form goes along while its sender signs in.
FIELD: Final = "kept"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was sent to, and its fields without the token."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def sent(cls, request: HttpRequest) -> Self:
        """The form of this request."""
        fields = tuple(pair for pair in typed_fields(request) if pair[0] != "csrfmiddlewaretoken")
        return cls(request.get_full_path(), fields)

    @classmethod
    def along(cls, request: HttpRequest) -> Self | None:
        """The form that goes along with this request; only one of an address of this site."""
        return cls.parsed(request.POST.get(FIELD, ""))

    @classmethod
    def parsed(cls, text: str) -> Self | None:
        match parsed_json(text):
            case {"address": str(address), "fields": [*rows]}:
                if not url_has_allowed_host_and_scheme(address, None):
                    return None
                fields = [
                    (name, value)
                    for row in rows
                    if isinstance(row, list)
                    for name, value in [(*row, None, None)[:2]]
                    if isinstance(name, str) and isinstance(value, str)
                ]
                return cls(address, tuple(fields))
        return None

    @property
    def text(self) -> str:
        """What ``parsed`` reads."""
        return json.dumps({"address": self.address, "fields": self.fields}, ensure_ascii=False)


# Where a form waits in the session while its sender proves who it is in a second step.
_WAITING: Final = "kept_form"


def wait(request: HttpRequest) -> None:
    """Keep the form that goes along with this request until its sender is signed in."""
    if form := KeptForm.along(request):
        request.session[_WAITING] = form.text


def waiting(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page of the form that waited, for who is signed in by now; else the response."""
    text = request.session.pop(_WAITING, None) if request.user.is_authenticated else None
    form = KeptForm.parsed(text) if text else None
    if form is None:
        return response
    kept_page = page(request, form, HTTPStatus.OK)
    kept_page.cookies = response.cookies
    return kept_page


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """To a form whose session has ended; ``None`` where nothing was typed into it."""
    if not typed_texts(request):
        return None
    return page(request, KeptForm.sent(request), HTTPStatus.UNAUTHORIZED)


def csrf_failure(request: HttpRequest, **_reason: str) -> HttpResponse:
    """Django's view of a form without the session's token, such as one from before signing in.

    Only a form of this site may be sent again from here: one of another site is what the token
    guards against.
    """
    is_own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if is_own and FIELD not in request.POST and _is_second_sign_in(request):
        return redirect_to_login(request.POST.get("next", ""))
    if is_own and not request.headers.get("HX-Request"):
        form = KeptForm.along(request)
        if form is None and typed_texts(request):
            form = KeptForm.sent(request)
        if form is not None:
            return page(request, form, HTTPStatus.FORBIDDEN)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def _is_second_sign_in(request: HttpRequest) -> bool:
    """Signed in in another tab meanwhile: the login leads on to where this one wanted to go."""
    return request.path == settings.LOGIN_URL and request.user.is_authenticated


def page(
    request: HttpRequest, form: KeptForm, status: HTTPStatus, *, is_switched: bool = False
) -> HttpResponse:
    """The form with the token of the present session; signed out it is to be signed in first.

    ``is_switched`` where only the language of its page was to change.
    """
    is_signed_out = not request.user.is_authenticated
    context = {"kept": form, "is_signed_out": is_signed_out}
    if is_switched:
        context["switched_texts"] = typed_texts(request)
    return render(request, "kept.html", context, status=status)
