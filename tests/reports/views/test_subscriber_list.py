from __future__ import annotations

from datetime import timedelta

import pytest

from projects.models import Membership, User
from reports.models import Subscriber
from tests.conftest import Personas
from tests.factories import NOW, make_subscriber

pytestmark = pytest.mark.usefixtures("now")
LIST = "/t/pay/settings/subscribers/"


def test_each_stands_there_as_they_are(personas: Personas) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
    User.objects.filter(pk=personas.viewer.pk).update(email="viewer@example.com")
    Membership.objects.filter(user=personas.viewer).update(gets_digest=False)
    make_subscriber(personas.team, "yes@example.com", "李威")
    gone = make_subscriber(personas.team, "gone@example.com")
    Subscriber.objects.filter(pk=gone.pk).update(unsubscribed_at=NOW)
    away = make_subscriber(personas.team, "removed@example.com")
    Subscriber.objects.filter(pk=away.pk).update(removed_at=NOW)
    old = make_subscriber(personas.team, "old@example.com", confirmed_at=None)
    weeks_ago = NOW - timedelta(days=20)
    Subscriber.objects.filter(pk=old.pk).update(
        wanted_at=weeks_ago, sent_at=weeks_ago, state="sent"
    )
    page = personas.client("manager").get(LIST).text
    for words in (
        "2 people get the weekly digest by mail",
        "yes@example.com · gets it, said yes on Jun 19",
        "unsubscribed on Jun 19; only they can come back",
        "asked on May 30; the link holds no more",
        "does not want it",
        "no mail address",
        "50 more today.",
        'aria-label="Ask old@example.com again"',
    ):
        assert words in page
    assert "removed@example.com" not in page
    assert 'aria-label="Ask yes@example.com again"' not in page
    assert 'aria-label="Remove gone@example.com"' not in page


def test_hostile_names_are_words(personas: Personas) -> None:
    make_subscriber(personas.team, name="<script>alert(1)</script>")
    page = personas.client("manager").get(LIST).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_long_list_is_paged_and_searched(personas: Personas) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(team=personas.team, email=f"reader{n:03}@example.com", confirmed_at=NOW)
        for n in range(60)
    )
    client = personas.client("manager")
    first = client.get(LIST).text
    assert "reader049@" in first
    assert "reader050@" not in first
    assert "?outside=2#main" in first
    assert "reader050@" in client.get(f"{LIST}?outside=2").text
    found = client.get(f"{LIST}?q=reader055").text
    assert "reader055@" in found
    assert "reader054@" not in found
    assert "Nobody of that name or address." in client.get(f"{LIST}?q=nobody").text


@pytest.mark.parametrize("persona", ["lead", "other_lead", "viewer"])
def test_addresses_are_for_managers(personas: Personas, persona: str) -> None:
    make_subscriber(personas.team)
    response = personas.client(persona).get(LIST)
    assert response.status_code == 403
    assert "wai@example.com" not in response.text
