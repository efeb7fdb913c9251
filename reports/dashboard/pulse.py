"""What moves on a dashboard besides the facts of its week: reminders, deliveries, publishing.

A dashboard that stays open asks for it every few seconds, so it is one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from projects.access import Access
from projects.models import Team, WeekFacts
from projects.weeks import WEEK
from reports.models import Delivery, Edition, Reminder, SendState, Step, WeeklyPage, WeekStep


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
    see what was not delivered or published, of that week and the one before.
    """

    revision: str
    undelivered: Mapping[date, int]  # by week, how many did not get its page
    unpublished: tuple[Unpublished, ...]  # in the present week only
    is_published: bool = False


def pulse_of(access: Access, week: date, facts: int | None = None) -> Pulse:
    """Read it before the document: a change in between is then seen the next time.

    ``facts`` is the revision of the week's facts, where the caller has read it already.
    """
    team = access.team
    rows = _rows(team, week)
    row = rows.get(week, {})
    if facts is None:
        facts = row.get("facts", 0)
    is_published = row.get("is_published", False)
    parts = [facts, row.get("reminded", 0), team.today().toordinal()]
    if not access.is_manager:
        return Pulse("-".join(map(str, parts)), {}, (), is_published)
    undelivered = {monday: row["failed"] for monday, row in rows.items() if row["failed"]}
    waiting = []
    if week == team.this_week():
        waiting = [
            _unpublished(team, row)
            for monday, row in rows.items()
            if _waits(row) and not team.is_history(monday)
        ]
    parts += [*undelivered.values(), *(row.label for row in waiting)]
    return Pulse("-".join(map(str, parts)), undelivered, tuple(waiting), is_published)


def _rows(team: Team, week: date) -> dict[date, dict[str, Any]]:
    """By week, the figures of that week's page and of the one before, oldest first."""
    of_week = {"team": OuterRef("team"), "week": OuterRef("week")}
    # A reminder counts 1 while it is under way and 2 afterwards, so each step changes the sum.
    weight = Case(When(state__in=(SendState.PENDING, SendState.CLAIMED), then=1), default=2)
    facts = WeekFacts.objects.filter(**of_week).values(number=F("revision"))
    reminders = Reminder.objects.filter(**of_week).order_by().values("week")
    failed = Delivery.objects.filter(edition__page=OuterRef("pk"), state=SendState.FAILED)
    steps = WeekStep.objects.filter(**of_week).values("result")
    pages = WeeklyPage.objects.filter(team=team, week__in=(week, week - WEEK)).order_by("week")
    rows: Iterable[Any] = pages.values(
        "week",
        facts=_number(facts),
        reminded=_number(reminders.annotate(number=Sum(weight))),
        failed=_number(failed.order_by().values("state").annotate(number=Count("pk"))),
        is_published=Exists(Edition.objects.filter(page=OuterRef("pk"))),
        close=Subquery(steps.filter(step=Step.CLOSE)[:1]),
        publish=Subquery(steps.filter(step=Step.PUBLISH)[:1]),
    )
    return {row["week"]: row for row in rows}


def _number(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values("number")), Value(0))


def _waits(row: dict[str, Any]) -> bool:
    """Whether the week is closed, has something to say, and is not published."""
    is_closed, published = row["close"] is not None, row["publish"] or {}
    return is_closed and not row["is_published"] and not published.get("nothing")


def _unpublished(team: Team, row: dict[str, Any]) -> Unpublished:
    closing = row["close"]
    return Unpublished(
        label=team.week_label(row["week"]),
        findings=closing.get("findings", 0),
        silent=closing.get("silent", 0),
    )
