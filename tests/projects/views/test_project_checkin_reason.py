from __future__ import annotations

from datetime import date

import pytest

from projects.models import ProgressChange
from tests.conftest import Personas
from tests.factories import make_milestone, make_project

pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas, milestone: int) -> str:
    return f"/t/pay/projects/{personas.project.pk}/checkin/milestones/{milestone}/reason/"


@pytest.mark.parametrize(
    ("percent", "due_on", "words"),
    [
        ("60", "2024-07-01", ""),
        ("80", "2024-06-20", ""),
        ("50", "2024-07-01", "Less than before: why?"),
        ("60", "2024-07-02", "1 day later: why?"),
        ("nonsense", "2024-07-31", "30 days later: why?"),
        ("nonsense", "nonsense", ""),
    ],
)
def test_the_field_shows_when_there_is_something_to_explain(
    personas: Personas, percent: str, due_on: str, words: str
) -> None:
    milestone = make_milestone(personas.project, percent=60, due_on=date(2024, 7, 1))
    before = ProgressChange.objects.count()
    data = {f"m{milestone.pk}-percent": percent, f"m{milestone.pk}-due_on": due_on}
    response = personas.client("lead").get(address(personas, milestone.pk), data)
    page = response.content.decode()
    assert f'id="milestone_reason_{milestone.pk}"' in page
    assert ("<input" in page) is bool(words)
    assert words in page
    assert ProgressChange.objects.count() == before


def test_what_was_typed_as_the_reason_stays(personas: Personas) -> None:
    milestone = make_milestone(personas.project, percent=60)
    data = {f"m{milestone.pk}-percent": "50", f"m{milestone.pk}-reason": "补测试用例"}
    page = personas.client("lead").get(address(personas, milestone.pk), data).content.decode()
    assert 'value="补测试用例"' in page


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("other_lead", 403)],
)
def test_who_may_not_report(personas: Personas, name: str, status: int) -> None:
    milestone = make_milestone(personas.project, percent=60)
    assert personas.client(name).get(address(personas, milestone.pk)).status_code == status


def test_a_milestone_of_another_project_is_not_there(personas: Personas) -> None:
    other = make_milestone(make_project(personas.team, "POS"), percent=60)
    assert personas.client("lead").get(address(personas, other.pk)).status_code == 404
