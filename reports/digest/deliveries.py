"""The ledger of what was sent to whom: its figures, its rows, and sending again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from projects import audit
from projects.models import Team, User
from reports.digest import dispatch
from reports.models import Delivery, Digest, Edition, SendState
from reports.models.deliveries import DeliveryQuerySet
from reports.pages import catching_up

# What a manager tells apart: whether it is being sent at this very moment is not among it.
WAITING: Final = (SendState.PENDING, SendState.CLAIMED)
STATES: Final[dict[str, tuple[SendState, ...]]] = {
    "failed": (SendState.FAILED,),
    "waiting": WAITING,
    "sent": (SendState.SENT,),
    "unwanted": (SendState.UNWANTED,),
}
# So many of those who were added are named in the audit trail.
_NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """How far an edition has got. ``due_at`` is when its digest goes out, if it does."""

    edition: Edition
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unwanted: int = 0
    due_now: int = 0  # of those that wait: being sent, or about to be
    last_sent_at: datetime | None = None
    due_at: datetime | None = None
    is_prepared: bool = False
    is_held: bool = False  # it waits for the manager, because facts changed since

    @property
    def total(self) -> int:
        return self.sent + self.waiting + self.failed + self.unwanted

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def is_under_way(self) -> bool:
        """Whether more will come of it by itself."""
        return bool(self.waiting) or self.is_begun(timezone.now())

    def is_begun(self, now: datetime) -> bool:
        """Whether it is being prepared."""
        is_due = self.due_at is not None and not self.is_prepared and self.due_at <= now
        return is_due and not self.is_held

    @property
    def is_arranged(self) -> bool:
        """Whether it goes out, and nobody knows yet to whom."""
        return self.due_at is not None and not self.is_prepared

    def of(self, state: str) -> int:
        """By a name of ``STATES``."""
        count: int = getattr(self, state)
        return count


def figures_of(team: Team, week: date, now: datetime | None = None) -> list[Figures]:
    """Of each edition of the week, the newest first. Two queries; four while a mail is due."""
    now = now or timezone.now()
    editions = Edition.objects.filter(team=team, page__week=week).select_related("page__team")
    editions = editions.defer("document", "page__document").order_by("-number")
    due = Q(deliveries__claimed_until=None) | Q(deliveries__claimed_until__lte=now)
    is_claimed, waits = (
        Q(deliveries__state=SendState.CLAIMED),
        Q(deliveries__state__in=WAITING),
    )
    counted = {
        name: Count("deliveries", filter=Q(deliveries__state__in=states))
        for name, states in STATES.items()
    }
    rows = editions.annotate(
        **counted,
        due_now=Count("deliveries", filter=waits & (due | is_claimed)),
        last_sent_at=Max("deliveries__sent_at"),
    )
    digests = {row.edition_id: row for row in Digest.objects.filter(edition__in=list(rows))}
    figures = [_figures(row, digests.get(row.pk)) for row in rows]
    if figures and figures[0].is_begun(now):
        behind = catching_up.behind(team, week)
        figures[0] = replace(figures[0], is_held=behind is not None and behind.is_held)
    return figures


def _figures(row: Edition, arranged: Digest | None) -> Figures:
    names = (*STATES, "due_now", "last_sent_at")
    return Figures(
        row,
        **{name: getattr(row, name) for name in names},
        due_at=arranged.due_at if arranged else None,
        is_prepared=arranged is not None and arranged.prepared_at is not None,
    )


def rows_of(edition: Edition, state: str = "") -> DeliveryQuerySet:
    """The edition's deliveries with who reads them; of one name of ``STATES``, or all."""
    rows = Delivery.objects.filter(edition=edition)
    if state in STATES:
        rows = rows.filter(state__in=STATES[state])
    return rows.select_related("membership__user", "subscriber", "channel")


@transaction.atomic
def resend(edition: Edition, *, by: User, chosen: Collection[int] | None = None) -> int:
    """Have what failed of the edition sent again, all of it or those chosen; how many that are.

    They start anew, with all attempts before them. What did not fail is never sent again.
    """
    count = failed(edition, chosen).requeue()
    if count:
        audit.note(edition.team, "delivery.resend", edition, by=by, after={"count": count})
    return count


def failed(edition: Edition, chosen: Collection[int] | None = None) -> DeliveryQuerySet:
    """What failed of the edition: all of it, or those chosen."""
    rows = Delivery.objects.filter(edition=edition, state=SendState.FAILED)
    return rows if chosen is None else rows.filter(pk__in=chosen)


def to_add(edition: Edition) -> list[Delivery]:
    """What ``send_to_newcomers`` would write."""
    if Digest.objects.filter(edition=edition, prepared_at=None).exists():
        return []
    return dispatch.missing_deliveries(edition)


def newcomers(edition: Edition) -> list[str]:
    """Who would get the edition if it were sent now and has no delivery of it: addresses, and
    channels by name.
    """
    return [row.recipient for row in dispatch.missing_deliveries(edition)]


def still_to_send(edition: Edition) -> list[str]:
    """Whom sending now would reach: who waits for it, or everybody where nothing was prepared."""
    if Digest.objects.filter(edition=edition).exclude(prepared_at=None).exists():
        waiting = rows_of(edition, "waiting").order_by("pk")
        return [row.recipient for row in waiting if not dispatch.unwanted(row)]
    return newcomers(edition)


@transaction.atomic
def send_to_newcomers(edition: Edition, *, by: User, now: datetime | None = None) -> int:
    """Send the edition to those who have joined since it was sent, too; how many they are.

    An edition that was not to be mailed thereby is. One whose digest is still to come gets to them
    by itself.
    """
    now = now or timezone.now()
    if Digest.objects.filter(edition=edition, prepared_at=None).exists():
        return 0
    if joined := newcomers(edition):
        Digest.objects.get_or_create(
            edition=edition,
            defaults={"team": edition.team, "due_at": now, "requested_by": by, "prepared_at": now},
        )
        dispatch.deliver_to_all(edition)
        after = {"count": len(joined), "to": joined[:_NAMED]}
        audit.note(edition.team, "delivery.add", edition, by=by, after=after)
    return len(joined)
