from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from projects import tasks
from projects.access import signed_in
from projects.forms.account import AddressForm
from projects.teams import account
from projects.views.account import show_account


@require_POST
@sensitive_post_parameters("password")
def account_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address: a link is mailed to it, and nothing changes until it is opened."""
    user = signed_in(request)
    form = AddressForm(user, request.POST)
    if form.is_valid():
        if account.may_ask(user):
            email = form.cleaned_data["email"]
            tasks.request_address_link(user, email, translation.get_language() or "")
            said = _("A mail is on its way to %(email)s. Open the link in it.")
            messages.success(request, said % {"email": email})
            return redirect("projects:account")
        form.refuse_haste()
    return show_account(request, address_form=form)
