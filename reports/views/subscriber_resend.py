from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from okrtracker import broker
from projects.access import get_team_for_manager
from reports import tasks
from reports.digest import subscribers
from reports.forms.subscribers import REASONS
from reports.models import Subscriber
from reports.views.subscriber_list import show_subscribers


@require_POST
def subscriber_resend(request: HttpRequest, team: str, subscriber_id: int) -> HttpResponse:
    """Ask a subscriber once more, who did not answer."""
    access = get_team_for_manager(request, team)
    subscriber = get_object_or_404(Subscriber, team=access.team, pk=subscriber_id)
    try:
        subscribers.resend(subscriber, by=access.user)
    except subscribers.Refused as refused:
        reason = REASONS[refused.reasons[subscriber.email]]
        return show_subscribers(request, access, refusal=f"{subscriber.email}: {reason}")
    broker.publish_on_commit(tasks.ask_subscribers, access.team.pk)
    told = _("The mail to %(email)s goes out again.")
    messages.success(request, told % {"email": subscriber.email})
    return redirect("reports:subscriber_list", access.team.slug)
