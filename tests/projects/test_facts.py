"""Facts change: revisions rise with the transaction, and one word goes out when it commits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from projects import facts
from projects.models import Team, WeekFacts
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import WEEK, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NEXT = WEEK + ONE_WEEK
LONG_AGO = WEEK - 20 * ONE_WEEK


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def heard() -> Iterator[list[tuple[int, list[date]]]]:
    said: list[tuple[int, list[date]]] = []

    def listener(team: Team, weeks: list[date], **_: object) -> None:
        said.append((team.pk, weeks))

    facts.facts_changed.connect(listener)
    yield said
    facts.facts_changed.disconnect(listener)


def revisions(team: Team) -> dict[date, int]:
    return dict(WeekFacts.objects.filter(team=team).values_list("week", "revision"))


def test_this_week_and_the_next_are_known_whatever_happens_in_them(team: Team) -> None:
    facts.announce(team, [WEEK])

    assert revisions(team) == {WEEK: 1, NEXT: 1}


def test_each_announcement_raises_the_revision(team: Team) -> None:
    facts.announce(team, [WEEK])
    facts.announce(team, [WEEK, NEXT, WEEK])

    assert revisions(team) == {WEEK: 2, NEXT: 2}


def test_what_is_told_late_shows_on_every_page_since(team: Team) -> None:
    facts.announce(team, [LONG_AGO, LONG_AGO + 5 * ONE_WEEK])
    facts.announce(team, [LONG_AGO + ONE_WEEK])

    assert revisions(team) == {
        LONG_AGO: 1,
        LONG_AGO + ONE_WEEK: 1,
        LONG_AGO + 5 * ONE_WEEK: 2,
        WEEK: 2,
        NEXT: 2,
    }


def test_a_week_to_come_leaves_this_one_alone(team: Team) -> None:
    facts.announce(team, [NEXT + ONE_WEEK])

    assert revisions(team) == {NEXT + ONE_WEEK: 1}


def test_this_week_is_that_of_the_teams_calendar(team: Team) -> None:
    sunday_evening_in_utc = datetime(2024, 6, 23, 18, 0, tzinfo=UTC)  # Monday in Shanghai

    with time_machine.travel(sunday_evening_in_utc, tick=False):
        facts.announce(team, [WEEK])

    assert revisions(team) == {WEEK: 1, NEXT: 1, NEXT + ONE_WEEK: 1}


def test_other_teams_are_left_alone(team: Team) -> None:
    other = make_team("risk", "风控")

    facts.announce(team, [WEEK])

    assert revisions(other) == {}


def test_nothing_changed_is_no_news(
    team: Team,
    heard: list[tuple[int, list[date]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        facts.announce(team, [])

    assert (revisions(team), heard) == ({}, [])


def test_one_transaction_says_it_once_for_each_team(
    team: Team,
    heard: list[tuple[int, list[date]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    other = make_team("risk", "风控")

    with django_capture_on_commit_callbacks(execute=True):
        facts.announce(team, [NEXT])
        facts.announce(other, [WEEK])
        facts.announce(team, [WEEK])
        assert heard == []

    assert heard == [(team.pk, [WEEK, NEXT]), (other.pk, [WEEK, NEXT])]


def test_the_next_transaction_says_it_anew(
    team: Team,
    heard: list[tuple[int, list[date]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            facts.announce(team, [WEEK])

    assert heard == [(team.pk, [WEEK, NEXT])] * 2


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_announced(
    team: Team, heard: list[tuple[int, list[date]]]
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            facts.announce(team, [WEEK])
            transaction.set_rollback(True)
        facts.announce(team, [NEXT])

    assert heard == [(team.pk, [NEXT])]
    assert revisions(team) == {NEXT: 1}


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_takes_nothing_back(team: Team) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the broker is gone")

    facts.facts_changed.connect(broken)
    try:
        with transaction.atomic():
            facts.announce(team, [WEEK])
    finally:
        facts.facts_changed.disconnect(broken)

    assert revisions(team)[WEEK] == 1
    assert not connection.in_atomic_block
