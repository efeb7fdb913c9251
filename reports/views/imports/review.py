"""Review an import: one doubt after the other, with the lines of the pages that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from okrtracker import broker
from okrtracker.requests.clean import number_in
from projects.access import Access, get_team_for_manager
from projects.conflicts import EditConflict
from projects.forms.guarded import parsed
from projects.forms.team import start_refusal
from projects.models import Membership
from projects.teams.setup import start_bounds
from reports import tasks
from reports.forms.import_choices import ChoiceRefused, choice_of, shown_rows, typed_name
from reports.forms.imports import (
    CorrectionForm,
    ValueRefused,
    corrected_values,
    typed_values,
)
from reports.importer import doubts
from reports.importer.decisions import Decisions, ValueCorrection
from reports.imports import evidence, future, review
from reports.imports.reading import problem_of
from reports.models import ImportDoubt, ImportFile, ImportPage, ImportState, PageImport
from reports.templatetags.imports import column_words
from reports.views.imports.imports import has_files, import_of, moved_on

_LONG: Final = 10  # rows of a doubt
_HAS_FIELDS: Final = {doubts.WEEKS, doubts.PEOPLE, doubts.UNREAD, doubts.FUTURE}


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """The lines of a page that a doubt rests on, and the places before and after it."""

    page: ImportPage
    week: date | None  # as it was read or decided
    lines: list[evidence.EvidenceLine]
    corrections: dict[int, ImportDoubt]
    names: list[str]  # of projects that a line may report
    number: int
    total: int


@require_safe
def import_review(request: HttpRequest, team: str, import_id: int) -> HttpResponse:
    """The doubts, and one of them: the one that is asked for, else the first that is open."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    if page_import.state != ImportState.REVIEW:
        return redirect("reports:import_detail", access.team.slug, page_import.pk)
    rows = list(page_import.doubts.all())
    asked = request.GET.get("doubt", "")
    current = next((doubt for doubt in rows if str(doubt.pk) == asked), None)
    current = current or next((doubt for doubt in rows if doubt.is_open), None)
    return _show(request, access, page_import, current)


def _show(
    request: HttpRequest,
    access: Access,
    page_import: PageImport,
    current: ImportDoubt | None,
    *,
    refusal: str = "",
    conflict: bool = False,
) -> HttpResponse:
    rows = list(page_import.doubts.all())
    sent = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {
        "access": access,
        "section": "settings",
        "page_import": page_import,
        "pages": page_import.pages.count(),
        "kinds": [
            (kind, list(group)) for kind, group in groupby(rows, key=lambda doubt: doubt.kind)
        ],
        "open_doubts": sum(doubt.is_open for doubt in rows),
        "decided_doubts": sum(not doubt.is_open for doubt in rows),
        "files": (files := page_import.files.defer("data").exclude(faults=[])),
        "can_read_again": _has_passing_faults(files) and has_files(page_import),
        "current": current,
        "refusal": refusal,
        "conflict": conflict,
    }
    if current is not None:
        context |= _doubt_context(page_import, current, sent)
        context["place"] = _place(page_import, current, request.GET.get("place", ""))
    is_bad = bool(refusal or conflict)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_bad else HTTPStatus.OK
    return render(request, "reports/import_review.html", context, status=status)


def _has_passing_faults(files: Iterable[ImportFile]) -> bool:
    problems = (problem_of(fault) for file in files for fault in file.faults)
    return any(problem is not None and problem.is_passing for problem in problems)


def _doubt_context(
    page_import: PageImport, doubt: ImportDoubt, sent: Mapping[str, Any] | None
) -> dict[str, Any]:
    context: dict[str, Any] = {
        "opened": {"choice": review.choice_text(doubt)},
        "rows": shown_rows(doubt, sent),
        "main_name": sent.get("main_name", "") if sent else typed_name(doubt),
    }
    if doubt.kind == doubts.COLUMNS:
        context["roles"] = [(role.value, words) for role, words in column_words().items()]
    if doubt.kind == doubts.PEOPLE:
        context["members"] = _members(page_import)
    if doubt.kind == doubts.FUTURE:
        proposed = future.of_import(page_import, doubt)
        context["future"] = proposed if sent is None else proposed.as_sent(sent)
    if doubt.kind == doubts.UNREAD:
        context["names"] = future.names_of(page_import)
    # The button below a long list is far from its question: there Enter goes from the first field.
    rows = context["future"].rows if "future" in context else context["rows"]
    context["is_long"] = doubt.kind in _HAS_FIELDS and len(rows) > _LONG
    return context


