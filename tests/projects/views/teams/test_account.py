from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from django.conf import LazySettings

from okrtracker import broker
from projects import tasks
from projects.models import User
from projects.teams import account
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD
from tests.html import element, elements, text

pytestmark = pytest.mark.usefixtures("now")


def test_own_name_is_changed(personas: Personas) -> None:
    client = personas.client("viewer")
    page = client.get("/account/").text
    assert 'value="高远"' in page
    assert "neither reminders nor the weekly digest reach you" in page
    page = client.post("/account/", {"name": " 高  远山 "}, follow=True).text
    assert "Your name is saved." in page
    personas.viewer.refresh_from_db()
    assert personas.viewer.name == "高 远山"


def test_who_has_no_name_is_asked_for_it(personas: Personas) -> None:
    words = "Colleagues see you as viewer so far."
    client = personas.client("viewer")
    assert words not in client.get("/t/pay/").text
    User.objects.filter(pk=personas.viewer.pk).update(name="")
    assert words in client.get("/t/pay/").text
    assert words in client.get("/?choose=1").text
    assert words not in client.get("/account/").text


@pytest.mark.parametrize("name", ["", " ", "名" * 81])
def test_empty_name_is_marked(personas: Personas, name: str) -> None:
    response = personas.client("viewer").post("/account/", {"name": name})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    personas.viewer.refresh_from_db()
    assert personas.viewer.name == "高远"


ASK = "/account/address/"
NEW_ADDRESS = {"email": "New@Example.com", "password": PASSWORD}


def test_new_address_is_mailed_a_link_and_not_changed_yet(personas: Personas) -> None:
    with patch.object(tasks.send_address_link, "apply_async") as enqueued:
        response = personas.client("lead").post(ASK, NEW_ADDRESS, follow=True)
    assert "A mail is on its way to new@example.com." in response.text
    assert enqueued.call_args.args == ((personas.lead.pk, "new@example.com", "en"),)
    personas.lead.refresh_from_db()
    assert personas.lead.email == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"password": "guess"}, "This is not your password."),
        ({"password": ""}, "This field is required."),
        ({"email": "nobody@"}, "Enter a valid email address."),
        ({"email": "LEAD@example.com"}, "Your mails go there already."),
    ],
)
def test_wrong_new_address_is_marked(personas: Personas, data: dict[str, str], words: str) -> None:
    User.objects.filter(pk=personas.lead.pk).update(email="lead@example.com")
    with patch.object(tasks.send_address_link, "apply_async") as enqueued:
        response = personas.client("lead").post(ASK, NEW_ADDRESS | data)
    assert response.status_code == 422
    assert words in response.text
    assert (data.get("email") or NEW_ADDRESS["email"]) in response.text
    assert PASSWORD not in response.text
    assert not enqueued.called


def test_second_link_within_a_minute_is_refused(personas: Personas) -> None:
    client = personas.client("lead")
    with patch.object(tasks.send_address_link, "apply_async") as enqueued:
        client.post(ASK, NEW_ADDRESS)
        response = client.post(ASK, NEW_ADDRESS)
    assert response.status_code == 429
    assert "Try again in 1 minute." in response.text
    assert response["Retry-After"] == "60"
    assert enqueued.call_count == 1


CONFIRMED = "new@example.com"


@pytest.fixture
def link(personas: Personas) -> str:
    return f"/account/address/{account.token_of(personas.lead, CONFIRMED)}/"


def test_link_changes_the_address_by_its_button_only(personas: Personas, link: str) -> None:
    client = personas.client("lead")
    page = client.get(link)
    assert f"Shall your mails go to {CONFIRMED} from now on?" in page.text
    assert "no-store" in page["Cache-Control"]
    assert not User.objects.filter(email=CONFIRMED).exists()
    response = client.post(link, follow=True)
    assert f"Your mails go to {CONFIRMED} from now on." in response.text
    assert User.objects.get(email=CONFIRMED) == personas.lead


def test_link_works_once(personas: Personas, link: str) -> None:
    client = personas.client("lead")
    client.post(link)
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert "This link no longer works" in response.text


def test_link_of_another_account_changes_nothing(personas: Personas, link: str) -> None:
    client = personas.client("viewer")
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 410
        assert CONFIRMED not in response.text
    assert not User.objects.filter(email=CONFIRMED).exists()


def test_anonymous_reader_of_the_link_signs_in_first(personas: Personas, link: str) -> None:
    response = english_client().get(link)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={link}"


ADDRESS = "/accounts/password/reset/"


def test_sign_in_page_links_to_password_reset(personas: Personas) -> None:
    assert f'href="{ADDRESS}"' in english_client().get("/accounts/login/").text
    assert english_client().get(ADDRESS).status_code == 200


def test_password_reset_answers_alike_with_and_without_an_account(personas: Personas) -> None:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    answers = []
    for email in ("lead@example.com", "nobody@example.com"):
        client = english_client()
        with (
            patch.object(broker, "publish") as enqueued,
            patch("projects.teams.account.send_password_link") as sent,
        ):
            response = client.post(ADDRESS, {"email": email})
        enqueued.assert_called_once_with(tasks.send_password_reset, email, "en")
        sent.assert_not_called()  # the web process never looks the address up
        page = client.get(response["Location"]).text
        answers.append((response["Location"], re.sub(r'value="\w{64}"', "", page)))  # CSRF tokens
    assert answers[0] == answers[1]


@pytest.mark.parametrize("email", ["", "nonsense", "<script>@x", "x" * 255 + "@example.com"])
def test_password_reset_marks_an_invalid_address(personas: Personas, email: str) -> None:
    response = english_client().post(ADDRESS, {"email": email})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert "<script>" not in response.text


def test_password_is_changed_with_the_old_one(personas: Personas) -> None:
    client = personas.client("viewer")
    page = client.get("/accounts/password/").text
    assert 'name="oldpassword"' in page
    new = "eine-neue-Losung"
    typed = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert "This is not your password." in client.post("/accounts/password/", typed).text
    typed["oldpassword"] = "a-password-for-tests"
    assert client.post("/accounts/password/", typed).status_code == 302
    personas.viewer.refresh_from_db()
    assert personas.viewer.check_password(new)
    assert client.get("/t/pay/").status_code == 200  # still signed in
    assert english_client().get("/accounts/password/").status_code == 302


class TestLoginOfADemo:
    """Only where ``DEMO_PASSWORD`` is set, as ``make run`` does, does the page name anybody."""

    def test_names_nobody_elsewhere(self, personas: Personas) -> None:
        page = english_client().get("/accounts/login/")
        assert elements(page, ".demo_members") == []
        assert "manager" not in page.text

    def test_one_press_signs_in(self, personas: Personas, settings: LazySettings) -> None:
        settings.DEMO_PASSWORD = PASSWORD
        client = english_client()
        page = client.get("/accounts/login/?next=/t/pay/weeks/")
        names = [button["value"] for button in elements(page, ".demo_members button")]
        assert names == ["manager", "lead", "viewer"]
        assert PASSWORD in text(page, ".demo_members p")

        form = element(page, ".demo_members")
        fields = {field["name"]: field["value"] for field in elements(form, "input")}
        sent = client.post("/accounts/login/", fields | {"username": "lead"})

        assert sent["Location"] == "/t/pay/weeks/"

    def test_names_only_who_can_sign_in(self, personas: Personas, settings: LazySettings) -> None:
        settings.DEMO_PASSWORD = PASSWORD
        User.objects.filter(username="viewer").update(is_active=False)
        page = english_client().get("/accounts/login/")
        assert len(elements(page, ".demo_members button")) == 2
