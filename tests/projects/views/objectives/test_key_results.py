from __future__ import annotations

from decimal import Decimal

import pytest

from projects.models import KeyResult, Metric, Objective, Reading, WeekFacts
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
from tests.html import opened_json, row

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def new_page(objective: Objective) -> str:
    return f"/t/pay/objectives/{objective.pk}/key-results/new/"


def test_key_result_of_an_existing_metric(personas: Personas, objective: Objective) -> None:
    metric = make_metric(personas.team)
    make_metric(personas.team, "累计金额", "元", project=personas.project)
    client = personas.client("manager")
    assert "贝易转 · 累计金额 (元)" in client.get(new_page(objective)).content.decode()
    data = {"metric": metric.pk, "baseline": "99.9", "target": "99.996"}
    response = client.post(new_page(objective), data)
    assert response["Location"] == f"/t/pay/objectives/{objective.pk}/edit/"
    made = KeyResult.objects.get()
    assert (made.metric, made.target) == (metric, Decimal("99.996"))


def test_key_result_of_a_new_metric(personas: Personas, objective: Objective) -> None:
    data = {"name": "处理时长", "unit": "小时", "baseline": "8", "target": "2"}
    personas.client("manager").post(new_page(objective), data)
    assert (Metric.objects.get().unit, Metric.objects.get().direction) == ("小时", "down")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "A number, please."),
        ({"baseline": "1", "target": "2"}, "Choose a metric, or name a new one."),
        ({"name": "新的", "baseline": "5", "target": "5.0"}, "The target is where it starts"),
        ({"name": "新的", "baseline": "5", "target": "5.00001"}, "at most four decimals"),
        ({"name": "新的", "baseline": "多", "target": "5"}, "at most four decimals"),
        ({"name": "新的", "baseline": "0", "target": "9" * 40}, "at most four decimals"),
        ({"name": "新的", "baseline": "0", "target": "NaN"}, "at most four decimals"),
        ({"name": "长" * 121, "baseline": "0", "target": "1"}, "at most 120 characters"),
        ({"name": "有了", "baseline": "0", "target": "1"}, "There is a metric called 有了"),
        ({"metric": "999999", "baseline": "0", "target": "1"}, "Select a valid choice"),
    ],
)
def test_wrong_key_result_is_marked(
    personas: Personas, objective: Objective, data: dict[str, str], words: str
) -> None:
    make_metric(personas.team, "有了")
    response = personas.client("manager").post(new_page(objective), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    for typed in data.values():
        assert typed in page or typed == "999999"
    assert not KeyResult.objects.exists()


def test_second_key_result_of_a_metric_is_refused(personas: Personas, objective: Objective) -> None:
    metric = make_metric(personas.team, "占比")
    make_key_result(objective, metric)
    data = {"metric": metric.pk, "baseline": "1", "target": "2"}
    page = personas.client("manager").post(new_page(objective), data).content.decode()
    assert "has a key result of 占比 already" in page
    both = data | {"name": "又一个"}
    page = personas.client("manager").post(new_page(objective), both).content.decode()
    assert "not both" in page


def test_metric_of_another_team_is_no_choice(personas: Personas, objective: Objective) -> None:
    other = make_project(personas.outsider.memberships.get().team, "反诈平台")
    theirs = make_metric(other.team)
    data = {"metric": theirs.pk, "baseline": "1", "target": "2"}
    assert personas.client("manager").post(new_page(objective), data).status_code == 422


@pytest.fixture
def result(personas: Personas) -> KeyResult:
    objective = make_objective(make_cycle(personas.team))
    return make_key_result(objective, make_metric(personas.team, "占比"), 20, 60)


def edit_page(result: KeyResult) -> str:
    return f"/t/pay/objectives/{result.objective_id}/key-results/{result.pk}/"


def data(result: KeyResult, **typed: str) -> dict[str, object]:
    return {"metric": result.metric_id, "baseline": "20", "target": "60", **typed}


def test_form_shows_what_stands_there(personas: Personas, result: KeyResult) -> None:
    page = personas.client("manager").get(edit_page(result)).content.decode()
    for words in ('value="20"', 'value="60"', "占比 (%)"):
        assert words in page


def test_target_is_changed(personas: Personas, result: KeyResult) -> None:
    response = personas.client("manager").post(edit_page(result), data(result, target="72.5"))
    result.refresh_from_db()
    assert (response.status_code, result.target) == (302, Decimal("72.5"))


@pytest.mark.parametrize("target", ["20", "", "sechzig"])
def test_invalid_target_is_marked(personas: Personas, result: KeyResult, target: str) -> None:
    response = personas.client("manager").post(edit_page(result), data(result, target=target))
    result.refresh_from_db()
    assert (response.status_code, result.target) == (422, 60)


def test_key_result_of_another_objective_is_not_found(
    personas: Personas, result: KeyResult
) -> None:
    other = make_objective(result.objective.cycle, "O2")
    path = f"/t/pay/objectives/{other.pk}/key-results/{result.pk}/"
    assert personas.client("manager").get(path).status_code == 404


@pytest.mark.parametrize("way", ["up", "down"])
def test_manager_moves_a_key_result(personas: Personas, objective: Objective, way: str) -> None:
    first, second = (
        make_key_result(objective, make_metric(personas.team, metric)) for metric in "甲乙"
    )
    moved = second if way == "up" else first
    path = f"/t/pay/objectives/{objective.pk}/key-results/{moved.pk}/move/"
    response = personas.client("manager").post(path, {way: ""})
    assert response.status_code == 302
    order = list(objective.key_results.all())
    assert order == [second, first]


def delete_address(result: KeyResult) -> str:
    return f"/t/pay/objectives/{result.objective_id}/key-results/{result.pk}/delete/"


def test_manager_deletes_a_key_result(personas: Personas, result: KeyResult) -> None:
    assert personas.client("manager").post(delete_address(result)).status_code == 302
    assert not KeyResult.objects.exists()
    assert Metric.objects.exists()


def reading_address(result: KeyResult) -> str:
    return f"/t/pay/objectives/{result.objective_id}/key-results/readings/"


def typed(result: KeyResult, value: str) -> dict[str, str]:
    return {f"m{result.metric_id}-value": value}


def test_manager_saves_a_reading(personas: Personas, result: KeyResult) -> None:
    client = personas.client("manager")
    assert client.post(reading_address(result), typed(result, "48")).status_code == 302
    assert Reading.objects.get().value == 48


def test_reading_is_of_this_week_and_replaces_the_last(
    personas: Personas, result: KeyResult
) -> None:
    make_reading(result.metric, "40")
    personas.client("manager").post(reading_address(result), typed(result, "48.25"))
    reading = Reading.objects.get()
    assert (reading.week, reading.value) == (WEEK, Decimal("48.25"))
    assert WeekFacts.objects.filter(week=WEEK).exists()


@pytest.mark.parametrize("value", ["多", "1.23456", "9" * 30, "<script>"])
def test_invalid_reading_is_marked(personas: Personas, result: KeyResult, value: str) -> None:
    response = personas.client("manager").post(reading_address(result), typed(result, value))
    page = response.content.decode()
    assert response.status_code == 422
    assert "<script>" not in page.split("<main")[1]
    assert value.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "占比" in page
    assert not Reading.objects.exists()


def test_reading_saved_meanwhile_is_shown(personas: Personas, result: KeyResult) -> None:
    make_reading(result.metric, "45")
    sent = typed(result, "48") | {f"m{result.metric_id}-opened": opened_json(value="")}
    response = personas.client("manager").post(reading_address(result), sent)
    assert response.status_code == 422
    assert row(response, "占比 · value", "table.differences")["Theirs"] == "45"
    assert Reading.objects.get().value == 45
