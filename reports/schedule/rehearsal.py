"""What a change of the schedule sends at once: the steps that it makes due are taken, counted and
taken back.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Team
from projects.text.wording import date_text
from reports.digest import dispatch
from reports.models import Delivery, Digest, Edition, Reminder, ReminderKind
from reports.schedule import steps
from reports.weekly.schedule import DueStep

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was due, and the last rows, before the change."""

    now: datetime
    steps: frozenset[tuple[object, str]]
    digests: frozenset[int]


def watch(team: Team) -> Callable[[], list[str]]:
    """Called before the change; the answer is called after it, in the same transaction."""
    now = timezone.now()
    before = _Before(
        now,
        frozenset((due.week, due.step) for due in steps.due_of(team, now)),
        frozenset(_due_digests(team, now).values_list("pk", flat=True)),
    )
    return lambda: _set_off(Team.objects.get(pk=team.pk), before)


def _due_digests(team: Team, now: datetime) -> QuerySet[Digest]:
    return Digest.objects.filter(team=team, prepared_at=None, due_at__lte=now)


def _set_off(team: Team, before: _Before) -> list[str]:
    """The sentences about what is due with the change, and was not before."""
    with transaction.atomic():
        editions = _since(Edition.objects.filter(team=team))
        deliveries = _since(Delivery.objects.filter(team=team))
        reminders = _since(Reminder.objects.filter(team=team))
        taken = _take_steps(team, before)
        _prepare_digests(team, before)
        sentences = [
            *_closings(team, taken),
            *_pages(team, editions, deliveries),
            *_reminded(reminders),
        ]
        transaction.set_rollback(True)
    return sentences


def _since[Row: Model](rows: QuerySet[Row]) -> QuerySet[Row]:
    """Of these rows those that are written from now on."""
    return rows.filter(pk__gt=rows.aggregate(last=Max("pk"))["last"] or 0)


def _take_steps(team: Team, before: _Before) -> list[DueStep]:
    """Take the steps that were not due before, as the next tick would; those that it would."""
    taken: list[DueStep] = []
    tried = set(before.steps)
    while waiting := [
        due for due in steps.due_of(team, before.now) if (due.week, due.step) not in tried
    ]:
        for due in waiting:
            tried.add((due.week, due.step))
            try:
                steps.take(team, due, before.now)
            except Exception:
                logger.exception("cannot rehearse the step %s", due)
            taken.append(due)
    return taken


def _prepare_digests(team: Team, before: _Before) -> None:
    steps.rearrange_digests(before.now)
    for digest in _due_digests(team, before.now).exclude(pk__in=before.digests):
        dispatch.prepare(digest.edition_id, before.now)


def _closings(team: Team, taken: list[DueStep]) -> Iterator[str]:
    for due in taken:
        if due.step == "close":
            cutoff = team.local(due.due_at)
            yield _("%(label)s closes: its cutoff was on %(day)s, %(time)s.") % {
                "label": team.week_label(due.week),
                "day": date_text(cutoff.date(), "day", team.today()),
                "time": f"{cutoff:%H:%M}",
            }


def _pages(
    team: Team, editions: QuerySet[Edition], deliveries: QuerySet[Delivery]
) -> Iterator[str]:
    """The pages that go out, and those that are published only."""
    weeks = set(editions.values_list("page__week", flat=True))
    readers = Counter(deliveries.values_list("edition__page__week", "is_chat"))
    for week in sorted(weeks | {week for week, _is_chat in readers}):
        words = {"label": team.week_label(week), "n": readers[week, False]}
        if words["n"]:
            yield (
                ngettext(
                    "The weekly page %(label)s goes out to %(n)s person.",
                    "The weekly page %(label)s goes out to %(n)s people.",
                    readers[week, False],
                )
                % words
            )
        else:
            yield _("The weekly page %(label)s is published.") % words
        if chats := readers[week, True]:
            yield ngettext(
                "It goes to %(n)s group chat.", "It goes to %(n)s group chats.", chats
            ) % {"n": chats}


def _reminded(reminders: QuerySet[Reminder]) -> Iterator[str]:
    """How many get a mail that asks for something."""
    is_update = Q(kind=ReminderKind.CHECK_IN)
    asked = reminders.filter(is_update).values("user").exclude(user=None).distinct().count()
    if asked:
        yield ngettext(
            "%(n)s person is reminded of the update.",
            "%(n)s people are reminded of the update.",
            asked,
        ) % {"n": asked}
    managers = reminders.exclude(is_update).values("user").exclude(user=None).distinct().count()
    if managers:
        yield ngettext(
            "%(n)s manager is told by mail what is to be done.",
            "%(n)s managers are told by mail what is to be done.",
            managers,
        ) % {"n": managers}
