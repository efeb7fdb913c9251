"""The buttons that remind leads: of their updates, and of the answers that they owe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from okrtracker import broker, htmx, return_address
from okrtracker.requests.clean import number_in
from projects.access import Access, get_team_for_manager
from reports import tasks
from reports.dashboard import attention
from reports.dashboard.attention import AttentionBlock
from reports.dashboard.pulse import pulse_of
from reports.dashboard.todo import groups
from reports.dashboard.todo.rows import Row
from reports.pages.live import current_document
from reports.schedule import answers, reminders
from reports.views import confirmation
from reports.views.confirmation import Confirmation

_TEMPLATE: Final = "reports/dashboard_attention.html"


@require_POST
def remind(request: HttpRequest, team: str) -> HttpResponse:
    """Remind by mail the lead of one ``project``, or all leads whose projects wait this week."""
    access = get_team_for_manager(request, team)
    week = access.team.this_week()
    chosen = request.POST.get("project", "")
    projects = None
    if chosen:
        projects = list(filter(None, [number_in(chosen)]))
    asked = reminders.Request()
    if not chosen and not confirmation.is_confirmed(request):
        document = current_document(access.team, week)
        block = document and attention.block_of(access, document, pulse_of(access, week))
        if block and block.reminding > 1:
            return _ask(request, access, block, "silent")
    if request.POST.get("week") == access.team.week_label(week):
        asked = reminders.remind(access.team, week, by=access.user, projects=projects)
        if asked.reminders:
            broker.publish_on_commit(tasks.send_reminders, access.team.pk)
    return _outcome(request, access, week, asked, is_of_one=bool(chosen))


@require_POST
def remind_answers(request: HttpRequest, team: str) -> HttpResponse:
    """Ask everybody again who owes the answer to a question."""
    access = get_team_for_manager(request, team)
    week = access.team.this_week()
    if not confirmation.is_confirmed(request):
        document = current_document(access.team, week)
        block = document and attention.block_of(access, document, pulse_of(access, week))
        if block and block.asking > 1:
            return _ask(request, access, block, "questions")
    asked = reminders.Request()
    if request.POST.get("week") == access.team.week_label(week):
        asked = answers.remind(access.team, week, by=access.user)
        if asked.reminders:
            broker.publish_on_commit(tasks.send_reminders, access.team.pk)
    return _outcome(request, access, week, asked)


def _outcome(
    request: HttpRequest,
    access: Access,
    week: date,
    asked: reminders.Request,
    *,
    is_of_one: bool = False,
) -> HttpResponse:
    """The block with what became of the request; of one row the row."""
    sentences = _sentences(asked)
    if not htmx.wants_partial(request):
        messages.info(request, " ".join(sentences))
        return return_address.redirect_back(
            request, reverse("reports:dashboard", args=(access.team.slug,))
        )
    pulse = pulse_of(access, week)
    document = current_document(access.team, week)
    block = document and attention.block_of(access, document, pulse)
    context: dict[str, object] = {"access": access, "attention": block, "document": document}
    if is_of_one and document and block and (row := return_address.row_of(request)):
        return _rows(
            request, context, row, groups.reminded(access, document, block, row), sentences
        )
    context |= {
        "sentences": sentences,
        "shows_mail": settings.DEBUG and bool(asked.reminders),
    }
    return htmx.render(request, _TEMPLATE, "dashboard_attention", context)


def _rows(
    request: HttpRequest,
    context: dict[str, object],
    row: str,
    rows: Sequence[Row],
    sentences: list[str],
) -> HttpResponse:
    """The row in its place with its result, and the others of the same lead; or why it is gone."""
    if not rows:
        gone = {"anchor": row, "words": " ".join(sentences)}
        return htmx.render(request, _TEMPLATE, "todo_gone", gone)
    return htmx.render(request, _TEMPLATE, "todo_rows", context | {"rows": rows})


def _ask(request: HttpRequest, access: Access, block: AttentionBlock, kind: str) -> HttpResponse:
    """Whether all of that kind are to be reminded: for htmx in the place of the button."""
    if htmx.wants_partial(request):
        document = current_document(access.team, access.team.this_week())
        context = {"access": access, "attention": block, "document": document, "asks_all": kind}
        return htmx.render(request, _TEMPLATE, "dashboard_attention", context)
    count = block.reminding if kind == "silent" else block.asking
    words = ngettext("A reminder goes to %(n)s lead.", "A reminder goes to %(n)s leads.", count)
    question = Confirmation(
        heading=_("Remind all?") if kind == "silent" else _("Ask all again?"),
        sentences=[words % {"n": count}],
        button=confirmation.send_button(count),
        back=reverse("reports:dashboard", args=(access.team.slug,)),
    )
    return confirmation.ask(request, access, question)


def _sentences(asked: reminders.Request) -> list[str]:
    """What became of the request, a sentence each."""
    sentences = []
    if n := len(asked.reminders):
        sentences.append(ngettext("Reminding %(n)s lead.", "Reminding %(n)s leads.", n) % {"n": n})
    if asked.lately:
        sentences.append(
            _("Reminded already: %(names)s.") % _names(row.user for row in asked.lately)
        )
    if asked.enough:
        sentences.append(
            _("Reminded twice this week, which is enough: %(names)s.") % _names(asked.enough)
        )
    if asked.unreachable:
        sentences.append(_("No mail address: %(names)s.") % _names(asked.unreachable))
    if asked.deactivated:
        sentences.append(_("Account deactivated: %(names)s.") % _names(asked.deactivated))
    if asked.leaderless:
        sentences.append(_("Nobody to remind of: %(names)s.") % _names(asked.leaderless))
    return sentences or [_("Nobody has to be reminded.")]


def _names(things: Iterable[object]) -> dict[str, str]:
    return {"names": _(", ").join(map(str, things))}
