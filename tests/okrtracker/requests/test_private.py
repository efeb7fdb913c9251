from __future__ import annotations

import pytest

from tests.conftest import Personas


@pytest.mark.parametrize(
    "address",
    ["/", "/account/", "/t/pay/", "/t/pay/members/", "/t/pay/weeks/2024-W25/", "/nowhere/"],
)
def test_no_page_of_a_session_is_stored(personas: Personas, address: str) -> None:
    response = personas.client("manager").get(address)
    assert "no-store" in response["Cache-Control"]


def test_the_sign_in_page_of_a_stranger_may_be(personas: Personas) -> None:
    response = personas.client("anonymous").get("/accounts/login/")
    assert "private, no-store" not in response.get("Cache-Control", "")
