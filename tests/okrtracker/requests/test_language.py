"""Chinese first, English on demand."""

from __future__ import annotations

import pytest
from django.test import Client

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


@pytest.mark.parametrize("language", ["fr", "<script>", ""])
def test_a_language_that_is_not_offered_falls_back_to_the_site_s(language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    assert client.get(LOGIN).headers["Content-Language"] == "zh-hans"
