"""One's own name, mail address, password, keys and mails."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from okrtracker.accounts import brake
from okrtracker.requests.try_later import TryLater
from projects import tasks
from projects.access import signed_in
from projects.conflicts import EditConflict
from projects.forms.account import AddressForm, ForgetForm, NameForm
from projects.forms.members import EmailForm
from projects.teams import account as own_account
from projects.teams import members, personal_data


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, and the address that mails go to; each is a form of its own_account."""
    user = signed_in(request)
    form = NameForm(user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            own_account.rename(user, form.cleaned_data["name"], form.opened)
        except EditConflict as conflict:
            form.show_both(conflict)
        else:
            messages.success(request, _("Your name is saved."))
            return redirect("projects:account")
    return _page(request, name_form=form)


def _page(
    request: HttpRequest,
    *,
    name_form: NameForm | None = None,
    address_form: AddressForm | None = None,
    forget_form: ForgetForm | None = None,
) -> HttpResponse:
    """The page, with what is wrong in one of its forms at its place (422)."""
    user = signed_in(request)
    name_form = name_form or NameForm(user)
    address_form = address_form or AddressForm(user)
    forget_form = forget_form or ForgetForm(user)
    forms = {"name_form": name_form, "address_form": address_form, "forget_form": forget_form}
    context = {
        **forms,
        "may_forget": not user.is_superuser,
        "has_single_sign_on": bool(settings.OIDC_URL),
    }
    status = 422 if any(form.is_bound for form in forms.values()) else 200
    return render(request, "projects/account.html", context, status=status)


@require_POST
def account_keys(request: HttpRequest) -> HttpResponse:
    """Switch the single-key shortcuts (``is_on``) on or off for oneself."""
    is_on = request.POST.get("is_on") == "yes"
    own_account.set_single_keys(signed_in(request), is_on=is_on)
    notice = _("Single-key shortcuts are on.") if is_on else _("Single-key shortcuts are off.")
    messages.success(request, notice)
    return redirect("projects:account")


@require_POST
def account_comments(request: HttpRequest) -> HttpResponse:
    """Switch the mails that tell oneself of comments (``is_on``) on or off."""
    is_on = request.POST.get("is_on") == "yes"
    own_account.set_comment_mails(signed_in(request), is_on=is_on)
    notice = _("Comment mails are on.") if is_on else _("Comment mails are off.")
    messages.success(request, notice)
    return redirect("projects:account")


@require_POST
@sensitive_post_parameters("password")
def account_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address: a link is mailed to it, and nothing changes until it is opened."""
    user = signed_in(request)
    form = AddressForm(user, request.POST)
    try:
        if form.is_valid():
            brake.count(request, ("new_address", str(user.pk)))
            email = form.cleaned_data["email"]
            tasks.request_address_link(user, email, translation.get_language() or "")
            notice = _("A mail is on its way to %(email)s. Open the link in it.")
            messages.success(request, notice % {"email": email})
            return redirect("projects:account")
    except TryLater as refusal:
        form.add_error(None, refusal.words)
        return refusal.mark(_page(request, address_form=form))
    return _page(request, address_form=form)


@never_cache
@require_safe
def account_export(request: HttpRequest) -> HttpResponse:
    """All that is known of oneself, as a file."""
    rows = personal_data.rows_about(signed_in(request))
    parameters = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(rows, json_dumps_params=parameters)
    response["Content-Disposition"] = 'attachment; filename="okr-tracker-my-data.json"'
    return response


@require_POST
@sensitive_post_parameters("forget-password")
def account_forget(request: HttpRequest) -> HttpResponse:
    """Close one's own account for good, and have one's name taken away."""
    user = signed_in(request)
    if user.is_superuser:
        raise PermissionDenied  # an administrator's is closed by `manage.py forget_person`
    form = ForgetForm(user, request.POST)
    try:
        brake.count(request, ("forget", str(user.pk)))
        if not form.is_valid():
            return _page(request, forget_form=form)
        personal_data.forget(user)
    except TryLater as refusal:
        form.add_error(None, refusal.words)
        return refusal.mark(_page(request, forget_form=form))
    except members.LastManager:
        form.add_error(None, _("You are the only manager of a team. Name another one first."))
        return _page(request, forget_form=form)
    logout(request)
    messages.success(request, _("Your account is closed, and your name is taken away."))
    return redirect("account_login")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_address_confirm(request: HttpRequest, address: str) -> HttpResponse:
    """Where the link in the mail to a new address leads: the button there makes it one's own."""
    user = signed_in(request)
    try:
        if request.method == "POST":
            email = own_account.change_address(user, address, request)
            notice = _("Your mails go to %(email)s from now on.")
            messages.success(request, notice % {"email": email})
            return redirect("projects:account")
        context = {"email": own_account.address_in(user, address)}
    except own_account.BadLink:
        return render(request, "projects/account_address_confirm.html", {"email": ""}, status=410)
    return render(request, "projects/account_address_confirm.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_reset_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password; the answer is the same for every address."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            brake.count_password_link(request, email)
        except TryLater as refusal:
            form.add_error("email", refusal.words)
            status = refusal.status
        else:
            tasks.request_password_reset(email, translation.get_language() or "")
            return redirect("account_reset_password_done")
    return render(request, "account/password_reset.html", {"form": form}, status=status)
