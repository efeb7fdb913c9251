"""The manager's work on the live page: words, drafts of them, own sections, outcomes of plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okrtracker import htmx
from projects.access import Access
from projects.checkin import plan_lines, plans
from projects.conflicts import EditConflict
from projects.forms.checkin.outcomes import OutcomeForm
from projects.forms.guarded import seen_place
from projects.models import Outcome, PlannedItem
from projects.ordering import MovedAlready
from projects.text.wording import moved_already
from projects.weeks import WEEK
from reports.forms.pages import WordsForm
from reports.pages import drafts, editing
from reports.pages.drafts import WordsDraft
from reports.pages.editing import PageField, UnknownField, Words
from reports.pages.live import current_document
from reports.render import wording
from reports.templatetags.review import field_name
from reports.views.pages.live import (
    changed_page,
    get_page_for_manager,
    live_context,
    page_url,
    section_at,
)
from reports.weekly.document import PlanState
from reports.weekly.sections import Kind


@dataclass(frozen=True, slots=True)
class _Edit:
    """A manager's request about one field of a week's page."""

    request: HttpRequest
    access: Access
    field: PageField
    replaces: str = ""  # the field that was edited, where somebody has removed it meanwhile

    @property
    def anchor(self) -> str:
        """The section in which the editor was opened; empty for the page's end."""
        request = self.request
        sent = request.POST if request.method == "POST" else request.GET
        return sent.get("anchor", "")

    def changed(self, *, focus: str, message: str = "") -> HttpResponse:
        """The section, or the page, after a change."""
        week, anchor = self.field.week, self.anchor
        return changed_page(
            self.request, self.access, week, anchor=anchor, focus=focus, message=message
        )


def _edit(request: HttpRequest, team: str, label: str, field: str) -> _Edit:
    access, week = get_page_for_manager(request, team, label)
    return _Edit(request, access, PageField(access.team, week, field))


@require_http_methods(["GET", "HEAD", "POST"])
def page_edit(request: HttpRequest, team: str, label: str, field: str) -> HttpResponse:
    """The editor of one field of the page, with the reader's draft in it; sent, it is saved.

    ``?closed`` returns the section as it stands. ``anchor`` names the section in which the editor
    was opened.
    """
    edit = _edit(request, team, label, field)
    try:
        standing = editing.standing(edit.field)
    except UnknownField:
        return _removed(edit)
    if request.method == "POST":
        return _saved(edit, standing)
    if "closed" in request.GET:
        return edit.changed(focus=field)
    draft = drafts.of(edit.access.user, edit.access.team, edit.field.week).get(field)
    form = WordsForm(field=field, standing=standing, draft=draft.words if draft else None)
    if draft is not None and draft.seen != standing.digest:
        form.compare(draft.words, standing)
    return _editor(edit, form, draft=draft)


def _saved(edit: _Edit, standing: Words) -> HttpResponse:
    name, user = edit.field.name, edit.access.user
    form = WordsForm(edit.request.POST, field=name, standing=standing)
    if not form.is_valid():
        return _editor(edit, form, status=422)
    typed = form.typed()
    try:
        saved_as = editing.save(edit.field, typed, opened=form.opened, by=user)
    except UnknownField:  # removed in this very moment
        return _removed(edit)
    except EditConflict as conflict:
        theirs = Words.of_fields({**standing.fields(), **conflict.theirs})
        drafts.save(user, edit.field, typed=typed, standing=theirs, seen=form.seen)
        form.show_both(conflict)
        return _editor(edit, form, status=422)
    drafts.discard(user, edit.field)
    return edit.changed(focus=saved_as, message=_("Saved."))


def _removed(edit: _Edit) -> HttpResponse:
    """What was typed into a section that somebody removed meanwhile, as a new one to be saved.

    ``Http404`` where nothing was typed.
    """
    sent, user = edit.request.POST, edit.access.user
    if not sent.get("text", "").strip():
        raise Http404
    drafts.discard(user, edit.field)
    new = replace(edit.field, name=editing.NEW)
    empty = editing.standing(new)
    words = {name: sent.get(name, "") for name in ("heading", "text")}
    form = WordsForm(words, field=new.name, standing=empty)
    if new.name not in drafts.of(user, new.team, new.week):
        drafts.save(user, new, typed=form.typed(), standing=empty, seen=form.seen)
    return _editor(replace(edit, field=new, replaces=edit.field.name), form, status=422)


def _editor(
    edit: _Edit,
    form: WordsForm,
    *,
    draft: WordsDraft | None = None,
    status: int = 200,
) -> HttpResponse:
    field, team = edit.field, edit.access.team
    typed = form.typed() if form.is_bound else Words(str(form.initial["text"]))
    context = {
        "access": edit.access,
        "section": "weeks",
        "label": team.week_label(field.week),
        "field": field.name,
        "form": form,
        "anchor": edit.anchor,
        "title": _title(edit),
        "hint": _hint(field),
        "draft": draft,
        "is_removed": bool(edit.replaces),
        "page_url": page_url(edit.access, field.week, edit.anchor),
        **_preview(field, typed),
    }
    template, partial = "reports/page_edit.html", "editor"
    response = htmx.render(edit.request, template, partial, context, status=status)
    place = f"#field_{edit.replaces or field.name}"
    return htmx.retarget(response, place) if status != 200 else response


