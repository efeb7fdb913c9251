from __future__ import annotations

import json

import pytest

from tests.conftest import Personas
from tests.factories import make_entry

ADDRESS = "/t/pay/weeks/2024-W25/export.{}"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 200)]
)
def test_every_member_may_take_it_along(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS.format("md")).status_code == status


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("md", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_each_format_holds_the_words(personas: Personas, ending: str, content_type: str) -> None:
    make_entry(personas.project, text="收银台方案评审通过")
    response = personas.client("viewer").get(ADDRESS.format(ending))
    assert response["Content-Type"] == content_type
    assert f'filename="pay-2024-W25.{ending}"' in response["Content-Disposition"]
    assert "收银台方案评审通过" in response.content.decode()


def test_the_json_is_json(personas: Personas) -> None:
    data = json.loads(personas.client("viewer").get(ADDRESS.format("json")).content)
    assert data["label"] == "2024-W25"


@pytest.mark.parametrize(
    "address",
    [ADDRESS.format("exe"), "/t/pay/weeks/2019-W10/export.md", "/t/pay/weeks/x/export.md"],
)
def test_what_does_not_exist_is_not_there(personas: Personas, address: str) -> None:
    assert personas.client("viewer").get(address).status_code == 404
