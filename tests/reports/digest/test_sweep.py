"""The sweep prepares every digest that is due, and says whose copies wait."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Team
from reports.digest import dispatch, recipients
from reports.models import Digest, Edition
from tests.factories import NOW, make_edition, make_subscriber, make_team
from tests.reports.digest.test_dispatch import MINUTE, add_member, send_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def edition(team: Team) -> Edition:
    """An edition whose digest is due, and two who get it: a member and a subscriber."""
    edition = make_edition(team)
    Digest.objects.create(team=team, edition=edition, due_at=NOW)
    add_member(team, "lead")
    make_subscriber(team, "wai@example.com")
    return edition


def test_the_sweep_prepares_and_says_what_is_due(team: Team, edition: Edition) -> None:
    other = make_team("risk", "风控产研")
    later = make_edition(other)
    Digest.objects.create(team=other, edition=later, due_at=NOW + MINUTE)
    make_subscriber(other, "wai@example.com")
    assert dispatch.sweep(NOW) == {edition.pk: 2}
    assert dispatch.sweep(NOW + MINUTE) == {edition.pk: 2, later.pk: 1}
    send_all(edition)
    assert dispatch.sweep(NOW) == {later.pk: 1}


def test_one_edition_that_cannot_be_prepared_keeps_no_other_waiting(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_team("risk", "风控产研")
    broken = make_edition(other)
    Digest.objects.create(team=other, edition=broken, due_at=NOW - MINUTE)
    usual = recipients.recipients_of

    def breaks(team: Team) -> object:
        if team == other:
            raise RuntimeError
        return usual(team)

    monkeypatch.setattr(recipients, "recipients_of", breaks)
    assert dispatch.sweep(NOW) == {edition.pk: 2}


def test_sweep_takes_two_queries_when_nothing_is_due(edition: Edition) -> None:
    for name in ("risk", "loan"):
        later = make_edition(make_team(name))
        Digest.objects.create(team=later.team, edition=later, due_at=NOW + MINUTE)
    with CaptureQueriesContext(connection) as queries:
        assert dispatch.sweep(NOW - MINUTE) == {}
    assert len(queries) == 2
