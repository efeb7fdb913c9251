from __future__ import annotations

import re
from unittest.mock import patch

import pytest

from projects import tasks
from tests.conftest import Personas, english_client

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/accounts/password/reset/"


def test_signing_in_leads_there(personas: Personas) -> None:
    assert f'href="{ADDRESS}"' in english_client().get("/accounts/login/").text
    assert english_client().get(ADDRESS).status_code == 200


def test_the_answer_is_the_same_whether_there_is_an_account(personas: Personas) -> None:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    answers = []
    for email in ("lead@example.com", "nobody@example.com"):
        client = english_client()
        with (
            patch.object(tasks.send_password_reset, "apply_async") as enqueued,
            patch("projects.teams.password_reset.send") as sent,
        ):
            response = client.post(ADDRESS, {"email": email})
        enqueued.assert_called_once_with((email, "en"), retry=False)
        sent.assert_not_called()  # the web process never looks the address up
        page = client.get(response["Location"]).text
        answers.append((response["Location"], re.sub(r'value="\w{64}"', "", page)))  # CSRF tokens
    assert answers[0] == answers[1]


@pytest.mark.parametrize("email", ["", "nonsense", "<script>@x", "x" * 255 + "@example.com"])
def test_what_is_no_address_is_marked(personas: Personas, email: str) -> None:
    response = english_client().post(ADDRESS, {"email": email})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert "<script>" not in response.text


def test_a_password_is_changed_by_who_knows_the_old_one(personas: Personas) -> None:
    client = personas.client("viewer")
    page = client.get("/accounts/password/").text
    assert 'name="old_password"' in page
    new = "eine-neue-Losung"
    said = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert "entered incorrectly" in client.post("/accounts/password/", said).text
    said["old_password"] = "a-password-for-tests"
    assert client.post("/accounts/password/", said).status_code == 302
    personas.viewer.refresh_from_db()
    assert personas.viewer.check_password(new)
    assert client.get("/t/pay/").status_code == 200  # still signed in
    assert english_client().get("/accounts/password/").status_code == 302
