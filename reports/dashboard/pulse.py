"""What moves on a dashboard besides the facts of its week: reminders, deliveries, publishing.

A dashboard that stays open asks for it every few seconds, so it is one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from projects.access import Access
from projects.models import Team, WeekFacts
from projects.weeks import WEEK
from reports.models import Delivery, Edition, Reminder, SendState, Step, WeeklyPage, WeekStep
from reports.pages import backlog


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A week that is closed and not published: what was left to resolve at its cutoff."""

    label: str
    findings: int
    silent: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """The pulse of one week for one reader.

    ``revision`` changes whenever the week's dashboard would show something else. Managers also
    see what was not delivered, of that week and the one before, and what was never published.
    """

    revision: str
    undelivered: Mapping[date, int]  # by week, how many did not get its page
    unpublished: tuple[Unpublished, ...]  # in the present week only
    is_published: bool = False
    has_moved: bool = False  # facts of the week changed since it was published


def pulse_of(access: Access, week: date, facts: int | None = None) -> Pulse:
    """Read it before the document: a change in between is then seen the next time.

    ``facts`` is the revision of the week's facts, where the caller has read it already.
    """
    team = access.team
    rows = _rows(team, week, with_waiting=access.is_manager and week == team.this_week())
    row = rows.get(week, {})
    if facts is None:
        facts = row.get("facts", 0)
    is_published = row.get("is_published", False)
    has_moved = is_published and row.get("facts", 0) > row.get("published_revision", 0)
    parts = [facts, row.get("reminded", 0), team.today().toordinal()]
    if not access.is_manager:
        return Pulse("-".join(map(str, parts)), {}, (), is_published, has_moved=has_moved)
    undelivered = {
        monday: row["failed"]
        for monday, row in rows.items()
        if row["failed"] and monday >= week - WEEK
    }
    waiting = [_unpublished(team, row) for row in rows.values() if row["is_waiting"]]
    parts += [*undelivered.values(), *(row.label for row in waiting)]
    revision = "-".join(map(str, parts))
    return Pulse(revision, undelivered, tuple(waiting), is_published, has_moved=has_moved)


def _rows(team: Team, week: date, *, with_waiting: bool) -> dict[date, dict[str, Any]]:
    """By week, the figures of that week's page and of the one before, oldest first; and of the
    weeks that wait to be published.
    """
    of_week = {"team": OuterRef("team"), "week": OuterRef("week")}
    # A reminder counts 1 while it is under way and 2 afterwards, so each step changes the sum.
    weight = Case(When(state__in=(SendState.PENDING, SendState.CLAIMED), then=1), default=2)
    facts = WeekFacts.objects.filter(**of_week).values(number=F("revision"))
    reminders = Reminder.objects.filter(**of_week).order_by().values("week")
    failed = Delivery.objects.filter(edition__page=OuterRef("pk"), state=SendState.FAILED)
    closing = WeekStep.objects.filter(**of_week, step=Step.CLOSE).values("result")
    pages = WeeklyPage.objects.filter(team=team).order_by("week")
    is_waiting: Any = Value(False)  # noqa: FBT003  Django's
    shown = Q(week__in=(week, week - WEEK))
    if with_waiting:
        waiting = backlog.waiting(team).order_by()
        shown |= Q(pk__in=waiting.values("pk"))
        is_waiting = Exists(waiting.filter(pk=OuterRef("pk")))
    pages = pages.filter(shown)
    rows: Iterable[Any] = pages.values(
        "week",
        "published_revision",
        facts=_number(facts),
        reminded=_number(reminders.annotate(number=Sum(weight))),
        failed=_number(failed.order_by().values("state").annotate(number=Count("pk"))),
        is_published=Exists(Edition.objects.filter(page=OuterRef("pk"))),
        is_waiting=is_waiting,
        closing=Subquery(closing[:1]),
    )
    return {row["week"]: row for row in rows}


def _number(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values("number")), Value(0))


def _unpublished(team: Team, row: dict[str, Any]) -> Unpublished:
    closing = row["closing"] or {}
    return Unpublished(
        label=team.week_label(row["week"]),
        findings=closing.get("findings", 0),
        silent=closing.get("silent", 0),
    )
