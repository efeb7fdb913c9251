"""The numbers of a week, entered in one form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import operations
from projects.models import IncidentCount, Metric, Reading
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import WEEK, make_metric, make_reading, make_team

ADDRESS = "/t/pay/metrics/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def metric(personas: Personas) -> Metric:
    return make_metric(personas.team)


def value(metric: Metric, number: str, note: str = "") -> dict[str, str]:
    return {f"m{metric.pk}-value": number, f"m{metric.pk}-note": note}


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [
        ("anonymous", 302, 302),
        ("outsider", 404, 404),
        ("viewer", 200, 403),
        ("lead", 200, 302),
        ("manager", 200, 302),
    ],
)
def test_members_read_and_who_may_report_enters(
    personas: Personas, metric: Metric, name: str, reads: int, writes: int
) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == reads
    assert client.post(ADDRESS, value(metric, "99.99")).status_code == writes
    assert Reading.objects.exists() == (name in ("lead", "manager"))


def test_last_week_stands_beside(personas: Personas, metric: Metric) -> None:
    make_reading(metric, "99.975", WEEK - ONE_WEEK)
    make_reading(metric, "99.99")
    page = personas.client("lead").get(ADDRESS).content.decode()
    assert "99.975" in page
    assert 'value="99.99"' in page
    viewed = personas.client("viewer").get(ADDRESS).content.decode()
    assert "99.99" in viewed
    assert "<input" not in viewed.split("<main")[1]


def test_numbers_and_counts_are_saved_together(personas: Personas, metric: Metric) -> None:
    operations.record_count(personas.team, WEEK - ONE_WEEK, "AB", Decimal(1))
    data = {
        **value(metric, "99.996", "复核后"),
        "count-AB-count": "0",
        "count-severity": "C",
        "count-count": "0.5",
    }
    response = personas.client("lead").post(ADDRESS, data, follow=True)
    assert response.redirect_chain == [(f"{ADDRESS}?week=2024-W25", 302)]
    assert "The numbers of 2024-W25 are saved." in response.content.decode()
    reading = Reading.objects.get()
    assert (reading.value, reading.note, reading.week) == (Decimal("99.996"), "复核后", WEEK)
    counts = IncidentCount.objects.filter(week=WEEK).values_list("severity", "count")
    assert dict(counts) == {"AB": Decimal(0), "C": Decimal("0.5")}


def test_an_emptied_field_takes_the_number_away(personas: Personas, metric: Metric) -> None:
    make_reading(metric, "99.99")
    personas.client("lead").post(ADDRESS, value(metric, ""))
    assert not Reading.objects.exists()


def test_a_past_week_can_be_told_late(personas: Personas, metric: Metric) -> None:
    personas.client("lead").post(f"{ADDRESS}?week=2024-W24", value(metric, "1"))
    assert Reading.objects.get().week == WEEK - ONE_WEEK


@pytest.mark.parametrize("label", ["2024-W26", "2024-W99", "soon"])
def test_a_week_to_come_has_no_numbers(personas: Personas, label: str) -> None:
    assert personas.client("lead").get(ADDRESS, {"week": label}).status_code == 404


def test_what_is_wrong_comes_back_marked_and_nothing_is_saved(
    personas: Personas, metric: Metric
) -> None:
    other = make_metric(personas.team, "日均笔数", "笔")
    for wrong in (
        value(other, "viel"),
        value(other, "1.00001"),
        value(other, "", "一句备注"),
        {"count-severity": "C", "count-count": ""},
        {"count-severity": "", "count-count": "1"},
        {"count-severity": "C", "count-count": "-1"},
    ):
        response = personas.client("lead").post(ADDRESS, {**value(metric, "98.76"), **wrong})
        page = response.content.decode()
        assert response.status_code == 422
        assert 'aria-invalid="true"' in page
        assert 'value="98.76"' in page
    assert not Reading.objects.exists()


def test_only_the_teams_own_metrics_are_asked_for(personas: Personas) -> None:
    make_metric(make_team("ai"), "别队的")
    make_metric(personas.team, "项目自己的", project=personas.project)
    page = personas.client("lead").get(ADDRESS).content.decode()
    assert "别队的" not in page
    assert "项目自己的" not in page
    assert "The team watches no numbers yet." in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            make_reading(make_metric(personas.team, f"指标 {number}"), "1")
            operations.record_count(personas.team, WEEK, f"S{number}", Decimal(1))

    fill(0, 2)
    few = queries()
    fill(2, 20)
    assert queries() == few
