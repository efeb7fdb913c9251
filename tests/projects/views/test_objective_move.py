from __future__ import annotations

import pytest

from tests.conftest import Personas
from tests.factories import make_cycle, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 302)],
)
def test_only_a_manager_may(personas: Personas, name: str, status: int) -> None:
    cycle = make_cycle(personas.team)
    make_objective(cycle, "O1")
    second = make_objective(cycle, "O2")
    response = personas.client(name).post(f"/t/pay/objectives/{second.pk}/move/", {"up": ""})
    order = list(cycle.objectives.values_list("code", flat=True))
    assert response.status_code == status
    assert order == (["O2", "O1"] if name == "manager" else ["O1", "O2"])


def test_it_leads_back_to_where_it_was_clicked(personas: Personas) -> None:
    cycle = make_cycle(personas.team, "2024 & H1")
    first, _ = make_objective(cycle, "O1"), make_objective(cycle, "O2")
    response = personas.client("manager").post(f"/t/pay/objectives/{first.pk}/move/", {"down": ""})
    assert response["Location"] == f"/t/pay/objectives/?cycle=2024+%26+H1#o{first.pk}"
    assert list(cycle.objectives.values_list("code", flat=True)) == ["O2", "O1"]


def test_a_link_moves_nothing(personas: Personas) -> None:
    objective = make_objective(make_cycle(personas.team))
    assert (
        personas.client("manager").get(f"/t/pay/objectives/{objective.pk}/move/").status_code == 405
    )
