"""Who changed what in a team: the audit trail and the ledger of percents and dates as one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext

from projects.models import AuditRecord, LedgerField, ProgressChange, Project, Team
from projects.models.deputies import signature
from projects.templatetags.okr import percent
from projects.templatetags.project import action, values_changed
from projects.text.actions import ACTIONS
from projects.text.wording import date_text
from reports.render.spreadsheets import Grid

A_PAGE: Final = 50
_MOST_EXPORTED: Final = 20_000
_RECORD, _CHANGE = 0, 1


@dataclass(frozen=True, slots=True)
class Trace:
    """One change. ``values`` are the fields with what they were and what they are."""

    at: datetime
    by: str  # empty: nobody who signed in, as the schedule
    action: str
    subject: str
    project: Project | None
    values: list[tuple[str, str, str]]
    reason: str = ""


def page_of(team: Team, words: str, number: str | None) -> Page[Trace]:
    """A page of the team's traces in which all the words stand, the newest first."""
    keys = Paginator(_keys(team, words.split()), A_PAGE)
    page = keys.get_page(number)
    return Page(_read(team, list(page.object_list)), page.number, keys)


def grid_of(team: Team, words: str) -> Grid:
    """The same as a table, all pages; the newest 20,000."""
    traces = _read(team, list(_keys(team, words.split())[:_MOST_EXPORTED]))
    headings = (
        *(gettext("When"), gettext("Who"), gettext("What was done"), gettext("To what")),
        *(gettext("Project"), gettext("Values"), gettext("Reason")),
    )
    return Grid(
        title=f"{team.slug} audit",
        headings=headings,
        rows=tuple(
            (
                f"{team.local(trace.at):%Y-%m-%d %H:%M:%S}",
                trace.by,
                trace.action,
                trace.subject,
                str(trace.project or ""),
                "; ".join(f"{name}: {was} → {now}" for name, was, now in trace.values),
                trace.reason,
            )
            for trace in traces
        ),
    )


def _keys(team: Team, words: list[str]) -> QuerySet[Any, Any]:
    """When, which kind and which key: both tables in one order, without reading their rows."""
    records = AuditRecord.objects.filter(team=team)
    changes = ProgressChange.objects.filter(team=team)
    for word in words:
        named = [code for code, label in ACTIONS.items() if word.lower() in str(label).lower()]
        person = Q(by__name__icontains=word) | Q(by__username__icontains=word)
        project = Q(project__name__icontains=word)
        records = records.filter(
            person | project | Q(subject__icontains=word) | Q(action__in=named)
        )
        changes = changes.filter(
            person
            | Q(reason__icontains=word)
            | Q(milestone__name__icontains=word)
            | Q(milestone__project__name__icontains=word)
        )
    return (
        records.order_by()
        .values_list("at", "pk", Value(_RECORD))
        .union(changes.order_by().values_list("at", "pk", Value(_CHANGE)), all=True)
        .order_by("-at", "-id")
    )


def _read(team: Team, keys: list[tuple[datetime, int, int]]) -> list[Trace]:
    records = AuditRecord.objects.select_related("by", "on_behalf_of", "project").in_bulk(
        [key for _at, key, kind in keys if kind == _RECORD]
    )
    changes = ProgressChange.objects.select_related(
        "by", "on_behalf_of", "milestone__project"
    ).in_bulk([key for _at, key, kind in keys if kind == _CHANGE])
    return [
        _of_record(team, records[key]) if kind == _RECORD else _of_change(team, changes[key])
        for _at, key, kind in keys
    ]


def _of_record(team: Team, record: AuditRecord) -> Trace:
    return Trace(
        at=record.at,
        by=signature(team, record.by, record.on_behalf_of),
        action=action(record),
        subject=record.subject,
        project=record.project,
        values=values_changed(record),
    )


def _of_change(team: Team, change: ProgressChange) -> Trace:
    is_percent = change.field == LedgerField.PERCENT
    was, now = (
        (percent(change.old_percent), percent(change.new_percent))
        if is_percent
        else (
            date_text(change.old_due_on, "day") if change.old_due_on else "",
            date_text(change.new_due_on, change.new_precision) if change.new_due_on else "",
        )
    )
    return Trace(
        at=change.at,
        by=signature(team, change.by, change.on_behalf_of),
        action=gettext("percent changed") if is_percent else gettext("due date changed"),
        subject=change.milestone.name,
        project=change.milestone.project,
        values=[(str(LedgerField(change.field).label), was, now)],
        reason=change.reason,
    )
