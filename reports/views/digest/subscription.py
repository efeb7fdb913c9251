"""What the links in mails open, without signing in: to end the digest, to have it, to say yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.digest import recipients, subscribers
from reports.models import Subscriber


def _render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page in the reader's language, unless the browser's chose one.

    Its address is a secret: it goes to no other site and into no search. Without a referrer a
    browser names no origin either, so that no form here can be one that wants a CSRF token.
    """
    is_chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(
        language if language and not is_chosen else translation.get_language()
    ):
        response = render(request, template, {**(context or {})}, status=status)
        response.headers["Content-Language"] = translation.get_language()
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@csrf_exempt  # a mail program presses the button, too; whoever has the link is the reader
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, subscription: str) -> HttpResponse:
    """The link in every digest: to end it, or to have it again.

    Reading changes nothing, because mail scanners follow links. A POST ends it, by the button or
    by a mail program (``List-Unsubscribe=One-Click``, RFC 8058), unless it asks for the contrary.
    """
    is_by_mail_program = request.POST.get("List-Unsubscribe") == "One-Click"
    try:
        if request.method == "POST":
            _change(request, subscription)
            if not is_by_mail_program:
                return redirect("reports:subscription", subscription)
        reader = recipients.find(subscription)
    except recipients.UnknownToken:
        return _render(request, "reports/subscription_unknown.html", status=404)
    except recipients.Gone:
        return _render(request, "reports/subscription_gone.html")
    context = {
        "subscription": reader,
        "address": recipients.masked(reader.address),
        "is_ended_at_once": is_by_mail_program,
    }
    return _render(request, "reports/subscription.html", context, reader.language)


def _change(request: HttpRequest, token: str) -> None:
    if request.POST.get("wanted") == "yes":
        recipients.resubscribe(token)
    else:
        recipients.unsubscribe(token)


@login_not_required
@csrf_exempt  # whoever has the link is the reader; the page sends no origin with its form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_confirm(request: HttpRequest, confirmation: str) -> HttpResponse:
    """The link in the mail that asks a subscriber. Only the button there says yes, because mail
    scanners follow links.
    """
    try:
        if request.method == "POST":
            subscribers.confirm(confirmation)
            return redirect("reports:subscription_confirm", confirmation)
        subscriber = subscribers.find(confirmation)
    except recipients.UnknownToken:
        return _render(request, "reports/subscription_unknown.html", status=404)
    except subscribers.Expired:
        return _render(request, "reports/subscription_expired.html", status=410)
    except subscribers.Removed:
        return _render(request, "reports/subscription_gone.html")
    return _render(
        request, "reports/subscription_confirm.html", _context(subscriber), subscriber.language
    )


def _context(subscriber: Subscriber) -> dict[str, object]:
    reader = recipients.reader_of(subscriber)
    return {
        "subscriber": subscriber,
        "address": recipients.masked(subscriber.email),
        "token": recipients.token_of(reader),
    }
