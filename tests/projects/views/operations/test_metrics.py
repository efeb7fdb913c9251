from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, IncidentCount, Metric, Reading
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import WEEK, make_count, make_metric, make_reading, make_team
from tests.html import attribute, elements, opened_json, row, text, texts

ADDRESS = "/t/pay/metrics/"
METRICS = "section:has(#metrics) table"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def metric(personas: Personas) -> Metric:
    return make_metric(personas.team)


def value(metric: Metric, number: str, note: str = "") -> dict[str, str]:
    return {f"m{metric.pk}-value": number, f"m{metric.pk}-note": note}


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [
        ("viewer", 200, 403),
        ("lead", 200, 302),
        ("manager", 200, 302),
    ],
)
def test_members_read_and_reporters_enter(
    personas: Personas, metric: Metric, name: str, reads: int, writes: int
) -> None:
    client = personas.client(name)
    assert client.get(ADDRESS).status_code == reads
    assert client.post(ADDRESS, value(metric, "99.99")).status_code == writes
    assert Reading.objects.exists() == (name in ("lead", "manager"))


def test_last_week_is_shown_beside(personas: Personas, metric: Metric) -> None:
    make_reading(metric, "99.975", WEEK - ONE_WEEK)
    make_reading(metric, "99.99")
    page = personas.client("lead").get(ADDRESS)
    assert row(page, "入金有效成功率 %", METRICS)["Last week"] == "99.975"
    assert attribute(page, f'{METRICS} [name="m{metric.pk}-value"]', "value") == "99.99"
    viewed = personas.client("viewer").get(ADDRESS)
    cells = row(viewed, "入金有效成功率 %", METRICS)
    assert (cells["Last week"], cells["This week"]) == ("99.975", "99.99")
    assert elements(viewed, "main input") == []


def test_readings_and_counts_are_saved_together(personas: Personas, metric: Metric) -> None:
    make_count(personas.team, "AB", 1, WEEK - ONE_WEEK)
    data = {
        **value(metric, "99.996", "复核后"),
        "count-AB-count": "0",
        "count-severity": "C",
        "count-count": "0.5",
    }
    response = personas.client("lead").post(ADDRESS, data, follow=True)
    assert response.redirect_chain == [(f"{ADDRESS}?week=2024-W25", 302)]
    assert text(response, "[role=status]") == "The numbers of 2024-W25 are saved."
    reading = Reading.objects.get()
    assert (reading.value, reading.note, reading.week) == (Decimal("99.996"), "复核后", WEEK)
    counts = IncidentCount.objects.filter(week=WEEK).values_list("severity", "count")
    assert dict(counts) == {"AB": Decimal(0), "C": Decimal("0.5")}


def test_emptied_field_deletes_the_reading(personas: Personas, metric: Metric) -> None:
    make_reading(metric, "99.99")
    personas.client("lead").post(ADDRESS, value(metric, ""))
    assert not Reading.objects.exists()


def test_past_week_is_entered_late(personas: Personas, metric: Metric) -> None:
    personas.client("lead").post(f"{ADDRESS}?week=2024-W24", value(metric, "1"))
    assert Reading.objects.get().week == WEEK - ONE_WEEK


@pytest.mark.parametrize("label", ["2024-W26", "2024-W99", "soon"])
def test_coming_week_is_not_found(personas: Personas, label: str) -> None:
    assert personas.client("lead").get(ADDRESS, {"week": label}).status_code == 404


def test_wrong_number_is_marked_and_nothing_is_saved(personas: Personas, metric: Metric) -> None:
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
        assert response.status_code == 422
        marked = {str(field["name"]) for field in elements(response, "[aria-invalid=true]")}
        assert marked
        assert marked <= set(wrong)
        assert attribute(response, f'[name="m{metric.pk}-value"]', "value") == "98.76"
    assert not Reading.objects.exists()


