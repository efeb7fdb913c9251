"""The lists of who gets a team's digest and who does not, for its manager to look through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.core.paginator import Page, Paginator
from django.db.models import Case, Model, Q, QuerySet, Value, When

from projects.models import Membership, Team
from projects.text.pinyin import person_key
from reports.digest import recipients, subscribers
from reports.digest.subscribers import Listed
from reports.models import Subscriber

A_PAGE: Final = 50
# What keeps the digest from a member, in the order of the list: what can be mended comes first.
NO_ADDRESS: Final = "no_address"
INACTIVE: Final = "inactive"
DECLINED: Final = "declined"
GETS_IT: Final = "gets_it"
_REACHES: Final = (NO_ADDRESS, INACTIVE, DECLINED, GETS_IT)


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
    page = _subscribers(team, search, outside)
    return Readership(
        members=_members(team, search, members),
        subscribers=page,
        listed=tuple(subscribers.listed(subscriber, now) for subscriber in page.object_list),
        member_total=inside,
        subscriber_total=len(readers) - inside,
    )


def _members(team: Team, search: str, number: str) -> Page[Membership]:
    reach = Case(
        When(user__is_active=False, then=Value(INACTIVE)),
        When(user__email="", then=Value(NO_ADDRESS)),
        When(gets_digest=False, then=Value(DECLINED)),
        default=Value(GETS_IT),
    )
    rows = Membership.objects.filter(team=team).select_related("user").annotate(reach=reach)
    if search:
        rows = rows.filter(Q(user__name__icontains=search) | Q(user__email__icontains=search))
    places = {}
    for pk, reached, name, username in rows.values_list(
        "pk", "reach", "user__name", "user__username"
    ):
        places[pk] = (_REACHES.index(reached), person_key(name or username), username)
    return _page(rows, places, number)


def _subscribers(team: Team, search: str, number: str) -> Page[Subscriber]:
    rows = subscribers.on_list(team)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    places = {
        pk: (person_key(name or email), email)
        for pk, name, email in rows.values_list("pk", "name", "email")
    }
    return _page(rows, places, number)


def _page[Row: Model](
    rows: QuerySet[Row], places: Mapping[int, tuple[Any, ...]], number: str
) -> Page[Row]:
    """The page of that number, in the order of ``places``: no database knows pinyin."""
    pages = Paginator(sorted(places, key=places.__getitem__), A_PAGE)
    page = pages.get_page(number)
    by_key = rows.in_bulk(page.object_list)
    shown = [by_key[key] for key in page.object_list if key in by_key]
    return Page(shown, page.number, cast("Paginator[Row]", pages))
