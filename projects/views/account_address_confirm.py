from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.access import signed_in
from projects.teams import account


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_address_confirm(request: HttpRequest, address: str) -> HttpResponse:
    """Where the link in the mail to a new address leads: the button there makes it one's own."""
    user = signed_in(request)
    try:
        if request.method == "POST":
            email = account.change_address(user, address)
            said = _("Your mails go to %(email)s from now on.")
            messages.success(request, said % {"email": email})
            return redirect("projects:account")
        context = {"email": account.address_in(user, address)}
    except account.BadLink:
        return render(request, "projects/account_address_confirm.html", {"email": ""}, status=410)
    return render(request, "projects/account_address_confirm.html", context)
