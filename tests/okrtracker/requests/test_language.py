"""Chinese first, English on demand."""

from __future__ import annotations

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client

from projects.models import Incident, Team
from tests.conftest import Personas
from tests.html import element, elements
from tests.plain import PlainBrowser
from tests.tables import each_row

LOGIN = "/accounts/login/"


def test_chinese_unless_chosen_otherwise() -> None:
    response = Client(headers={"accept-language": "en-US,en"}).get(LOGIN)
    assert response.headers["Content-Language"] == "zh-hans"
    assert "登录" in response.content.decode()


def test_the_choice_is_kept() -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": LOGIN})
    response = client.get(LOGIN)
    assert response.headers["Content-Language"] == "en"
    assert "Sign in" in response.content.decode()
    assert "Cookie" in response.headers["Vary"]


@each_row("language", ["fr", "<script>", ""])
def test_a_language_that_is_not_offered_falls_back_to_the_site_s(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    assert client.get(LOGIN).headers["Content-Language"] == "zh-hans"


# --- without a script, the words of a form go along ---------------------------------------------


@pytest.mark.usefixtures("now")
def test_words_that_were_typed_are_kept_when_the_language_is_switched(personas: Personas) -> None:
    browser = PlainBrowser(personas.client("lead"), "/t/pay/incidents/new/")
    browser.fill("description", "对账超时")
    browser.switch_language()
    assert browser.page.get("lang") == "zh-hans"
    assert "对账超时" in browser.page.xpath("string(//main//ul)")
    assert not Incident.objects.exists()
    browser.press("提交表单")
    assert browser.path.startswith("/t/pay/incidents/")
    assert Incident.objects.get().description == "对账超时"


@pytest.mark.usefixtures("now")
def test_a_field_that_is_called_language_is_not_the_reader_s(personas: Personas) -> None:
    browser = PlainBrowser(personas.client("manager"), "/t/pay/settings/")
    browser.fill("name", "支付研发")
    assert browser.value("language") == "zh-hans"
    browser.fill("language", "en")
    browser.switch_language()
    assert browser.page.get("lang") == "zh-hans"
    browser.press("提交表单")
    team = Team.objects.get(slug="pay")
    assert (team.name, team.language) == ("支付研发", "en")


def test_a_form_without_a_word_only_changes_its_language(personas: Personas) -> None:
    browser = PlainBrowser(personas.client("manager"), "/t/pay/settings/?setup=1")
    browser.switch_language()
    assert (browser.path, browser.page.get("lang")) == ("/t/pay/settings/?setup=1", "zh-hans")


def test_a_form_is_not_sent_to_another_site(personas: Personas) -> None:
    address = "/i18n/setlang/?next=/&to=https://evil.example/"
    client = personas.client("manager")
    response = client.post(address, {"switch_to": "zh-hans", "name": "支付"})
    assert response["Location"] == "/"


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    "address",
    [
        "/account/",
        "/teams/new/",
        "/t/pay/settings/",
        "/t/pay/settings/calendar/",
        "/t/pay/settings/stages/",
        "/t/pay/members/",
        "/t/pay/settings/subscribers/",
        "/t/pay/cycles/new/",
        "/t/pay/projects/new/",
        "/t/pay/metrics/",
        "/t/pay/metrics/new/",
        "/t/pay/incidents/new/",
        "/t/pay/weeks/2024-W25/publish/",
    ],
)
def test_the_button_sends_the_form_of_its_page_to_be_kept(personas: Personas, address: str) -> None:
    page = personas.client("manager").get(address)
    button = element(page, "header button[name=switch_to]")
    (form,) = elements(page, f"main form#{button['form']}")
    kept = parse_qs(urlsplit(str(button["formaction"])).query)
    wanted = urljoin(address, str(form.get("action", "")))
    assert urlsplit(kept.get("to", kept["next"])[0]).path == urlsplit(wanted).path
