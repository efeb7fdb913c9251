from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.access import get_team_for_manager
from reports.digest import subscribers
from reports.models import Subscriber
from reports.views.subscriber_list import show_subscribers


@require_POST
def subscriber_remove(request: HttpRequest, team: str, subscriber_id: int) -> HttpResponse:
    """Take somebody from outside off the list of recipients."""
    access = get_team_for_manager(request, team)
    subscriber = get_object_or_404(Subscriber, team=access.team, pk=subscriber_id)
    if not subscribers.remove(subscriber, by=access.user):
        said = _("%(email)s unsubscribed and gets nothing. That is kept, so that nobody asks them.")
        return show_subscribers(request, access, refusal=said % {"email": subscriber.email})
    told = _("%(email)s is off the list.")
    messages.success(request, told % {"email": subscriber.email})
    return redirect("reports:subscriber_list", access.team.slug)
