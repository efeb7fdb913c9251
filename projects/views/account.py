from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import signed_in
from projects.conflicts import EditConflict
from projects.forms.account import AddressForm, NameForm
from projects.teams import account as own


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, and the address that mails go to; each is a form of its own."""
    user = signed_in(request)
    form = NameForm(user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            own.rename(user, form.cleaned_data["name"], form.opened)
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, _("Your name is saved."))
            return redirect("projects:account")
    return show_account(request, name_form=form)


def show_account(
    request: HttpRequest,
    *,
    name_form: NameForm | None = None,
    address_form: AddressForm | None = None,
) -> HttpResponse:
    """The page, with what is wrong in one of its forms at its place (422)."""
    user = signed_in(request)
    name_form = name_form or NameForm(user)
    address_form = address_form or AddressForm(user)
    context = {"name_form": name_form, "address_form": address_form}
    status = 422 if name_form.is_bound or address_form.is_bound else 200
    return render(request, "projects/account.html", context, status=status)
