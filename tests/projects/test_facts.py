"""``facts.announce`` raises revisions in the transaction and sends one signal on commit."""

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
    announced: list[tuple[int, list[date]]] = []

    def listener(team: Team, weeks: list[date], **_: object) -> None:
        announced.append((team.pk, weeks))

    facts.facts_changed.connect(listener)
    yield announced
    facts.facts_changed.disconnect(listener)


def revisions(team: Team) -> dict[date, int]:
    return dict(WeekFacts.objects.filter(team=team).values_list("week", "revision"))


def test_announcing_this_week_makes_this_and_next_week_stale(team: Team) -> None:
    facts.announce(team, [WEEK])

    assert revisions(team) == {WEEK: 1, NEXT: 1}


def test_each_announcement_raises_the_revision(team: Team) -> None:
    facts.announce(team, [WEEK])
    facts.announce(team, [WEEK, NEXT, WEEK])

    assert revisions(team) == {WEEK: 2, NEXT: 2}


def test_announcing_a_past_week_makes_every_known_later_week_stale(team: Team) -> None:
    facts.announce(team, [LONG_AGO, LONG_AGO + 5 * ONE_WEEK])
    facts.announce(team, [LONG_AGO + ONE_WEEK])

    assert revisions(team) == {
        LONG_AGO: 1,
        LONG_AGO + ONE_WEEK: 1,
        LONG_AGO + 5 * ONE_WEEK: 2,
        WEEK: 2,
        NEXT: 2,
    }


def test_announcing_a_later_week_leaves_this_week_alone(team: Team) -> None:
    facts.announce(team, [NEXT + ONE_WEEK])

    assert revisions(team) == {NEXT + ONE_WEEK: 1}


def test_this_week_follows_the_time_zone_of_the_team(team: Team) -> None:
    sunday_evening_in_utc = datetime(2024, 6, 23, 18, 0, tzinfo=UTC)  # Monday in Shanghai

    with time_machine.travel(sunday_evening_in_utc, tick=False):
        facts.announce(team, [WEEK])

    assert revisions(team) == {WEEK: 1, NEXT: 1, NEXT + ONE_WEEK: 1}


def test_other_teams_are_left_alone(team: Team) -> None:
    other = make_team("risk", "风控")

    facts.announce(team, [WEEK])

    assert revisions(other) == {}


def test_announcing_no_weeks_sends_nothing(
    team: Team,
    heard: list[tuple[int, list[date]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        facts.announce(team, [])

    assert (revisions(team), heard) == ({}, [])


def test_a_transaction_sends_one_signal_a_team(
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


def test_the_next_transaction_sends_another_signal(
    team: Team,
    heard: list[tuple[int, list[date]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            facts.announce(team, [WEEK])

    assert heard == [(team.pk, [WEEK, NEXT])] * 2


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_is_not_announced(
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
def test_a_failing_listener_does_not_undo_the_change(team: Team) -> None:
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
