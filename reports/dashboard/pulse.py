"""What moves on a dashboard besides the facts of its week: reminders, deliveries, publishing.

A dashboard that stays open asks for it every few seconds, so it is one query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    StringAgg,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from projects.access import Access
from projects.models import Project, Team, WeekFacts
from projects.prepared import Prepared
from projects.standing import begins_with
from projects.weeks import WEEK
from reports.models import (
    Delivery,
    Digest,
    Edition,
    Reminder,
    ReminderKind,
    SendState,
    Step,
    WeeklyPage,
    WeekStep,
)
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
    reminded: int = 0  # how many people were asked for their update
    published_at: datetime | None = None  # its latest edition
    mailed_at: datetime | None = None  # when its digest was prepared
    left_out_reason: str = ""  # why the week stays unpublished
    # Of the week and the one before: those whose facts changed since they were published.
    moved: tuple[date, ...] = ()
    acknowledged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # The keys of the open projects that are led by somebody who cannot sign in any more. Closing an
    # account changes no fact.
    gone_leads: str = ""

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


def pulse_of(access: Access, week: date, facts: int | None = None) -> Pulse:
    """Read it before the document: a change in between is then seen the next time.

    ``facts`` is the revision of the week's facts, where the caller has read it already.
    """
    team = access.team
    pages = _pages.rows(
        team=team.pk,
        week=week,
        since=begins_with(week, team.starts_on),
        with_waiting=access.is_manager and week == team.this_week(),
    )
    rows: dict[date, dict[str, Any]] = {row["week"]: row for row in pages}
    row = rows.get(week, {})
    if facts is None:
        facts = row.get("facts", 0)
    moved = _moved(rows, week, facts)
    published_at = row.get("published_at")
    parts: list[object] = [facts, row.get("sent", 0), team.today().toordinal()]
    parts += [published_at and int(published_at.timestamp()), bool(row.get("mailed_at"))]
    parts += [f"{monday:%m%d}" for monday in moved]
    parts.append(len(row.get("acknowledged", ())))
    state = Pulse(
        revision="",
        undelivered={},
        unpublished=(),
        reminded=row.get("reminded", 0),
        published_at=published_at,
        mailed_at=row.get("mailed_at"),
        left_out_reason=row.get("left_out_reason", ""),
        moved=moved,
        acknowledged=row.get("acknowledged", {}),
        gone_leads=".".join(sorted((row.get("gone_leads") or "").split("."))),
    )
    if access.is_manager:
        state = _for_manager(state, team, week, rows)
        parts += [*state.undelivered.values(), *(row.label for row in state.unpublished)]
        parts.append(state.gone_leads)
    return replace(state, revision="-".join(map(str, parts)))


def _moved(rows: Mapping[date, dict[str, Any]], week: date, facts: int) -> tuple[date, ...]:
    """Of the week and the one before: those whose facts changed since they were published."""
    facts_of = {week: facts}
    return tuple(
        monday
        for monday, figures in rows.items()
        if monday >= week - WEEK
        and figures["published_at"] is not None
        and facts_of.get(monday, figures["facts"]) > figures["published_revision"]
    )


def _for_manager(state: Pulse, team: Team, week: date, rows: dict[date, dict[str, Any]]) -> Pulse:
    """With what only managers are shown."""
    undelivered = {
        monday: row["failed"]
        for monday, row in rows.items()
        if row["failed"] and monday >= week - WEEK
    }
    waiting = (_unpublished(team, row) for row in rows.values() if row["is_waiting"])
    return replace(state, undelivered=undelivered, unpublished=tuple(waiting))


@Prepared
def _pages(*, team: int, week: date, since: date, with_waiting: bool) -> QuerySet[Any, Any]:
    """The figures of that week's page and of the one before, oldest first; and of the weeks that
    wait to be published, of those from ``since`` on.
    """
    of_week = {"team": OuterRef("team"), "week": OuterRef("week")}
    # A reminder counts 1 while it is under way and 2 afterwards, so each step changes the sum.
    weight = Case(When(state__in=(SendState.PENDING, SendState.CLAIMED), then=1), default=2)
    facts = WeekFacts.objects.filter(**of_week).values(number=F("revision"))
    reminders = Reminder.objects.filter(**of_week).order_by().values("week")
    asked = reminders.filter(kind=ReminderKind.CHECK_IN)
    failed = Delivery.objects.filter(edition__page=OuterRef("pk"), state=SendState.FAILED)
    taken = WeekStep.objects.filter(**of_week)
    closing = taken.filter(step=Step.CLOSE).values("result")
    editions = Edition.objects.filter(page=OuterRef("pk")).order_by("-number")
    digests = Digest.objects.filter(edition__page=OuterRef("pk")).order_by("-prepared_at")
    mailed = digests.exclude(prepared_at=None)
    pages = WeeklyPage.objects.filter(team=team).order_by("week")
    is_waiting: Any = Value(False)  # noqa: FBT003  Django's
    gone: Any = Value("")
    shown = Q(week__in=(week, week - WEEK))
    if with_waiting:
        waits = backlog.waits(since, week)
        shown |= waits
        is_waiting = Case(When(waits, then=True), default=False, output_field=BooleanField())
        gone = _keys(gone_leads(team))
    return pages.filter(shown).values(
        "week",
        "published_revision",
        "acknowledged",
        "left_out_reason",
        facts=_number(facts),
        sent=_number(reminders.annotate(number=Sum(weight))),
        reminded=_number(asked.annotate(number=Count("user", distinct=True))),
        failed=_number(failed.order_by().values("state").annotate(number=Count("pk"))),
        published_at=Subquery(editions.values("published_at")[:1]),
        mailed_at=Subquery(mailed.values("prepared_at")[:1]),
        is_waiting=is_waiting,
        gone_leads=gone,
        closing=Subquery(closing[:1]),
    )


def gone_leads(team: int) -> QuerySet[Project]:
    """The open projects that are led by somebody whose account is closed."""
    return Project.objects.filter(team=team, closed_on=None, lead__is_active=False)


def _keys(projects: QuerySet[Project]) -> Subquery:
    """As a text in any order, or NULL."""
    keys = StringAgg(Cast("pk", CharField()), Value("."))
    return Subquery(projects.order_by().values("team").annotate(keys=keys).values("keys"))


def _number(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values("number")), Value(0))


def _unpublished(team: Team, row: dict[str, Any]) -> Unpublished:
    closing = row["closing"] or {}
    return Unpublished(
        label=team.week_label(row["week"]),
        findings=closing.get("findings", 0),
        silent=closing.get("silent", 0),
    )
