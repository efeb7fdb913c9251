from __future__ import annotations

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from okrtracker import returning

HERE = "/t/pay/?sort=-percent"


def page_before(data: dict[str, str], headers: dict[str, str]) -> str:
    request = RequestFactory().post("/here/", data, headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]  # as the middleware does
    return returning.page_before(request, "/default/")


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({"next": HERE}, {"Referer": "http://testserver/other/"}),
        ({}, {"Referer": f"http://testserver{HERE}"}),
        ({}, {"HX-Request": "true", "HX-Current-URL": f"http://testserver{HERE}"}),
        ({"next": "https://evil.example/"}, {"Referer": f"http://testserver{HERE}"}),
    ],
    ids=["the form says it", "the browser says it", "htmx says it", "the form lies"],
)
def test_the_reader_comes_back(data: dict[str, str], headers: dict[str, str]) -> None:
    assert page_before(data, headers) == HERE


@pytest.mark.parametrize(
    "elsewhere", ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_but_never_on_another_site(elsewhere: str) -> None:
    assert page_before({"next": elsewhere}, {"Referer": elsewhere}) == "/default/"
