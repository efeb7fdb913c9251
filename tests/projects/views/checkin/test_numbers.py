"""The numbers that somebody owns, entered beside their check-in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import KeyResult, Metric, Reading
from projects.operations.owed_numbers import owed_numbers
from projects.weeks import WEEK as ONE_WEEK
from tests.conftest import Personas
from tests.factories import (
    WEEK,
    make_cycle,
    make_key_result,
    make_metric,
    make_objective,
    make_project,
    make_reading,
)
from tests.html import element, elements, form_data, text, texts

PAGE = "/t/pay/checkin/"
ADDRESS = "/t/pay/checkin/numbers/"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cities(personas: Personas) -> KeyResult:
    """Owned by the lead through its objective, and read last week."""
    objective = make_objective(make_cycle(personas.team))
    objective.owner = personas.lead
    objective.save()
    metric = make_metric(personas.team, "签约城市", unit="城")
    make_reading(metric, "17", WEEK - ONE_WEEK)
    return make_key_result(objective, metric, 10, 24)


@pytest.fixture
def accounts(personas: Personas) -> Metric:
    """Of the project that the lead leads."""
    return make_metric(personas.team, "累计签约户数", unit="户", project=personas.project)


def value_of(metric: Metric) -> Decimal | None:
    return Reading.objects.filter(metric=metric, week=WEEK).values_list("value", flat=True).first()


def panel(client: Client) -> dict[str, str]:
    return form_data(client.get(PAGE), "#numbers form")


def test_owner_of_a_key_result_comes_before_that_of_its_objective(
    personas: Personas, cities: KeyResult, accounts: Metric
) -> None:
    team = personas.team

    def owed(owner: int) -> list[str]:
        return [number.metric.name for number in owed_numbers(team, WEEK, {owner})]

    assert owed(personas.lead.pk) == ["签约城市", "累计签约户数"]
    cities.owner = personas.manager
    cities.save()
    assert owed(personas.lead.pk) == ["累计签约户数"]
    assert owed(personas.manager.pk) == ["签约城市"]
    assert owed(personas.other_lead.pk) == []


@pytest.mark.usefixtures("cities", "accounts")
@pytest.mark.parametrize(
    ("language", "headings"),
    [("en", ["Key results", "Project metrics"]), ("zh-hans", ["关键结果", "项目指标"])],
)
def test_key_results_stand_apart_from_numbers_of_projects(
    personas: Personas, language: str, headings: list[str]
) -> None:
    client = personas.client("lead")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert texts(client.get(PAGE), "#numbers h3") == headings


def test_all_numbers_are_saved_by_one_button(
    personas: Personas, cities: KeyResult, accounts: Metric
) -> None:
    client = personas.client("lead")
    page = client.get(PAGE)
    assert text(page, "#numbers_count") == "2 missing"
    value = element(page, f"#numbers [name=m{cities.metric_id}-value]")
    assert (value.get("value"), value["placeholder"]) == (None, "last week 17")
    assert "last week 17 · target 24城" in text(page, "#numbers")
    typed = {f"m{cities.metric_id}-value": "19", f"m{accounts.pk}-value": "1,286"}
    answer = client.post(ADDRESS, panel(client) | typed, headers=HTMX)
    assert (value_of(cities.metric), value_of(accounts)) == (19, 1286)
    assert text(answer, "#numbers .notice") == "The numbers are saved."
    assert element(answer, "#numbers_count")["hx-swap-oob"] == "true"
    assert client.post(ADDRESS, panel(client))["Location"] == f"{PAGE}#numbers"


def test_all_as_last_week_writes_visible_values_and_saves_nothing(
    personas: Personas, cities: KeyResult, accounts: Metric
) -> None:
    client = personas.client("lead")
    typed = panel(client) | {f"m{accounts.pk}-value": "1286", "same": "yes"}
    for headers in ({}, HTMX):
        page = client.post(ADDRESS, typed, headers=headers)
        shown = form_data(page, "#numbers form")
        assert shown[f"m{cities.metric_id}-value"] == "17"
        assert shown[f"m{accounts.pk}-value"] == "1286"
    assert not Reading.objects.filter(week=WEEK).exists()


def test_number_of_somebody_else_is_not_taken(personas: Personas, cities: KeyResult) -> None:
    client = personas.client("other_lead")
    assert elements(client.get(PAGE), "#numbers") == []
    client.post(ADDRESS, {f"m{cities.metric_id}-value": "5"})
    assert value_of(cities.metric) is None


def test_second_of_two_sees_both_values_and_the_rest_is_not_lost(
    personas: Personas, cities: KeyResult, accounts: Metric
) -> None:
    client = personas.client("lead")
    opened = panel(client)
    make_reading(cities.metric, "18", WEEK)
    typed = {f"m{cities.metric_id}-value": "19", f"m{accounts.pk}-value": "1286"}
    answer = client.post(ADDRESS, opened | typed, headers=HTMX)
    assert answer.status_code == 422
    assert texts(answer, ".differences td") == ["19", "18"]
    assert (value_of(cities.metric), value_of(accounts)) == (18, None)
    client.post(ADDRESS, form_data(answer, "#numbers form"), headers=HTMX)
    assert (value_of(cities.metric), value_of(accounts)) == (19, 1286)


def test_wrong_number_comes_back_marked(personas: Personas, cities: KeyResult) -> None:
    client = personas.client("lead")
    answer = client.post(ADDRESS, panel(client) | {f"m{cities.metric_id}-value": "abc"})
    assert answer.status_code == 422
    field = element(answer, "#numbers [aria-invalid=true]")
    assert field["value"] == "abc"


def test_number_taken_from_the_text_is_saved_with_the_update(
    personas: Personas, cities: KeyResult, accounts: Metric
) -> None:
    client = personas.client("lead")
    here = f"/t/pay/projects/{personas.project.pk}/checkin/"
    sent = {
        "text": "累计签约 1,286 户，签约城市19城",
        "health": "on_track",
        "revision": "0",
        "take": "all",
    }
    answer = client.post(f"{here}reading/", sent, headers=HTMX)
    taken = {str(field["name"]): str(field["value"]) for field in elements(answer, ".offers input")}
    assert taken == {f"n{cities.metric_id}": "19/", f"n{accounts.pk}": "1286/"}
    make_reading(accounts, "1300", WEEK)  # by somebody else
    assert client.post(here, sent | taken, headers=HTMX).status_code == 422
    assert (value_of(cities.metric), value_of(accounts)) == (None, 1300)
    taken[f"n{accounts.pk}"] = "1286/1300"
    assert client.post(here, sent | taken, headers=HTMX).status_code == 200
    assert (value_of(cities.metric), value_of(accounts)) == (19, 1286)


def test_number_of_queries_does_not_grow(personas: Personas, cities: KeyResult) -> None:
    client = personas.client("lead")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    few = queries()
    for number in range(6):
        project = make_project(personas.team, f"项目{number}", lead=personas.lead)
        make_metric(personas.team, f"笔数{number}", project=project)
        key_result = make_key_result(
            cities.objective, make_metric(personas.team, f"占比{number}"), 0, 10
        )
        make_reading(key_result.metric, "1", WEEK - ONE_WEEK)
    assert queries() == few
    assert few <= 15


def test_key_results_are_called_so_in_chinese_as_well(
    personas: Personas, cities: KeyResult, accounts: Metric
) -> None:
    client = personas.client("lead")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert texts(client.get(PAGE), "#numbers h3") == ["关键结果", "项目指标"]
