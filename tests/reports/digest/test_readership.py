from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Membership, Role, Team, User
from reports.digest import readership
from reports.models import Subscriber
from tests.factories import NOW, make_subscriber, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def grow(team: Team, count: int) -> None:
    """So many members and as many from outside, all of whom get the digest."""
    users = User.objects.bulk_create(
        User(username=f"u{n}", name=f"成员{n:03}", email=f"u{n}@example.com") for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(team=team, user=user, role=Role.LEAD) for user in users
    )
    Subscriber.objects.bulk_create(
        Subscriber(team=team, email=f"reader{n:03}@example.com", confirmed_at=NOW)
        for n in range(count)
    )


def test_members_who_can_be_helped_come_first() -> None:
    team = make_team()
    grow(team, 4)
    Membership.objects.filter(user__username="u1").update(gets_digest=False)
    User.objects.filter(username="u2").update(is_active=False)
    User.objects.filter(username="u3").update(email="")
    page = readership.readership_of(team, NOW)
    reached = [(reader.user.username, vars(reader)["reach"]) for reader in page.members]
    assert reached == [
        ("u3", readership.NO_ADDRESS),
        ("u2", readership.INACTIVE),
        ("u1", readership.DECLINED),
        ("u0", readership.GETS_IT),
    ]
    assert (page.member_total, page.subscriber_total, page.total) == (1, 4, 5)


def test_long_lists_come_in_pages_with_a_fixed_number_of_queries() -> None:
    queries = set()
    for size in (10, 500):
        team = make_team(f"team{size}")
        User.objects.all().delete()
        grow(team, size)
        with CaptureQueriesContext(connection) as asked:
            page = readership.readership_of(team, NOW)
            shown = len(page.members), len(page.listed)
        queries.add(len(asked))
        assert shown == (min(size, 50),) * 2
        assert page.total == 2 * size
    assert queries == {6}
    last = readership.readership_of(team, NOW, members="10", outside="99")
    assert last.members[-1].user.name == "成员499"
    assert last.listed[-1].subscriber.email == "reader499@example.com"
    assert readership.readership_of(team, NOW, members="x").members.number == 1


def test_both_lists_are_searched_by_name_and_address() -> None:
    team = make_team()
    grow(team, 3)
    make_subscriber(team, "wai@partner.example.com", "成员001的朋友")
    page = readership.readership_of(team, NOW, search="成员001")
    assert [reader.user.username for reader in page.members] == ["u1"]
    assert [reader.subscriber.email for reader in page.listed] == ["wai@partner.example.com"]
    assert page.total == 7  # of all, whatever is searched for
    page = readership.readership_of(team, NOW, search="READER002@")
    assert (len(page.members), len(page.listed)) == (0, 1)


def test_both_lists_are_in_the_order_of_pinyin() -> None:
    team = make_team()
    for username, name in (("zhou", "周砚"), ("zeng", "曾岩"), ("chen", "陈立")):
        make_user(username, name=name, team=team)
        make_subscriber(team, f"{username}@partner.example.com", name)
    page = readership.readership_of(team, NOW)
    in_order = ["陈立", "曾岩", "周砚"]
    assert [member.user.name for member in page.members] == in_order
    assert [reader.subscriber.name for reader in page.listed] == in_order