def _members(page_import: PageImport) -> list[Any]:
    rows = Membership.objects.filter(team=page_import.team).select_related("user")
    return [membership.user for membership in rows]


def _place(page_import: PageImport, doubt: ImportDoubt, asked: str) -> ReviewPlace | None:
    rows = doubt.detail.get("names") or doubt.detail.get("rows") or []
    places = list(dict.fromkeys(tuple(p) for row in rows for p in row.get("places", ())))
    if not places:
        return None
    at = min(number_in(asked) or 0, len(places) - 1)
    page_id, line = places[at]
    page = page_import.pages.filter(pk=page_id).first()
    if page is None:
        return None
    hot = [number for page_of_place, number in places if page_of_place == page_id]
    decisions = review.decisions_of(page_import)
    read = _evidence(page, decisions, hot)
    week = decisions.weeks.get(page.key, page.week)
    shown = evidence.around(read.lines, line)
    names = sorted(read.names)
    return ReviewPlace(page, week, shown, _corrections(page_import, page), names, at, len(places))


@dataclass(frozen=True, slots=True)
class _PageEvidence:
    lines: list[evidence.EvidenceLine]
    names: set[str]  # of projects that the page reports


def _evidence(page: ImportPage, decisions: Decisions, hot: Iterable[int] = ()) -> _PageEvidence:
    """The lines as they were read, with whose they are by now, and their corrected values."""
    read = review.as_decided(page, replace(decisions, values={}))
    lines = evidence.lines_of(read, hot, decisions.values.get(page.key))
    return _PageEvidence(lines, {mention.name for mention in read.projects})


@require_safe
def import_page(request: HttpRequest, team: str, import_id: int, page_id: int) -> HttpResponse:
    """A whole page: its source beside what was read."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    page = page_import.pages.filter(pk=page_id).first()
    if page is None:
        return _gone(request, access, page_import, ImportPage.objects.filter(pk=page_id))
    return _page(request, access, page_import, page)


def _page(
    request: HttpRequest,
    access: Access,
    page_import: PageImport,
    page: ImportPage,
    *,
    conflict: bool = False,
    refused: evidence.EvidenceLine | None = None,
) -> HttpResponse:
    decisions = review.decisions_of(page_import)
    read = _evidence(page, decisions)
    lines = [
        refused if refused is not None and line.number == refused.number else line
        for line in read.lines
    ]
    context = {
        "access": access,
        "section": "settings",
        "page_import": page_import,
        "page": page,
        "week": decisions.weeks.get(page.key, page.week),
        "lines": lines,
        "others": page_import.pages.defer("document"),
        "names": sorted(read.names | set(access.team.projects.values_list("name", flat=True))),
        "corrections": _corrections(page_import, page),
        "is_open": page_import.state == ImportState.REVIEW,
        "conflict": conflict,
    }
    is_bad = conflict or refused is not None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_bad else HTTPStatus.OK
    return render(request, "reports/import_page.html", context, status=status)


def _corrections(page_import: PageImport, page: ImportPage) -> dict[int, ImportDoubt]:
    """What was said of lines of the page, by the number of the line."""
    prefix = review.correction_key(page, 0).removesuffix("0")
    rows = page_import.doubts.filter(kind=doubts.CORRECTION, key__startswith=prefix)
    return {int(doubt.key.removeprefix(prefix)): doubt for doubt in rows}


def _gone(
    request: HttpRequest, access: Access, page_import: PageImport, others: QuerySet[Model]
) -> HttpResponse:
    """A page or a doubt that is not there any more: called off, or read again since.

    ``others`` are those of that number; one of another import raises ``Http404``.
    """
    if others.exists():
        raise Http404
    if page_import.state != ImportState.REVIEW:
        return moved_on(request, access, page_import)
    messages.warning(request, _("The files have been read again meanwhile. Nothing was saved."))
    return redirect("reports:import_review", access.team.slug, page_import.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_correct(request: HttpRequest, team: str, import_id: int, page_id: int) -> HttpResponse:
    """Say what a line of a page reports: a project, or none."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    page = page_import.pages.filter(pk=page_id).first()
    if page is None:
        return _gone(request, access, page_import, ImportPage.objects.filter(pk=page_id))
    page.page_import = page_import
    form = CorrectionForm(request.POST)
    address = reverse("reports:import_page", args=[access.team.slug, page_import.pk, page.pk])
    if request.method != "POST" or not form.is_valid():
        return redirect(address)
    line = form.cleaned_data["line"]
    try:
        _correct(request, access, page_import, page, form)
    except ValueLineRefused as refused:
        return _page(request, access, page_import, page, refused=refused.line)
    except EditConflict:
        return _page(request, access, page_import, page, conflict=True)
    except review.ReviewClosed:
        page_import.refresh_from_db(fields=["state"])
        return moved_on(request, access, page_import)
    if form.cleaned_data["doubt"]:
        address = reverse("reports:import_review", args=[access.team.slug, page_import.pk])
        asked = urlencode({name: form.cleaned_data[name] or 0 for name in ("doubt", "place")})
        address = f"{address}?{asked}"
    return redirect(f"{address}#line_{line}")


