"""Publishing a week's page."""

from __future__ import annotations

from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects.access import Access, get_team_for_manager, get_week
from projects.templatetags.okr import local_moment
from reports import tasks
from reports.forms.pages import PublishForm
from reports.models import Digest, Edition
from reports.pages import editions
from reports.pages import publish as publishing
from reports.pages.live import current_document
from reports.pages.navigation import navigation_of
from reports.pages.publish import MailPlan
from reports.weekly.changes import changes_between
from reports.weekly.document import WeeklyDocument
from reports.weekly.needs import readiness_of


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """What would be published and what it lacks (GET); publish it (POST)."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    document = current_document(access.team, week)
    if document is None or document.is_history:
        raise Http404
    latest = editions.latest(access.team, week)
    plan = publishing.mail_plan(access.team, week, latest, timezone.now())
    form = _form(request, latest, plan)
    if request.method == "POST" and form.is_valid():
        response = _publish(request, access, week, form)
        if response is not None:
            return response
        # Somebody has published meanwhile, and the page has changed since: show the changes.
        latest = editions.latest(access.team, week)
        plan = publishing.mail_plan(access.team, week, latest, timezone.now())
        form = _form_after_conflict(form, latest, plan)
    context = _context(access, document, latest, plan) | {"form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "reports/publish.html", context, status=status)


def _form(request: HttpRequest, latest: Edition | None, plan: MailPlan) -> PublishForm:
    return PublishForm(
        request.POST if request.method == "POST" else None,
        latest=latest.number if latest else 0,
        mails=plan.is_usual,
        asks_mail=not plan.is_waiting,
    )


def _form_after_conflict(sent: PublishForm, latest: Edition | None, plan: MailPlan) -> PublishForm:
    """The form once more, with what was typed and the edition that is the latest now."""
    number = latest.number if latest else 0
    data = {
        "expected": number,
        "note": sent.cleaned_data.get("note", ""),
        "mails": sent.cleaned_data.get("mails", False),
    }
    form = PublishForm(data, latest=number, asks_mail=not plan.is_waiting)
    form.add_error(
        None,
        _("%(who)s has published edition %(number)s meanwhile. This is what has changed since.")
        % {"who": (latest and latest.publisher) or _("The schedule"), "number": number},
    )
    return form


def _publish(
    request: HttpRequest, access: Access, week: date, form: PublishForm
) -> HttpResponse | None:
    """A redirect to the page, with a message; ``None`` when the publisher has to look again."""
    decided = form.cleaned_data
    try:
        edition = publishing.publish_week(
            access.team,
            week,
            publishing.Publication(
                by=access.user,
                expected=decided["expected"],
                note=decided.get("note", ""),
                mails=decided.get("mails"),
            ),
        )
    except publishing.NothingToPublish:
        raise Http404 from None
    except publishing.NothingChanged as answer:
        messages.info(request, _unchanged_message(answer.edition))
    except publishing.Outdated as answer:
        if publishing.has_moved_on(answer.edition):
            return None
        messages.info(request, _unchanged_message(answer.edition))
    else:
        # A digest that is due goes out now; of another the mail is made in good time.
        transaction.on_commit(partial(tasks.enqueue_deliveries, edition.pk))
        messages.success(request, _published_message(edition))
    return redirect("reports:weekly_page", access.team.slug, access.team.week_label(week))


def _published_message(edition: Edition) -> str:
    """What was done, and when the mail goes out."""
    words: dict[str, object] = {"number": edition.number}
    due = Digest.objects.filter(edition=edition).values_list("due_at", flat=True).first()
    if due is None:
        return _("Edition %(number)s is published.") % words
    if due <= timezone.now():
        return _("Edition %(number)s is published. Its mail is on the way.") % words
    words["when"] = local_moment(due, edition.team)
    return _("Edition %(number)s is published. Its mail goes out on %(when)s.") % words


def _unchanged_message(edition: Edition) -> str:
    text = _("Nothing has changed: this page is published as edition %(number)s.")
    return text % {"number": edition.number}


def _context(
    access: Access, document: WeeklyDocument, latest: Edition | None, plan: MailPlan
) -> dict[str, Any]:
    published = editions.document_of(latest) if latest else None
    mail_at = access.team.local(plan.due_at)
    return {
        "access": access,
        "section": "weeks",
        "navigation": navigation_of(access.team, document.week),
        "document": document,
        "latest": latest,
        "number": latest.number + 1 if latest else 1,
        "changes": changes_between(published, document) if published else (),
        "readiness": readiness_of(document),
        "plan": plan,
        "mail_day": mail_at.date(),
        "mail_time": f"{mail_at:%H:%M}",  # a template would turn it into the site's zone
        "is_mailed_at_once": plan.due_at <= timezone.now(),
    }
