from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.digest import recipients
from reports.views.readers import show_to_reader


@login_not_required
@csrf_exempt  # a mail program presses the button, too; whoever has the link is the reader
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, subscription: str) -> HttpResponse:
    """Where the link of every digest leads: to end it, or to have it again.

    Reading changes nothing, for what scans mails follows links. A POST ends it, by the button or
    by a mail program (``List-Unsubscribe=One-Click``, RFC 8058), unless it asks for the contrary.
    """
    is_by_mail_program = request.POST.get("List-Unsubscribe") == "One-Click"
    try:
        if request.method == "POST":
            _change(request, subscription)
            if not is_by_mail_program:
                return redirect("reports:subscription", subscription)
        found = recipients.find(subscription)
    except recipients.UnknownToken:
        return show_to_reader(request, "reports/subscription_unknown.html", status=404)
    except recipients.Gone:
        return show_to_reader(request, "reports/subscription_gone.html")
    context = {
        "subscription": found,
        "address": recipients.masked(found.address),
        "is_ended_at_once": is_by_mail_program,
    }
    return show_to_reader(request, "reports/subscription.html", context, found.language)


def _change(request: HttpRequest, token: str) -> None:
    if request.POST.get("wanted") == "yes":
        recipients.resubscribe(token)
    else:
        recipients.unsubscribe(token)
