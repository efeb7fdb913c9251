from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.conflicts import EditConflict
from projects.models import AuditRecord, IncidentCount, Metric, Reading, Team, User, WeekFacts
from projects.operations import metrics
from projects.operations.metrics import WeekNumbers
from tests.factories import WEEK, make_metric, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def manager(team: Team) -> User:
    return make_user("manager", "林岚", team)


def revision(team: Team) -> int:
    return sum(WeekFacts.objects.filter(team=team, week=WEEK).values_list("revision", flat=True))


def test_reading_is_saved_and_replaced(team: Team) -> None:
    metric = make_metric(team)

    metrics.record_reading(metric, WEEK, Decimal("99.975"))
    metrics.record_reading(metric, WEEK, Decimal("99.996"), "复核后更正")

    reading = Reading.objects.get()
    assert (reading.value, reading.note) == (Decimal("99.996"), "复核后更正")
    assert (reading.team, revision(team)) == (team, 2)


def test_same_reading_announces_nothing(team: Team) -> None:
    metric = make_metric(team)

    for _ in range(2):
        metrics.record_reading(metric, WEEK, Decimal("99.9960"), "一切正常")

    assert revision(team) == 1


def test_numbers_are_saved_together_and_noted(team: Team, manager: User) -> None:
    rate, orders = make_metric(team), make_metric(team, "日均笔数", "笔")
    metrics.record_reading(orders, WEEK, Decimal(100), "含补单")
    numbers = WeekNumbers(
        {rate.pk: (Decimal("99.99"), ""), orders.pk: (None, "")}, {"AB": Decimal("0.5"), "C": None}
    )

    assert metrics.record_numbers(team, WEEK, numbers, by=manager)

    assert [(row.metric, row.value) for row in Reading.objects.all()] == [(rate, Decimal("99.99"))]
    assert [(row.severity, row.count) for row in IncidentCount.objects.all()] == [
        ("AB", Decimal("0.5"))
    ]
    assert revision(team) == 2
    record = AuditRecord.objects.get()
    assert (record.action, record.by) == ("numbers.record", manager)
    assert record.before == {"日均笔数": "100 含补单"}
    assert record.after == {"入金有效成功率": "99.99", "AB": "0.5"}


def test_same_numbers_announce_nothing(team: Team, manager: User) -> None:
    metric = make_metric(team)
    numbers = WeekNumbers({metric.pk: (Decimal("99.99"), "复核")}, {"C": Decimal(1)})
    assert metrics.record_numbers(team, WEEK, numbers, by=manager)
    assert not metrics.record_numbers(team, WEEK, numbers, by=manager)
    assert (revision(team), AuditRecord.objects.count()) == (1, 1)


def test_metric_of_another_team_is_left_alone(team: Team, manager: User) -> None:
    theirs = make_metric(make_team("ai"))
    numbers = WeekNumbers({theirs.pk: (Decimal(1), "")})
    assert not metrics.record_numbers(team, WEEK, numbers, by=manager)
    assert not Reading.objects.exists()


def test_numbers_take_a_fixed_number_of_queries(team: Team, manager: User) -> None:
    def queries(count: int) -> int:
        rows = [make_metric(team, f"指标 {count}-{number}") for number in range(count)]
        numbers = WeekNumbers(
            {metric.pk: (Decimal(count), "") for metric in rows},
            {f"{count}-{number}": Decimal(1) for number in range(count)},
        )
        with CaptureQueriesContext(connection) as captured:
            assert metrics.record_numbers(team, WEEK, numbers, by=manager)
        return len(captured)

    queries(1)  # makes the rows of the weeks
    assert queries(2) == queries(30)


def test_new_metric_stands_last_and_its_change_is_noted(team: Team, manager: User) -> None:
    make_metric(team)
    metric = metrics.save_metric(Metric(team=team, name="日均笔数", unit="笔"), by=manager)
    assert metric.position == 1
    metric.target = Decimal(100)
    metrics.save_metric(metric, by=manager)
    metrics.save_metric(metric, by=manager)
    noted = [(row.action, row.after["target"]) for row in AuditRecord.objects.order_by("pk")]
    assert noted == [("metric.new", None), ("metric.change", "100")]


def test_reading_keeps_its_note_unless_another_is_given(team: Team) -> None:
    metric = make_metric(team)
    metrics.record_reading(metric, WEEK, Decimal(1), "复核")
    metrics.record_reading(metric, WEEK, Decimal(2))
    assert Reading.objects.get().note == "复核"


def test_reading_is_not_deleted_with_a_note_of_somebody_else(team: Team, manager: User) -> None:
    metric = make_metric(team)
    metrics.record_reading(metric, WEEK, Decimal(1), "新的备注")
    emptied = WeekNumbers({metric.pk: (None, "")})
    opened = {f"value:{metric.pk}": "1", f"note:{metric.pk}": ""}
    with pytest.raises(EditConflict) as conflict:
        metrics.record_numbers(team, WEEK, emptied, by=manager, opened=opened)
    assert conflict.value.theirs == {f"note:{metric.pk}": "新的备注"}
    assert Reading.objects.get().value == 1
