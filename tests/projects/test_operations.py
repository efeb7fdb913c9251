"""Readings, incident counts and incidents: saved once, announced when something changed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import operations
from projects.models import (
    AuditRecord,
    Incident,
    IncidentCount,
    Metric,
    Reading,
    Team,
    User,
    WeekFacts,
)
from projects.operations import WeekNumbers
from projects.weeks import WEEK as ONE_WEEK
from tests.factories import NOW, WEEK, make_incident, make_metric, make_team, make_user

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


# --- the numbers of a week --------------------------------------------------------------------


@pytest.fixture
def manager(team: Team) -> User:
    return make_user("manager", "林岚", team)


def test_numbers_are_saved_together_and_leave_a_trace(team: Team, manager: User) -> None:
    rate, orders = make_metric(team), make_metric(team, "日均笔数", "笔")
    operations.record_reading(orders, WEEK, Decimal(100), "含补单")
    numbers = WeekNumbers(
        {rate.pk: (Decimal("99.99"), ""), orders.pk: (None, "")}, {"AB": Decimal("0.5"), "C": None}
    )

    assert operations.record_numbers(team, WEEK, numbers, by=manager)

    assert [(row.metric, row.value) for row in Reading.objects.all()] == [(rate, Decimal("99.99"))]
    assert [(row.severity, row.count) for row in IncidentCount.objects.all()] == [
        ("AB", Decimal("0.5"))
    ]
    assert revision(team) == 2
    record = AuditRecord.objects.get()
    assert (record.action, record.by) == ("numbers.record", manager)
    assert record.before == {"日均笔数": "100 含补单"}
    assert record.after == {"入金有效成功率": "99.99", "AB": "0.5"}


def test_the_same_numbers_are_no_news(team: Team, manager: User) -> None:
    metric = make_metric(team)
    numbers = WeekNumbers({metric.pk: (Decimal("99.99"), "复核")}, {"C": Decimal(1)})
    assert operations.record_numbers(team, WEEK, numbers, by=manager)
    assert not operations.record_numbers(team, WEEK, numbers, by=manager)
    assert (revision(team), AuditRecord.objects.count()) == (1, 1)


def test_another_teams_metric_is_left_alone(team: Team, manager: User) -> None:
    theirs = make_metric(make_team("ai"))
    numbers = WeekNumbers({theirs.pk: (Decimal(1), "")})
    assert not operations.record_numbers(team, WEEK, numbers, by=manager)
    assert not Reading.objects.exists()


def test_numbers_take_a_fixed_number_of_queries(team: Team, manager: User) -> None:
    def queries(count: int) -> int:
        metrics = [make_metric(team, f"指标 {count}-{number}") for number in range(count)]
        numbers = WeekNumbers(
            {metric.pk: (Decimal(count), "") for metric in metrics},
            {f"{count}-{number}": Decimal(1) for number in range(count)},
        )
        with CaptureQueriesContext(connection) as captured:
            assert operations.record_numbers(team, WEEK, numbers, by=manager)
        return len(captured)

    queries(1)  # makes the rows of the weeks
    assert queries(2) == queries(30)


def test_a_metric_stands_last_and_its_change_is_noted(team: Team, manager: User) -> None:
    make_metric(team)
    metric = operations.save_metric(Metric(team=team, name="日均笔数", unit="笔"), by=manager)
    assert metric.position == 1
    metric.target = Decimal(100)
    operations.save_metric(metric, by=manager)
    operations.save_metric(metric, by=manager)
    told = [(row.action, row.after["target"]) for row in AuditRecord.objects.order_by("pk")]
    assert told == [("metric.new", None), ("metric.change", "100")]


# --- reviews ----------------------------------------------------------------------------------


def test_a_review_says_why_and_leaves_a_trace(team: Team, manager: User) -> None:
    incident = make_incident(team)

    operations.review_incident(
        incident, cause=" 快照太大 ", resolution="分页", recovered_at=NOW, by=manager, at=NOW
    )

    incident.refresh_from_db()
    assert (incident.cause, incident.resolution, incident.recovered_at) == ("快照太大", "分页", NOW)
    assert (incident.reviewed_at, incident.reviewed_by) == (NOW, manager)
    assert revision(team) == 1
    record = AuditRecord.objects.get()
    assert (record.action, record.by) == ("incident.review", manager)
    assert record.after["cause"] == "快照太大"


@pytest.mark.parametrize(
    ("cause", "resolution", "recovered_at"),
    [("", "分页", None), ("快照太大", "  ", None), ("快照太大", "分页", NOW - ONE_WEEK)],
    ids=["no cause", "no resolution", "over before it began"],
)
def test_a_review_that_is_none_is_refused(
    team: Team, manager: User, cause: str, resolution: str, recovered_at: datetime | None
) -> None:
    incident = make_incident(team)
    with pytest.raises(ValueError, match=r"review|recovered"):
        operations.review_incident(
            incident, cause=cause, resolution=resolution, recovered_at=recovered_at, by=manager
        )
    assert not Incident.objects.exclude(reviewed_at=None).exists()


def test_who_recorded_and_changed_an_incident_is_noted(team: Team, manager: User) -> None:
    incident = operations.record_incident(
        Incident(team=team, occurred_at=NOW, description="回调超时"), by=manager
    )
    incident.severity = "C"
    operations.record_incident(incident, by=manager)
    first, second = AuditRecord.objects.order_by("pk")
    assert (first.action, first.after["description"]) == ("incident.new", "回调超时")
    assert (second.action, second.before, second.after) == (
        "incident.change",
        {"severity": ""},
        {"severity": "C"},
    )
