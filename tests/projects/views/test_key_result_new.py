from __future__ import annotations

from decimal import Decimal

import pytest

from projects.models import KeyResult, Metric, Objective
from tests.conftest import Personas
from tests.factories import make_cycle, make_key_result, make_metric, make_objective, make_project

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def objective(personas: Personas) -> Objective:
    return make_objective(make_cycle(personas.team))


def address(objective: Objective) -> str:
    return f"/t/pay/objectives/{objective.pk}/key-results/new/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403)]
)
def test_only_a_manager_may(
    personas: Personas, objective: Objective, name: str, status: int, method: str
) -> None:
    data = {"name": "占比", "baseline": "0", "target": "60"}
    assert getattr(personas.client(name), method)(address(objective), data).status_code == status
    assert not KeyResult.objects.exists()


def test_of_a_metric_that_is_there(personas: Personas, objective: Objective) -> None:
    metric = make_metric(personas.team)
    make_metric(personas.team, "累计金额", "元", project=personas.project)
    client = personas.client("manager")
    assert "贝易转 · 累计金额 (元)" in client.get(address(objective)).content.decode()
    data = {"metric": metric.pk, "baseline": "99.9", "target": "99.996"}
    response = client.post(address(objective), data)
    assert response["Location"] == f"/t/pay/objectives/{objective.pk}/edit/"
    made = KeyResult.objects.get()
    assert (made.metric, made.target) == (metric, Decimal("99.996"))


def test_of_a_new_metric(personas: Personas, objective: Objective) -> None:
    data = {"name": "处理时长", "unit": "小时", "baseline": "8", "target": "2"}
    personas.client("manager").post(address(objective), data)
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
def test_what_is_wrong_comes_back_marked(
    personas: Personas, objective: Objective, data: dict[str, str], words: str
) -> None:
    make_metric(personas.team, "有了")
    response = personas.client("manager").post(address(objective), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    for typed in data.values():
        assert typed in page or typed == "999999"
    assert not KeyResult.objects.exists()


def test_one_metric_once(personas: Personas, objective: Objective) -> None:
    metric = make_metric(personas.team, "占比")
    make_key_result(objective, metric)
    data = {"metric": metric.pk, "baseline": "1", "target": "2"}
    page = personas.client("manager").post(address(objective), data).content.decode()
    assert "has a key result of 占比 already" in page
    both = data | {"name": "又一个"}
    page = personas.client("manager").post(address(objective), both).content.decode()
    assert "not both" in page


def test_another_teams_metric_is_no_choice(personas: Personas, objective: Objective) -> None:
    other = make_project(personas.outsider.memberships.get().team, "反诈平台")
    theirs = make_metric(other.team)
    data = {"metric": theirs.pk, "baseline": "1", "target": "2"}
    assert personas.client("manager").post(address(objective), data).status_code == 422
