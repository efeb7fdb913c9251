"""The list of who gets the digest, for managers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from okrtracker import broker
from projects.access import Access, get_team_for_manager
from reports import tasks
from reports.digest import readership, subscribers
from reports.forms.subscribers import REASONS, SubscribersForm
from reports.models import Subscriber


@require_safe
def subscriber_list(request: HttpRequest, team: str) -> HttpResponse:
    """Who gets the digest by mail, in the team and outside; ``?q`` is a part of name or address."""
    access = get_team_for_manager(request, team)
    return _show(request, access)


def _show(
    request: HttpRequest, access: Access, *, form: SubscribersForm | None = None, refusal: str = ""
) -> HttpResponse:
    """The lists; with addresses that were wrong or what else was refused (422)."""
    now = timezone.now()
    search = request.GET.get("q", "").strip()
    context = {
        "access": access,
        "section": "settings",
        "readership": readership.readership_of(
            access.team,
            now,
            search=search,
            members=request.GET.get("members", "1"),
            outside=request.GET.get("outside", "1"),
        ),
        "search": search,
        "form": form or SubscribersForm(access.team),
        "left": subscribers.left_today(access.team, access.user, now),
        "limit": subscribers.LIMIT_A_DAY,
        "refusal": refusal,
    }
    status = 422 if form or refusal else 200
    return render(request, "reports/subscriber_list.html", context, status=status)


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
            words = ngettext(
                "%(n)s person is asked by mail.", "%(n)s people are asked by mail.", len(added)
            )
            messages.success(request, words % {"n": len(added)})
            return redirect("reports:subscriber_list", access.team.slug)
    form.put_cursor()
    return _show(request, access, form=form)


@require_POST
def subscriber_resend(request: HttpRequest, team: str, subscriber_id: int) -> HttpResponse:
    """Ask a subscriber once more, who did not answer."""
    access = get_team_for_manager(request, team)
    subscriber = get_object_or_404(Subscriber, team=access.team, pk=subscriber_id)
    try:
        subscribers.resend(subscriber, by=access.user)
    except subscribers.Refused as refused:
        reason = REASONS[refused.reasons[subscriber.email]]
        return _show(request, access, refusal=f"{subscriber.email}: {reason}")
    broker.publish_on_commit(tasks.ask_subscribers, access.team.pk)
    words = _("The mail to %(email)s goes out again.")
    messages.success(request, words % {"email": subscriber.email})
    return redirect("reports:subscriber_list", access.team.slug)


@require_POST
def subscriber_remove(request: HttpRequest, team: str, subscriber_id: int) -> HttpResponse:
    """Take somebody from outside off the list of recipients."""
    access = get_team_for_manager(request, team)
    subscriber = get_object_or_404(Subscriber, team=access.team, pk=subscriber_id)
    if not subscribers.remove(subscriber, by=access.user):
        words = _(
            "%(email)s unsubscribed and gets nothing. That is kept, so that nobody asks them."
        )
        return _show(request, access, refusal=words % {"email": subscriber.email})
    words = _("%(email)s is off the list.")
    messages.success(request, words % {"email": subscriber.email})
    return redirect("reports:subscriber_list", access.team.slug)
