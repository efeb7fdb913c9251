from __future__ import annotations

import pytest

from tests.conftest import Personas

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "is_part"),
    [
        ({}, False),
        (HTMX, True),
        ({**HTMX, "HX-Boosted": "true"}, False),
        ({**HTMX, "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_a_partial_is_sent_only_to_htmx(
    personas: Personas,
    headers: dict[str, str],
    is_part: bool,
) -> None:
    address = f"/t/pay/projects/{personas.project.pk}/checkin/"
    response = personas.client("lead").get(address, headers=headers)
    assert ("<html" not in response.content.decode()) is is_part
    assert "HX-Request" in response["Vary"]
    assert "Cookie" in response["Vary"]  # patched, not replaced


def test_input_stays_on_the_screen_when_the_session_has_ended(personas: Personas) -> None:
    address = f"/t/pay/projects/{personas.project.pk}/checkin/"
    client = personas.client("anonymous")
    response = client.post(address, {"text": "刚写的"}, headers=HTMX)
    assert response.status_code == 401
    assert "Location" not in response
    assert client.post(address).status_code == 302