def _hint(field: PageField) -> str:
    if field.name == editing.PLAN:
        return _("one line each; lines you paste become items of their own")
    return _("Markdown: - lists, **bold**, [links](https://…)")


def _title(edit: _Edit) -> str:
    """What is edited: the section it stands in, or what the page has no section for yet."""
    document = current_document(edit.access.team, edit.field.week)
    if document and (section := section_at(document, edit.anchor)):
        return wording.short_heading(section)
    return field_name(edit.field.name) or _("Words of the page")


def _preview(field: PageField, typed: Words) -> dict[str, Any]:
    """The words as they will be printed."""
    is_plan = field.name == editing.PLAN
    return {
        "is_plan": is_plan,
        "preview_items": plan_lines.read(typed.text) if is_plan else [],
        "preview_text": typed.text,
    }


# --- drafts ---------------------------------------------------------------------------------


@require_POST
def page_draft(request: HttpRequest, team: str, label: str, field: str) -> HttpResponse:
    """Keep what was typed into a field of the page, and show it as it will be printed.

    The browser sends it in the background while somebody types, so nothing is refused.
    """
    edit = _edit(request, team, label, field)
    try:
        standing = editing.standing(edit.field)
    except UnknownField as unknown:
        raise Http404 from unknown
    form = WordsForm(request.POST, field=field, standing=standing)
    typed = form.typed()
    draft = drafts.save(
        edit.access.user, edit.field, typed=typed, standing=standing, seen=form.seen
    )
    if not htmx.wants_partial(request):
        again = WordsForm(field=field, standing=standing, draft=typed)
        again.opened = form.opened
        return _editor(edit, again, draft=draft)
    context = {"access": edit.access, "draft": draft, **_preview(edit.field, typed)}
    return render(request, "reports/page_edit.html#draft_state", context)


@require_POST
def page_draft_discard(request: HttpRequest, team: str, label: str, field: str) -> HttpResponse:
    """Throw away what the reader typed into the field and did not save; the page is as it was.

    With ``undo``, take it up again.
    """
    edit = _edit(request, team, label, field)
    if request.POST.get("undo"):
        drafts.take_up(edit.access.user, edit.field)
        return edit.changed(focus=field, message=_("The draft is back."))
    drafts.put_aside(edit.access.user, edit.field)
    return edit.changed(focus=field, message=_("Discarded."))


# --- own sections ---------------------------------------------------------------------------


@require_POST
def page_section_move(request: HttpRequest, team: str, label: str, section_id: int) -> HttpResponse:
    """Move an own section one place ``up`` or down (``way``)."""
    access, week = get_page_for_manager(request, team, label)
    is_up, seen = request.POST.get("way") == "up", seen_place(request.POST)
    notice = _("Moved.")
    try:
        editing.move_section(access.team, week, section_id, is_up=is_up, by=access.user, seen=seen)
    except UnknownField as unknown:
        raise Http404 from unknown
    except MovedAlready as moved:
        notice = moved_already(moved.name, moved.place)
        if not htmx.wants_partial(request):
            messages.warning(request, notice)
    return changed_page(request, access, week, message=notice)


@require_POST
def page_section_remove(
    request: HttpRequest, team: str, label: str, section_id: int
) -> HttpResponse:
    """Take an own section from the page. The button has asked for confirmation."""
    access, week = get_page_for_manager(request, team, label)
    try:
        editing.remove_section(access.team, week, section_id, by=access.user)
    except UnknownField as unknown:
        raise Http404 from unknown
    drafts.discard(access.user, PageField.of_section(access.team, week, section_id))
    return changed_page(request, access, week, focus=editing.NEW, message=_("Removed."))


# --- outcomes of last week's plan -----------------------------------------------------------


@require_POST
def page_outcome(request: HttpRequest, team: str, label: str, item_id: int) -> HttpResponse:
    """Save what became of a line of last week's plan, with a ``note``.

    What is carried on stands in next week's plan at once, so that section is sent along.
    """
    access, week = get_page_for_manager(request, team, label)
    item = get_object_or_404(PlannedItem, team=access.team, week=week - WEEK, pk=item_id)
    form = OutcomeForm(item, request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    is_plan_changed = Outcome.CARRIED_ON in (item.outcome, outcome)
    try:
        item = plans.set_outcome(item, form.chosen, by=access.user, note=note, opened=form.opened)
    except EditConflict as conflict:
        form.show_both(conflict)
    document = current_document(access.team, week)
    if document is None:
        raise Http404
    context = live_context(access, document)
    if form.versions:
        context |= {"item": PlanState(item.text, outcome, note, item.pk), "outcome_form": form}
        return htmx.render(request, "reports/page_outcome.html", "outcome", context, status=422)
    if not htmx.wants_partial(request):
        return redirect(page_url(access, week, f"outcome_{item.pk}"))
    state = PlanState(item.text, item.outcome, item.outcome_note, item.pk)
    message = wording.outcome(state) if item.outcome else _("no outcome yet")
    context |= {"item": state, "message": message, "swap": True}
    names = ["page_outcome.html#outcome", "page_edit.html#message", "review.html#review_count"]
    plan = next((section for section in document.sections if section.kind is Kind.PLAN), None)
    if is_plan_changed and plan:
        names.append("_sheet.html#page_section")
        context |= {"section": plan, "swap_section": True}
    return HttpResponse(
        "".join(render_to_string(f"reports/{name}", context, request) for name in names)
    )
