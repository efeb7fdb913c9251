from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import access as allowed
from reports.digest import subscribers
from reports.models import Subscriber
from reports.views.subscriber_list import show_subscribers


@require_POST
def subscriber_remove(request: HttpRequest, team: str, subscriber: int) -> HttpResponse:
    """Take somebody from outside off the list of recipients."""
    access = allowed.get_team_for_manager(allowed.signed_in(request), team)
    found = get_object_or_404(Subscriber, team=access.team, pk=subscriber)
    if not subscribers.remove(found, by=access.user):
        said = _("%(email)s unsubscribed and gets nothing. That is kept, so that nobody asks them.")
        return show_subscribers(request, access, refusal=said % {"email": found.email})
    told = _("%(email)s is off the list.")
    messages.success(request, told % {"email": found.email})
    return redirect("reports:subscriber_list", access.team.slug)
