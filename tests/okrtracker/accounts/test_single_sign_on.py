"""Single sign-on, at a provider that is played here."""

from __future__ import annotations

from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.test import Client

from okrtracker.accounts.single_sign_on import SingleSignOnAdapter
from projects.models import AccountNotice, User
from tests.conftest import Personas, english_client
from tests.factories import PASSWORD
from tests.html import element, elements

pytestmark = pytest.mark.usefixtures("now", "lead")
ISSUER: Final = "https://sso.example.com"
BEGIN: Final = "/accounts/oidc/sso/login/"


class Answer:
    """What ``requests`` gives back, of a document."""

    status_code = 200
    headers: Final = {"content-type": "application/json"}

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def json(self) -> dict[str, Any]:
        return self.document

    def raise_for_status(self) -> None:
        """It is fine."""


class Provider:
    """Plays the provider; ``person`` is who signs in there."""

    def __init__(self) -> None:
        self.person = {"sub": "42", "email": "Lead@Example.com", "email_verified": True}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is open."""

    def get(self, url: str, **_kwargs: object) -> Answer:
        if url.endswith("/userinfo"):
            return Answer(self.person)
        assert url == f"{ISSUER}/.well-known/openid-configuration"
        names = ("authorization", "token", "userinfo")
        endpoints = {f"{name}_endpoint": f"{ISSUER}/{name}" for name in names}
        return Answer({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **endpoints})

    def request(self, _method: str, url: str, data: dict[str, str], **_kwargs: object) -> Answer:
        assert url == f"{ISSUER}/token"
        assert (data["code"], bool(data["code_verifier"])) == ("c0de", True)
        return Answer({"access_token": "t0ken", "token_type": "Bearer"})


@pytest.fixture(autouse=True)
def provider(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider()
    settings.OIDC_URL, settings.OIDC_NAME = ISSUER, "Acme"
    app = {"provider_id": "sso", "name": "Acme", "client_id": "okr", "secret": "s"}
    app["settings"] = {"server_url": ISSUER}  # type: ignore[assignment]
    providers = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.SOCIALACCOUNT_PROVIDERS = providers
    monkeypatch.setattr(SingleSignOnAdapter, "get_requests_session", lambda _self: provider)
    return provider


@pytest.fixture
def lead(personas: Personas) -> User:
    personas.lead.email = "lead@example.com"
    personas.lead.save()
    return personas.lead


def come_back(client: Client, query: str = "?next=/t/pay/checkin/", **changes: str) -> Any:
    """Go to the provider and come back from it; the answer to that."""
    there = urlsplit(client.get(BEGIN + query)["Location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{ISSUER}/authorization"
    asked = parse_qs(there.query)
    assert asked["redirect_uri"] == [f"http://testserver{BEGIN}callback/"]
    answer = {"code": "c0de", "state": asked["state"][0]} | changes
    return client.get(f"{BEGIN}callback/", answer)


def test_verified_address_signs_in_and_is_linked(lead: User, provider: Provider) -> None:
    client = english_client()
    link = element(client.get("/accounts/login/?next=/t/pay/checkin/"), "form.login a.button")
    assert link["href"] == f"{BEGIN}?next=%2Ft%2Fpay%2Fcheckin%2F"
    assert come_back(client)["Location"] == "/t/pay/checkin/"
    assert client.get("/account/").context["user"] == lead
    assert SocialAccount.objects.get().user == lead
    assert AccountNotice.objects.filter(kind="account_connected").exists()
    provider.person["email"] = "renamed@example.com"
    again = english_client()
    assert come_back(again)["Location"] == "/t/pay/checkin/"
    assert again.get("/account/").context["user"] == lead


@pytest.mark.parametrize(
    "person",
    [
        {"email_verified": False},
        {"email": "nobody@example.com"},
        {"email": ""},
        {"email": "outsider@example.com"},  # of two accounts
    ],
)
def test_unknown_account_is_refused(provider: Provider, person: dict[str, Any]) -> None:
    User.objects.filter(username__in=("outsider", "viewer")).update(email="outsider@example.com")
    provider.person |= person
    client = english_client()
    page = come_back(client)
    assert "Nobody here has this account." in page.text
    assert client.get("/account/").status_code == 302
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 5


def test_other_domains_may_not_come_in(
    provider: Provider, lead: User, settings: LazySettings
) -> None:
    settings.OIDC_DOMAINS = ["example.com"]
    assert come_back(english_client()).status_code == 302
    settings.OIDC_DOMAINS = ["example.org", "le.com"]
    page = come_back(english_client())  # linked or not
    assert page.status_code == 403
    assert "Addresses of your domain may not come in" in page.text


def test_what_did_not_begin_here_is_refused(lead: User) -> None:
    client = english_client()
    for changes in ({"state": "forged"}, {"error": "access_denied"}, {"error": "server_error"}):
        page = come_back(client, **changes)
        text = client.get(page["Location"]).text if page.status_code == 302 else page.text
        assert "Not signed in" in text
    assert client.get("/account/").status_code == 302


def test_closed_account_stays_out_and_a_second_factor_is_asked_for(lead: User) -> None:
    come_back(english_client())
    TOTP.activate(lead, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert come_back(english_client())["Location"] == "/accounts/code/"
    User.objects.filter(pk=lead.pk).update(is_active=False)
    client = english_client()
    assert come_back(client)["Location"] == "/accounts/login/"
    assert client.get("/account/").status_code == 302


def test_it_is_linked_and_unlinked_in_the_account(lead: User, personas: Personas) -> None:
    client = personas.client("viewer")  # with another address there
    again = come_back(client, "?process=connect")
    assert again["Location"] == "/accounts/again/"
    done = client.post(again["Location"], {"password": PASSWORD}, follow=True)
    assert SocialAccount.objects.get().user == personas.viewer
    key = element(done, "[name=account]")["value"]
    personas.client("lead").post("/accounts/linked/", {"account": key})
    assert SocialAccount.objects.exists()  # another's is not touched
    client.post("/accounts/linked/", {"account": key})
    assert not SocialAccount.objects.exists()


def test_only_way_in_is_not_unlinked(lead: User) -> None:
    lead.set_unusable_password()
    lead.save()
    client = english_client()
    come_back(client)
    data = {"account": str(SocialAccount.objects.get().pk)}
    assert client.post("/accounts/linked/", data, follow=True).status_code in (200, 403)
    assert SocialAccount.objects.exists()


def test_without_a_provider_nothing_is_offered(settings: LazySettings, personas: Personas) -> None:
    settings.OIDC_URL = ""
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert not elements(english_client().get("/accounts/login/"), "form.login a.button")
    assert "/accounts/linked/" not in personas.client("lead").get("/account/").text
    assert english_client().get(BEGIN).status_code == 404
