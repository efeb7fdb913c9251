"""The lists of who gets a team's digest and who does not, for its manager to look through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, Value, When

from projects.models import Membership, Team
from reports.digest import recipients, subscribers
from reports.digest.subscribers import Listed
from reports.models import Subscriber

A_PAGE: Final = 50
# What keeps the digest from a member, in the order of the list: what can be mended comes first.
NO_ADDRESS: Final = "no_address"
INACTIVE: Final = "inactive"
DECLINED: Final = "declined"
GETS_IT: Final = "gets_it"


@dataclass(frozen=True, slots=True)
class Readership:
    """One page of each list, those whose name or address holds the search; and the totals."""

    members: Page[Membership]  # each with ``reach``, one of the constants above
    subscribers: Page[Subscriber]
    listed: tuple[Listed, ...]  # those of the page, with how each stands
    member_total: int  # of who gets the digest, whatever was searched for
    subscriber_total: int

    @property
    def total(self) -> int:
        return self.member_total + self.subscriber_total


def readership_of(
    team: Team, now: datetime, *, search: str = "", members: str = "1", outside: str = "1"
) -> Readership:
    """The pages ``members`` and ``outside`` of the two lists; a number that is none is the first,
    one too large the last. Six queries, whatever the sizes.
    """
    readers = recipients.recipients_of(team)
    inside = sum(reader.membership_id is not None for reader in readers)
    page = Paginator(_subscribers(team, search), A_PAGE).get_page(outside)
    return Readership(
        members=Paginator(_members(team, search), A_PAGE).get_page(members),
        subscribers=page,
        listed=tuple(subscribers.listed(subscriber, now) for subscriber in page.object_list),
        member_total=inside,
        subscriber_total=len(readers) - inside,
    )


def _members(team: Team, search: str) -> QuerySet[Membership]:
    reach = Case(
        When(user__is_active=False, then=Value(INACTIVE)),
        When(user__email="", then=Value(NO_ADDRESS)),
        When(gets_digest=False, then=Value(DECLINED)),
        default=Value(GETS_IT),
    )
    places = (NO_ADDRESS, INACTIVE, DECLINED, GETS_IT)
    place = Case(*(When(reach=reach, then=n) for n, reach in enumerate(places)))
    rows = Membership.objects.filter(team=team).select_related("user").annotate(reach=reach)
    if search:
        rows = rows.filter(Q(user__name__icontains=search) | Q(user__email__icontains=search))
    return rows.order_by(place, "user__name", "user__username")


def _subscribers(team: Team, search: str) -> QuerySet[Subscriber]:
    rows = subscribers.on_list(team)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    return rows
