from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import LazySettings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils.http import int_to_base36

from okrtracker.accounts.second_factor import SecondFactorAdapter
from projects.models import Incident, Team
from tests.conftest import Personas, english_client
from tests.factories import NOW, PASSWORD
from tests.html import element, elements, text, texts
from tests.okrtracker.accounts.test_signing_in import LOGIN, sign_in

pytestmark = pytest.mark.usefixtures("now")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE = "/accounts/code/"


def code(secret: str = SECRET, ago: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago)))


@pytest.fixture
def protected(personas: Personas) -> Personas:
    """The lead has an app and recovery codes."""
    TOTP.activate(personas.lead, SECRET)
    RecoveryCodes.activate(personas.lead)
    return personas


def after_password() -> Client:
    client = english_client()
    answer = client.post(
        LOGIN, {"username": "lead", "password": PASSWORD, "next": "/t/pay/checkin/"}
    )
    assert answer["Location"] == CODE
    assert client.get("/account/").status_code == 302  # not signed in yet
    return client


def test_code_is_asked_for_after_the_password(protected: Personas) -> None:
    client = after_password()
    assert text(client.get(CODE), "h1") == "The code of your app"
    for wrong in ("", "000000", code(ago=3), "x" * 999):
        page = client.post(CODE, {"code": wrong})
        assert page.status_code == 200
        assert texts(page, ".errorlist")
    assert client.post(CODE, {"code": code()})["Location"] == "/t/pay/checkin/"
    assert client.get("/account/").status_code == 200
    again = after_password()  # a code works once
    assert "used before" in again.post(CODE, {"code": code()}).text


def test_recovery_code_lets_in_once(protected: Personas) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert after_password().post(CODE, {"code": codes[0]}).status_code == 302
    assert after_password().post(CODE, {"code": codes[0]}).status_code == 200


def test_codes_are_braked(protected: Personas) -> None:
    client = after_password()
    for number in range(5):
        client.post(CODE, {"code": f"00000{number}"})
    assert "Too many wrong codes." in client.post(CODE, {"code": code()}).text
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        assert client.post(CODE, {"code": code()}).status_code == 302


def test_one_may_sign_in_as_somebody_else_instead(protected: Personas) -> None:
    client = after_password()
    client.post("/accounts/logout/")
    assert sign_in(client, "viewer") == 302
    assert client.get(CODE)["Location"].startswith("/")
    assert english_client().get(CODE)["Location"] == LOGIN


def test_form_of_an_ended_session_waits_behind_the_code(protected: Personas) -> None:
    client = english_client()
    kept = '{"address": "/t/pay/incidents/new/", "fields": [["description", "回调超时"]]}'
    client.post(LOGIN, {"username": "lead", "password": PASSWORD, "kept": kept})
    page = client.post(CODE, {"code": code()})
    form = element(page, 'form[action="/t/pay/incidents/new/"]')
    assert element(form, "[name=description]")["value"] == "回调超时"
    assert not Incident.objects.exists()


def test_password_by_a_link_asks_for_the_code_too(protected: Personas) -> None:
    uid = int_to_base36(protected.lead.pk)
    token = default_token_generator.make_token(protected.lead)
    client = english_client()
    form = client.get(f"/accounts/password/reset/key/{uid}-{token}/")["Location"]
    new = {"password1": "eine-neue-Losung", "password2": "eine-neue-Losung"}
    assert client.post(form, new)["Location"] == CODE
    assert client.get("/account/").status_code == 302


def test_app_is_set_up_and_switched_off(personas: Personas) -> None:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    client = personas.client("lead")
    app = "/accounts/second/app/"
    again = client.get(app)["Location"]
    assert again == "/accounts/again/?next=%2Faccounts%2Fsecond%2Fapp%2F"
    assert "This is not your password." in client.post(again, {"password": "wrong"}).text
    page = client.post(again, {"password": PASSWORD, "next": app}, follow=True)
    secret = re.search(r"<code>(\w+)</code>", page.text)
    assert secret
    assert str(element(page, "main img")["src"]).startswith("data:image/svg+xml")
    assert text(page, "main label") == "Code"
    assert texts(client.post(app, {"code": "000000"}), ".errorlist")
    codes = client.post(app, {"code": code(secret[1])}, follow=True)
    assert len(elements(codes, "main li")) == 10
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret[1] not in stored
    assert "is set up" in client.get("/accounts/second/").text
    assert client.post("/accounts/second/codes/new/").status_code == 302
    assert texts(client.get("/accounts/second/codes/"), "main li") != texts(codes, "main li")
    client.post("/accounts/second/app/off/")
    assert not Authenticator.objects.exists()
    assert client.get("/accounts/second/codes/").status_code == 404


def test_managers_of_a_team_that_asks_for_it_are_led_there(personas: Personas) -> None:
    Team.objects.filter(pk=personas.team.pk).update(needs_second_factor=True)
    manager = personas.client("manager")
    for path in ("/t/pay/", "/t/pay/settings/"):
        assert manager.get(path)["Location"] == "/accounts/second/?needed"
    assert "Your team asks its managers" in manager.get("/accounts/second/?needed").text
    assert manager.post("/t/pay/members/invite/").status_code == 302
    assert personas.client("lead").get("/t/pay/").status_code == 200
    TOTP.activate(personas.manager, SECRET)
    assert manager.get("/t/pay/").status_code == 200


def test_secrets_are_read_with_a_key_of_before(settings: LazySettings) -> None:
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert adapter.decrypt(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        adapter.decrypt(sealed)
