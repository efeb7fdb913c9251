"""Weeks that were closed and never published: in sight until then, or left out for a reason."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from projects import audit
from projects.models import Incident, StatusEntry, Team, User
from projects.standing import begins_with
from reports.models import Edition, Step, WeeklyPage, WeekStep
from reports.models.pages import WeeklyPageQuerySet
from reports.pages import editions, live

LONGEST_REASON: Final = 200


class NothingToLeaveOut(Exception):
    """The week is published, of history, or not over yet."""


def waiting(team: Team) -> WeeklyPageQuerySet:
    """The team's pages that wait to be published, oldest first, each with what its cutoff found
    (``closing``); one query.

    A week in which nobody entered anything waits for nothing, nor does one of history. It does
    wait once something is entered after its time: no edition would ever hold that.
    """
    steps = WeekStep.objects.filter(team=OuterRef("team"), week=OuterRef("week"))
    closing = steps.filter(step=Step.CLOSE).values("result")
    this_week = team.this_week()
    since = begins_with(this_week, team.starts_on)
    pages = WeeklyPage.objects.filter(waits(since, this_week), team=team)
    return pages.annotate(closing=Subquery(closing[:1])).order_by("week")


def waits(since: date, this_week: date) -> Q:
    """Of pages: whether they wait, as ``waiting`` has it. ``since`` is where the present begins."""
    of_week = {"team": OuterRef("team"), "week": OuterRef("week")}
    steps = WeekStep.objects.filter(**of_week)
    was_empty = Exists(steps.filter(step=Step.PUBLISH, result__has_key="nothing"))
    entries, incidents = StatusEntry.objects.filter(**of_week), Incident.objects.filter(**of_week)
    return Q(
        Exists(steps.filter(step=Step.CLOSE)),
        ~was_empty | Q(Exists(entries)) | Q(Exists(incidents)),
        ~Exists(Edition.objects.filter(page=OuterRef("pk"))),
        week__range=(since, this_week),
        left_out_reason="",
    )


def left_out(team: Team) -> dict[date, str]:
    """By week, why it was left out."""
    pages = WeeklyPage.objects.filter(team=team).exclude(left_out_reason="")
    return dict(pages.values_list("week", "left_out_reason"))


def reason_of(team: Team, week: date) -> str:
    """Why the week is left out; empty where it is not."""
    pages = WeeklyPage.objects.of_week(team, week)
    return pages.values_list("left_out_reason", flat=True).first() or ""


@transaction.atomic
def leave_out(team: Team, week: date, reason: str, *, by: User | None) -> bool:
    """Leave the week without a published page, or with an empty reason have it wait again.

    Whether that changed anything. Raises ``NothingToLeaveOut``.
    """
    if team.is_history(week) or week >= team.this_week():
        raise NothingToLeaveOut
    page = live.locked(team, week)
    if editions.latest(team, week) is not None:
        raise NothingToLeaveOut
    before = page.left_out_reason
    if before == reason:
        return False
    page.left_out_reason = reason
    page.save(update_fields=["left_out_reason"])
    action = "week.leave_out" if reason else "week.take_back"
    label = team.week_label(week)
    audit.note(team, action, label, by=by, before={"reason": before}, after={"reason": reason})
    return True