def test_metrics_of_projects_are_not_asked_for(personas: Personas) -> None:
    make_metric(make_team("ai"), "别队的")
    make_metric(personas.team, "项目自己的", project=personas.project)
    page = personas.client("lead").get(ADDRESS)
    assert elements(page, METRICS) == []
    assert "A manager of the team adds them." in text(page, "section:has(#metrics) .empty")


def test_numbers_that_only_history_reads_are_asked_for_on_demand(
    personas: Personas, metric: Metric
) -> None:
    old, given_up = make_metric(personas.team, "老网关超时"), make_metric(personas.team, "机房温度")
    make_reading(old, "41", WEEK - ONE_WEEK)
    make_reading(given_up, "21", WEEK - 9 * ONE_WEEK)
    personas.team.starts_on = WEEK
    personas.team.save()
    client = personas.client("lead")

    def asked(query: str = "") -> set[str]:
        names = texts(client.get(f"{ADDRESS}{query}"), f"{METRICS} td.name")
        return {name.split()[0] for name in names}

    assert asked() == {metric.name, old.name}  # what the newest pages read goes on
    make_reading(metric, "99.9")
    assert asked() == {metric.name}
    assert asked("?history=1") == {metric.name, old.name, given_up.name}
    assert asked("?week=2024-W24") == {metric.name, old.name, given_up.name}


def test_metrics_add_no_queries(personas: Personas) -> None:
    client = personas.client("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            make_reading(make_metric(personas.team, f"指标 {number}"), "1")
            make_count(personas.team, f"S{number}", 1)

    fill(0, 2)
    few = queries()
    fill(2, 20)
    assert queries() == few


METRIC = {"name": "日均笔数", "unit": "笔", "target": "100", "direction": "up"}


def new_page(personas: Personas) -> str:
    return "/t/pay/metrics/new/"


def edit_page(personas: Personas) -> str:
    metric = Metric.objects.filter(team=personas.team).first() or make_metric(personas.team)
    return f"/t/pay/metrics/{metric.pk}/"


@pytest.mark.parametrize("page_of", [new_page, edit_page])
class TestNewAndEdit:
    def test_manager_saves_a_metric_and_the_audit_knows(
        self, personas: Personas, page_of: Callable[[Personas], str]
    ) -> None:
        client, address = personas.client("manager"), page_of(personas)
        assert client.get(address).status_code == 200
        response = client.post(address, METRIC, follow=True)
        assert text(response, "[role=status]") == "Saved: 日均笔数"
        metric = Metric.objects.get(name="日均笔数")
        assert (metric.unit, metric.target, metric.team) == ("笔", 100, personas.team)
        assert AuditRecord.objects.get().by == personas.manager

    def test_name_of_another_metric_is_refused(
        self, personas: Personas, page_of: Callable[[Personas], str]
    ) -> None:
        address = page_of(personas)
        make_metric(personas.team, "日均 笔数")
        response = personas.client("manager").post(address, METRIC)
        assert response.status_code == 422
        assert texts(response, ".errorlist li") == ["The team already has a metric of that name."]


def test_metrics_of_another_team_and_of_projects_are_not_found(personas: Personas) -> None:
    for metric in (
        make_metric(make_team("ai")),
        make_metric(personas.team, "项目自己的", project=personas.project),
    ):
        address = f"/t/pay/metrics/{metric.pk}/"
        assert personas.client("manager").post(address, METRIC).status_code == 404


def test_target_is_shown_as_typed(personas: Personas) -> None:
    make_metric(personas.team, target=Decimal("99.9900"))
    page = personas.client("manager").get(edit_page(personas))
    assert attribute(page, "[name=target]", "value") == "99.99"


def test_name_changed_meanwhile_is_shown(personas: Personas) -> None:
    address = edit_page(personas)
    typed = METRIC | {"opened": opened_json(name="旧的名字")}
    response = personas.client("manager").post(address, typed)
    assert response.status_code == 422
    assert row(response, "Name", "table.differences")["Theirs"] == "入金有效成功率"
    assert not Metric.objects.filter(name="日均笔数").exists()
