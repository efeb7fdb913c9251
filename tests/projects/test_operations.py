"""Readings, incident counts and incidents: saved once, announced when something changed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from projects import operations
from projects.models import Incident, IncidentCount, Reading, Team, WeekFacts
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import NOW, WEEK, make_incident, make_metric, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


def revision(team: Team) -> int:
    return sum(WeekFacts.objects.filter(team=team, week=WEEK).values_list("revision", flat=True))


def test_a_reading_is_kept_and_replaced(team: Team) -> None:
    metric = make_metric(team)

    operations.record_reading(metric, WEEK, Decimal("99.975"))
    operations.record_reading(metric, WEEK, Decimal("99.996"), "复核后更正")

    reading = Reading.objects.get()
    assert (reading.value, reading.note) == (Decimal("99.996"), "复核后更正")
    assert (reading.team, revision(team)) == (team, 2)


def test_the_same_reading_is_no_news(team: Team) -> None:
    metric = make_metric(team)

    for _ in range(2):
        operations.record_reading(metric, WEEK, Decimal("99.9960"), "一切正常")

    assert revision(team) == 1


def test_counts_may_be_fractional(team: Team) -> None:
    operations.record_count(team, WEEK, "CD", Decimal(1))
    operations.record_count(team, WEEK, "CD", Decimal("0.5"))
    operations.record_count(team, WEEK, "CD", Decimal("0.50"))

    assert IncidentCount.objects.get().count == Decimal("0.5")
    assert revision(team) == 2


def test_an_incident_is_of_the_week_on_the_teams_calendar(team: Team) -> None:
    sunday_in_utc = datetime(2024, 6, 16, 17, 30, tzinfo=UTC)  # Monday 01:30 in Shanghai

    incident = operations.record_incident(
        Incident(team=team, occurred_at=sunday_in_utc, description="回调超时")
    )

    assert (incident.week, revision(team)) == (WEEK, 1)


def test_an_incident_that_moves_changes_both_weeks(team: Team) -> None:
    incident = make_incident(team)

    incident.occurred_at = NOW + 2 * ONE_WEEK
    operations.record_incident(incident)

    told = set(WeekFacts.objects.values_list("week", flat=True))
    assert told == {WEEK, WEEK + ONE_WEEK, WEEK + 2 * ONE_WEEK}


def test_an_imported_incident_stays_on_its_page(team: Team) -> None:
    incident = make_incident(team)
    incident.text, incident.occurred_at = "周三回调超时", NOW - ONE_WEEK

    operations.record_incident(incident)

    assert incident.week == WEEK
