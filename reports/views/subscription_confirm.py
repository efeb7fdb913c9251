from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.digest import recipients, subscribers
from reports.models import Subscriber
from reports.views.readers import show_to_reader


@login_not_required
@csrf_exempt  # whoever has the link is the reader; the page sends no origin with its form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_confirm(request: HttpRequest, confirmation: str) -> HttpResponse:
    """Where the mail to a subscriber leads. Only the button there says yes: what scans mails
    follows links.
    """
    try:
        if request.method == "POST":
            subscribers.confirm(confirmation)
            return redirect("reports:subscription_confirm", confirmation)
        found = subscribers.find(confirmation)
    except recipients.UnknownToken:
        return show_to_reader(request, "reports/subscription_unknown.html", status=404)
    except subscribers.Expired:
        return show_to_reader(request, "reports/subscription_expired.html", status=410)
    except subscribers.Removed:
        return show_to_reader(request, "reports/subscription_gone.html")
    return show_to_reader(
        request, "reports/subscription_confirm.html", _context(found), found.language
    )


def _context(found: Subscriber) -> dict[str, object]:
    reader = recipients.reader_of(found)
    return {
        "subscriber": found,
        "address": recipients.masked(found.email),
        "token": recipients.token_of(reader),
    }
