from __future__ import annotations

import pytest

from projects.models import User
from projects.teams import account
from tests.conftest import Personas, english_client

pytestmark = pytest.mark.usefixtures("now")
NEW = "new@example.com"


@pytest.fixture
def link(personas: Personas) -> str:
    return f"/account/address/{account.token_of(personas.lead, NEW)}/"


def test_only_the_button_changes_it(personas: Personas, link: str) -> None:
    client = personas.client("lead")
    page = client.get(link)
    assert f"Shall your mails go to {NEW} from now on?" in page.text
    assert "no-store" in page["Cache-Control"]
    assert not User.objects.filter(email=NEW).exists()
    told = client.post(link, follow=True)
    assert f"Your mails go to {NEW} from now on." in told.text
    assert User.objects.get(email=NEW) == personas.lead


def test_it_works_once(personas: Personas, link: str) -> None:
    client = personas.client("lead")
    client.post(link)
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert "This link no longer works" in response.text


def test_another_account_opens_nothing(personas: Personas, link: str) -> None:
    client = personas.client("viewer")
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert NEW not in response.text
    assert not User.objects.filter(email=NEW).exists()


def test_who_is_signed_out_signs_in_and_comes_back(personas: Personas, link: str) -> None:
    response = english_client().get(link)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={link}"
