from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okrtracker import htmx
from projects.access import Access
from projects.checkin import plan_lines
from reports.forms.words import WordsForm
from reports.pages import drafts, editing
from reports.pages.drafts import Typed
from reports.pages.editing import EditConflict, UnknownField, Words
from reports.pages.live import current_document
from reports.render.wording import short_heading
from reports.templatetags.review import field_name
from reports.views import live_page


@require_http_methods(["GET", "HEAD", "POST"])
def page_edit(request: HttpRequest, team: str, label: str, field: str) -> HttpResponse:
    """The editor of one field of the page, with the reader's draft in it; sent, it is saved.

    ``?closed`` gives the section back as it stands. ``anchor`` says in which section the editor
    was opened.
    """
    access, week = live_page.get_for_manager(request, team, label)
    try:
        standing = editing.standing(access.team, week, field)
    except UnknownField:
        return _removed(request, access, week, field)
    if request.method == "POST":
        return _saved(request, access, week, field, standing)
    if "closed" in request.GET:
        anchor = request.GET.get("anchor", "")
        return live_page.changed(request, access, week, anchor=anchor, focus=field)
    draft = drafts.of(access.user, access.team, week).get(field)
    typed, seen = (draft.words, draft.seen) if draft else (standing, standing.seen)
    is_behind = seen != standing.seen and typed.tidied() != standing.tidied()
    form = WordsForm(field=field, standing=typed, seen=standing.seen if is_behind else seen)
    theirs = standing if is_behind else None
    return editor(request, access, week, field, form, draft=draft, theirs=theirs)


def _saved(
    request: HttpRequest, access: Access, week: date, field: str, standing: Words
) -> HttpResponse:
    form = WordsForm(request.POST, field=field, standing=standing)
    if not form.is_valid():
        return editor(request, access, week, field, form, status=422)
    typed = form.typed()
    try:
        now = editing.save(access.team, week, field, typed, seen=form.seen_words, by=access.user)
    except UnknownField:  # in this very moment
        return _removed(request, access, week, field)
    except EditConflict as conflict:
        theirs = conflict.standing
        drafts.save(
            access.user,
            access.team,
            week,
            field,
            typed=typed,
            standing=theirs,
            seen=form.seen_words,
        )
        form = WordsForm(field=field, standing=typed, seen=theirs.seen)
        return editor(request, access, week, field, form, theirs=theirs, status=422)
    drafts.discard(access.user, access.team, week, field)
    anchor = request.POST.get("anchor", "")
    return live_page.changed(request, access, week, anchor=anchor, focus=now, said=_("Saved."))


def _removed(request: HttpRequest, access: Access, week: date, field: str) -> HttpResponse:
    """What was typed into a section that somebody removed meanwhile, as a new one to be saved.

    ``Http404`` where nothing was typed.
    """
    if not request.POST.get("text", "").strip():
        raise Http404
    empty = editing.standing(access.team, week, editing.NEW)
    sent = {name: request.POST.get(name, "") for name in ("heading", "text")}
    form = WordsForm({**sent, "seen": empty.seen}, field=editing.NEW, standing=empty)
    drafts.discard(access.user, access.team, week, field)
    if editing.NEW not in drafts.of(access.user, access.team, week):
        drafts.save(
            access.user,
            access.team,
            week,
            editing.NEW,
            typed=form.typed(),
            standing=empty,
            seen=empty.seen,
        )
    return editor(request, access, week, editing.NEW, form, instead_of=field, status=422)


def editor(
    request: HttpRequest,
    access: Access,
    week: date,
    field: str,
    form: WordsForm,
    *,
    draft: Typed | None = None,
    theirs: Words | None = None,
    instead_of: str = "",
    status: int = 200,
) -> HttpResponse:
    """The editor; with ``theirs`` beside the reader's words, where other words stand by now.

    ``instead_of`` is the field that was edited and is no longer on the page.
    """
    asked = request.POST if request.method == "POST" else request.GET
    anchor = asked.get("anchor", "")
    typed = form.typed() if form.is_bound else Words(str(form.initial["text"]))
    context = {
        "access": access,
        "section": "weeks",
        "label": access.team.week_label(week),
        "field": field,
        "form": form,
        "anchor": anchor,
        "title": title_of(access, week, field, anchor),
        "hint": _("one line each; lines you paste become items of their own")
        if field == editing.PLAN
        else _("Markdown: - lists, **bold**, [links](https://…)"),
        "draft": draft,
        "theirs": theirs,
        "is_removed": bool(instead_of),
        "page_url": live_page.address(access, week, anchor),
        **preview_of(field, typed),
    }
    template, partial = "reports/page_edit.html", "editor"
    response = htmx.render(request, template, partial, context, status=status)
    place = f"#field_{instead_of or field}"
    return htmx.instead(response, place) if status != 200 else response


def preview_of(field: str, typed: Words) -> dict[str, Any]:
    """The words as they will be printed."""
    is_plan = field == editing.PLAN
    return {
        "is_plan": is_plan,
        "preview_items": plan_lines.read(typed.text) if is_plan else [],
        "preview_text": typed.text,
    }


def title_of(access: Access, week: date, field: str, anchor: str) -> str:
    """What is edited: the section it stands in, or what there is none of yet."""
    document = current_document(access.team, week)
    section = live_page.section_at(document, anchor) if document else None
    return short_heading(section) if section else field_name(field) or _("Words of the page")