class ValueLineRefused(ValueError):
    """A value that was typed for the line cannot be; the line says why."""

    def __init__(self, line: evidence.EvidenceLine) -> None:
        self.line = line
        super().__init__(line.refusal)


def _correct(
    request: HttpRequest,
    access: Access,
    page_import: PageImport,
    page: ImportPage,
    form: CorrectionForm,
) -> None:
    line, corrections = form.cleaned_data["line"], _corrections(page_import, page)
    if form.cleaned_data["do"] == "undo":
        if line in corrections:
            review.withdraw(corrections[line])
        return
    choice, title = form.choice(page.key)
    if form.cleaned_data["do"] == "values":
        values = _values_sent(request, page, page_import, line)
        if not values and line not in corrections:
            return  # as it was read
        choice = Decisions(values={page.key: {str(line): values}})
    opened = parsed(request.POST.get("opened")) or None
    review.correct(page, line, title, choice, by=access.user, opened=opened)


def _values_sent(
    request: HttpRequest, page: ImportPage, page_import: PageImport, number: int
) -> tuple[ValueCorrection, ...]:
    """The corrected values of the line. Raises ``ValueLineRefused``."""
    read = _evidence(page, review.decisions_of(page_import))
    line = next((line for line in read.lines if line.number == number), None)
    if line is None:
        return ()
    typed = typed_values(line, request.POST)
    try:
        return corrected_values(line, typed)
    except ValueRefused as refused:
        line.refusal, line.typed = str(refused), typed
        raise ValueLineRefused(line) from None


@require_http_methods(["GET", "HEAD", "POST"])
def import_decide(request: HttpRequest, team: str, import_id: int, doubt_id: int) -> HttpResponse:
    """Decide a doubt, and go on with the next."""
    access = get_team_for_manager(request, team)
    page_import = import_of(access, import_id)
    doubt = page_import.doubts.filter(pk=doubt_id).first()
    if doubt is None:
        return _gone(request, access, page_import, ImportDoubt.objects.filter(pk=doubt_id))
    if request.method != "POST":
        return _to_doubt(page_import, doubt)
    try:
        if request.POST.get("do") != "skip":
            _decide(request, access, page_import, doubt)
        response = _after(page_import, doubt)
    except ChoiceRefused as refused:
        response = _show(request, access, page_import, doubt, refusal=str(refused))
    except EditConflict:
        doubt.refresh_from_db()
        response = _show(request, access, page_import, doubt, conflict=True)
    except review.ReviewClosed:
        page_import.refresh_from_db(fields=["state"])
        response = moved_on(request, access, page_import)
    return response


def _after(page_import: PageImport, doubt: ImportDoubt) -> HttpResponse:
    """The next doubt that is open; what is read again is watched first."""
    page_import.refresh_from_db(fields=["state"])
    if page_import.state == ImportState.READING:
        broker.publish_on_commit(tasks.read_import, page_import.pk)
        return redirect("reports:import_detail", page_import.team.slug, page_import.pk)
    return _to_doubt(page_import, review.next_open(doubt))


def _to_doubt(page_import: PageImport, doubt: ImportDoubt | None) -> HttpResponse:
    address = reverse("reports:import_review", args=[page_import.team.slug, page_import.pk])
    # No fragment: with one a browser does not focus the button that Enter presses.
    return redirect(f"{address}?doubt={doubt.pk}" if doubt else address)


def _decide(
    request: HttpRequest, access: Access, page_import: PageImport, doubt: ImportDoubt
) -> None:
    users = _members(page_import)
    members = {str(user): user.username for user in users}
    members |= {user.username: user.username for user in users}
    choice = choice_of(doubt.kind, doubt.detail, request.POST, members)
    if choice.starts_on is not None:
        first_week = parse_date(doubt.detail.get("first_week", ""))
        bounds = start_bounds(access.team, first_week)
        if bounds.refuse(choice.starts_on):
            raise ChoiceRefused(start_refusal(bounds))
    opened = parsed(request.POST.get("opened")) or None
    review.decide(doubt, choice, by=access.user, opened=opened)
