"""Signing in, also in the midst of a form: what was typed goes along and waits behind the login."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from okrtracker.requests import kept_forms
from okrtracker.requests.kept_forms import KeptForm


class _SignIn(LoginView):
    """Django's login. A kept form follows it, to be sent with the token of the new session."""

    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Signed in elsewhere meanwhile: there is only the form to be sent."""
        form = KeptForm.along(request) if request.user.is_authenticated else None
        if form is not None:
            return kept_forms.page(request, form, HTTPStatus.OK)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        """The kept form's page sends no name: then the login is only shown."""
        if kept_forms.FIELD in request.POST and "username" not in request.POST:
            return self.render_to_response(self.get_context_data(form=AuthenticationForm(request)))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        kept_form = KeptForm.along(self.request)
        return kept_forms.page(self.request, kept_form, HTTPStatus.OK) if kept_form else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept_form=KeptForm.along(self.request), **kwargs)


_sign_in = _SignIn.as_view()


@login_not_required
def login(request: HttpRequest) -> HttpResponseBase:
    return _sign_in(request)
