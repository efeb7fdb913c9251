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
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import Access, get_team_for_manager
from projects.teams import cutoffs
from projects.teams.week_addresses import get_week
from projects.templatetags.okr import local_moment
from reports import tasks
from reports.digest import dispatch
from reports.forms.pages import PublishForm
from reports.models import Digest, Edition
from reports.pages import backlog, catching_up, editions
from reports.pages import publish as publishing
from reports.pages.live import current_document
from reports.pages.navigation import navigation_of
from reports.pages.publish import MailPlan
from reports.render.editions import edition as edition_words
from reports.render.wording import weekday_time
from reports.views import confirmation
from reports.views.confirmation import Confirmation
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
        question = _question(access, document, form, plan)
        if question is not None and not confirmation.is_confirmed(request):
            return confirmation.ask(request, access, question)
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
        may_be_final=not plan.is_due(timezone.now()),
    )


def _question(
    access: Access, document: WeeklyDocument, form: PublishForm, plan: MailPlan
) -> Confirmation | None:
    """What is asked before publishing: whether a page that lacks updates is, for the first time,
    and whether a mail goes to so many people at once.
    """
    team, week = access.team, document.week
    sentences, number = [], form.cleaned_data["expected"] + 1
    if number == 1 and document.updated < document.expected:
        words = _("Only %(reported)s of %(owed)s projects are updated.")
        sentences.append(words % {"reported": document.updated, "owed": document.expected})
    is_sent = plan.is_waiting or form.cleaned_data.get("mails", False)
    button = _("Publish %(edition)s") % {"edition": edition_words(number)}
    is_due = plan.is_due(timezone.now())
    if is_sent and (is_due or sentences):
        rows = dispatch.recipients_now(Edition(team=team))
        if not is_due:
            when = weekday_time(team.local(plan.due_at))
            sentences.append(_("The mail goes out on %(when)s.") % {"when": when})
        sentences += [*confirmation.age_warning(access, week), *confirmation.readers(rows)]
    if is_sent and is_due:
        button = ngettext(
            "Publish and send to %(n)s recipient", "Publish and send to %(n)s recipients", len(rows)
        ) % {"n": len(rows)}
    if not sentences:
        return None
    label = team.week_label(week)
    return Confirmation(
        heading=_("Publish %(label)s?") % {"label": label},
        sentences=sentences,
        button=button,
        back=reverse("reports:publish", args=(team.slug, label)),
    )


def _form_after_conflict(sent: PublishForm, latest: Edition | None, plan: MailPlan) -> PublishForm:
    """The form once more, with what was typed and the edition that is the latest now."""
    number = latest.number if latest else 0
    data = {
        "expected": number,
        "note": sent.cleaned_data.get("note", ""),
        "mails": sent.cleaned_data.get("mails", False),
        "is_final": sent.cleaned_data.get("is_final", False),
    }
    form = PublishForm(
        data,
        latest=number,
        asks_mail=not plan.is_waiting,
        may_be_final=not plan.is_due(timezone.now()),
    )
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
                is_final=decided.get("is_final", False),
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


@require_POST
def edition_final(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Declare the ``edition`` final, or with an empty ``final`` take that back, until its mail goes
    out.
    """
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    edition = editions.latest(access.team, week)
    is_final = bool(request.POST.get("final"))
    if edition is None or request.POST.get("edition") != str(edition.number):
        messages.warning(request, _("Nothing was changed: another edition is out by now."))
    elif not catching_up.set_final(edition, is_final=is_final, by=access.user):
        messages.info(request, _("Nothing was changed: no mail of this edition waits."))
    elif is_final:
        messages.success(request, _("This edition is final. Its mail goes out as it is."))
    else:
        messages.success(request, _("What was saved since goes along again."))
    return redirect("reports:weekly_page", access.team.slug, label)


@require_POST
def week_leave_out(request: HttpRequest, team: str, label: str) -> HttpResponse:
    """Leave the week without a published page, for a ``reason``; without one, take that back."""
    access = get_team_for_manager(request, team)
    week = get_week(access.team, label)
    reason = " ".join(request.POST.get("reason", "").split())[: backlog.LONGEST_REASON]
    wants_it = request.POST.get("action") != "take_back"
    if wants_it and not reason:
        messages.warning(request, _("Please say why this week is not published."))
        return redirect("reports:publish", access.team.slug, label)
    try:
        is_changed = backlog.leave_out(
            access.team, week, reason if wants_it else "", by=access.user
        )
    except backlog.NothingToLeaveOut:
        raise Http404 from None
    if is_changed and wants_it:
        messages.success(request, _("%(label)s is left out.") % {"label": label})
    elif is_changed:
        messages.success(request, _("%(label)s waits to be published again.") % {"label": label})
    return redirect("reports:publish", access.team.slug, label)


def _unchanged_message(edition: Edition) -> str:
    text = _("Nothing has changed: this page is published as edition %(number)s.")
    return text % {"number": edition.number}


def _context(
    access: Access, document: WeeklyDocument, latest: Edition | None, plan: MailPlan
) -> dict[str, Any]:
    published = editions.document_of(latest) if latest else None
    now = timezone.now()
    mail_at = access.team.local(plan.due_at)
    cutoff = cutoffs.cutoff_of(access.team, document.week).at
    is_early = cutoff is not None and now < cutoff
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
        "left_out_reason": backlog.reason_of(access.team, document.week),
        "mail_day": mail_at.date(),
        "mail_time": f"{mail_at:%H:%M}",  # a template would turn it into the site's zone
        "is_mailed_at_once": plan.is_due(now),
        "readers": confirmation.readers(dispatch.recipients_now(Edition(team=access.team))),
        "cutoff": weekday_time(access.team.local(cutoff)) if cutoff and is_early else "",
        "mail_when": weekday_time(mail_at),
    }
