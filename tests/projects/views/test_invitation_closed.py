from __future__ import annotations

import pytest

from tests.conftest import Personas

ADDRESS = "/invitations/closed/"


@pytest.mark.parametrize("name", ["anonymous", "outsider", "manager"])
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("accepted", "was accepted"),
        ("expired", "has expired"),
        ("withdrawn", "was withdrawn"),
        ("unknown", "opens no invitation"),
    ],
)
def test_it_says_why(personas: Personas, name: str, reason: str, words: str) -> None:
    response = personas.client(name).get(f"{ADDRESS}{reason}/")
    assert response.status_code == 410
    assert words in response.text


@pytest.mark.parametrize("reason", ["open", "x", "<script>"])
def test_there_are_no_other_reasons(personas: Personas, reason: str) -> None:
    assert personas.client("anonymous").get(f"{ADDRESS}{reason}/").status_code == 404
