from __future__ import annotations

import pytest

from projects.models import Cycle
from tests.conftest import Personas
from tests.factories import make_cycle, make_objective

pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 403), ("lead", 403), ("manager", 302)],
)
def test_only_a_manager_may(personas: Personas, name: str, status: int) -> None:
    cycle = make_cycle(personas.team)
    assert personas.client(name).post(f"/t/pay/cycles/{cycle.pk}/delete/").status_code == status
    assert Cycle.objects.exists() is (name != "manager")


def test_a_cycle_with_objectives_stays_and_says_so(personas: Personas) -> None:
    cycle = make_cycle(personas.team)
    make_objective(cycle)
    path = f"/t/pay/cycles/{cycle.pk}/delete/"
    response = personas.client("manager").post(path, follow=True)
    assert "has objectives" in response.content.decode()
    assert Cycle.objects.exists()
