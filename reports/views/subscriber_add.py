from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from okrtracker import broker
from projects.access import get_team_for_manager
from reports import tasks
from reports.digest import subscribers
from reports.forms.subscribers import SubscribersForm
from reports.views.subscriber_list import show_subscribers


@require_POST
def subscriber_add(request: HttpRequest, team: str) -> HttpResponse:
    """Ask people from outside by mail whether they want the digest: all that were pasted."""
    access = get_team_for_manager(request, team)
    form = SubscribersForm(access.team, request.POST)
    if form.is_valid():
        language = form.cleaned_data["language"]
        try:
            added = subscribers.add(access.team, form.guests, language, by=access.user)
        except subscribers.Refused as refused:
            form.refuse(refused.reasons)
        else:
            broker.publish_on_commit(tasks.ask_subscribers, access.team.pk)
            told = ngettext(
                "%(n)s person is asked by mail.", "%(n)s people are asked by mail.", len(added)
            )
            messages.success(request, told % {"n": len(added)})
            return redirect("reports:subscriber_list", access.team.slug)
    form.put_cursor()
    return show_subscribers(request, access, form=form)
