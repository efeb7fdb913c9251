from __future__ import annotations

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from okrtracker import return_address
from tests.conftest import Personas
from tests.tables import each_row

HERE = "/t/pay/?sort=-percent"


def previous_page(data: dict[str, str], headers: dict[str, str]) -> str:
    request = RequestFactory().post("/here/", data, headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]  # as the middleware does
    return return_address.previous_page(request, "/default/")


@each_row(
    ("data", "headers"),
    [
        ({"next": HERE}, {"Referer": "http://testserver/other/"}),
        ({}, {"Referer": f"http://testserver{HERE}"}),
        ({}, {"HX-Request": "true", "HX-Current-URL": f"http://testserver{HERE}"}),
        ({"next": "https://evil.example/"}, {"Referer": f"http://testserver{HERE}"}),
    ],
)
def test_form_leads_back_to_its_page(data: dict[str, str], headers: dict[str, str]) -> None:
    assert previous_page(data, headers) == HERE


@each_row(
    "elsewhere",
    ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)", "2024-06-17", "?a=/"],
)
def test_other_sites_are_refused(elsewhere: str) -> None:
    assert previous_page({"next": elsewhere}, {"Referer": elsewhere}) == "/default/"


def test_form_of_an_ended_session_returns_to_its_page_after_login(personas: Personas) -> None:
    client, page = personas.client("anonymous"), "/t/pay/members/"
    sent = client.post(f"{page}invite/", headers={"Referer": f"http://testserver{page}"})
    assert sent["Location"] == f"/accounts/login/?next={page}"
    client.force_login(personas.manager)
    assert "what you sent last was not saved" in client.get(page).content.decode()


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true", "Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "cors"}]
)
def test_request_of_a_script_leaves_no_message_on_a_later_page(
    personas: Personas, headers: dict[str, str]
) -> None:
    client = personas.client("anonymous")
    client.post("/t/pay/members/invite/", headers=headers)
    client.force_login(personas.manager)
    assert "sent last was not saved" not in client.get("/t/pay/members/").content.decode()


def test_login_from_the_weekly_mail_says_that_the_mail_holds_the_words(
    personas: Personas,
) -> None:
    def login(path: str) -> str:
        return personas.client("anonymous").get(path, follow=True).content.decode()

    words = "stands in the mail itself"
    assert words in login("/t/pay/weeks/2024-W25/")
    assert words not in login("/t/pay/checkin/")
