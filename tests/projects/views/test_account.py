from __future__ import annotations

import pytest

from tests.conftest import Personas

pytestmark = pytest.mark.usefixtures("now")


def test_one_changes_ones_own_name(personas: Personas) -> None:
    client = personas.client("viewer")
    page = client.get("/account/").text
    assert 'value="高远"' in page
    assert "neither reminders nor the weekly digest reach you" in page
    told = client.post("/account/", {"name": " 高  远山 "}, follow=True).text
    assert "Your name is saved." in told
    personas.viewer.refresh_from_db()
    assert personas.viewer.name == "高 远山"


@pytest.mark.parametrize("name", ["", " ", "名" * 81])
def test_a_name_that_is_none_comes_back(personas: Personas, name: str) -> None:
    response = personas.client("viewer").post("/account/", {"name": name})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    personas.viewer.refresh_from_db()
    assert personas.viewer.name == "高远"
