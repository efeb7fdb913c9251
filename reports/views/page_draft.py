from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from okrtracker import htmx
from reports.forms.words import WordsForm
from reports.pages import drafts, editing
from reports.pages.editing import UnknownField
from reports.views import live_page, page_edit


@require_POST
def page_draft(request: HttpRequest, team: str, label: str, field: str) -> HttpResponse:
    """Keep what was typed into a field of the page, and show it as it will be printed.

    It is asked in the background while somebody types, so nothing is ever wrong with what comes.
    """
    access, week = live_page.get_for_manager(request, team, label)
    try:
        standing = editing.standing(access.team, week, field)
    except UnknownField as unknown:
        raise Http404 from unknown
    form = WordsForm(request.POST, field=field, standing=standing)
    typed, seen = form.typed(), form.seen_words or standing.seen
    draft = drafts.save(
        access.user, access.team, week, field, typed=typed, standing=standing, seen=seen
    )
    if not htmx.wants_partial(request):
        begun = WordsForm(field=field, standing=typed, seen=seen)
        return page_edit.editor(request, access, week, field, begun, draft=draft)
    context = {"access": access, "draft": draft, **page_edit.preview_of(field, typed)}
    return render(request, "reports/page_edit.html#draft_state", context)
