from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from okrtracker.mail import kept_mails
from okrtracker.mail.kept_mails import KeptMail
from projects.access import signed_in
from projects.models import Membership, Role

# A mail's HTML carries its own styles, and nothing in it may run or be loaded.
_OF_A_MAIL = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": ""}


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The mails that were kept as files, while DEBUG; for managers, as they hold private links."""
    _require_reader(request)
    return render(request, "reports/mail.html", {"mails": kept_mails.latest(), "shown": None})


@require_safe
def mail_message(request: HttpRequest, name: str) -> HttpResponse:
    """One of them as text."""
    return render(request, "reports/mail.html", {"mails": [], "shown": _mail(request, name)})


@require_safe
@csp_override(_OF_A_MAIL)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The same as a mail reader shows it."""
    return HttpResponse(_mail(request, name).html)


def _mail(request: HttpRequest, name: str) -> KeptMail:
    _require_reader(request)
    mail = kept_mails.find(name)
    if mail is None:
        raise Http404
    return mail


def _require_reader(request: HttpRequest) -> None:
    if not settings.DEBUG:
        raise Http404
    user = signed_in(request)
    managed = Membership.objects.filter(user=user, role=Role.MANAGER)
    if not (user.is_superuser or managed.exists()):
        raise PermissionDenied
