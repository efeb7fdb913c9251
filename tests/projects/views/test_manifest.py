from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from tests.conftest import Personas
from tests.html import attribute, elements

PAGE = "/accounts/login/"


def manifest_of(response: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(response.content)
    return content


@pytest.mark.django_db
def test_every_page_links_the_manifest_of_its_language(client: Client) -> None:
    for language, lang in (("en", "en"), ("zh-hans", "zh-Hans")):
        client.cookies["django_language"] = language
        address = attribute(client.get(PAGE), 'link[rel="manifest"]', "href")
        response = client.get(address)
        assert response["Content-Type"] == "application/manifest+json"
        assert manifest_of(response)["lang"] == lang


def test_icon_is_found_under_the_name_that_browsers_guess(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Cache-Control"]) == (302, "public, max-age=3600")
    assert finders.find(response["Location"].removeprefix("/static/"))
    assert not response.cookies


def test_manifest_needs_no_session_and_may_be_cached(client: Client) -> None:
    response = client.get("/manifest-en.webmanifest")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies


@pytest.mark.django_db
def test_there_is_no_manifest_of_another_language(client: Client) -> None:
    assert client.get("/manifest-fr.webmanifest").status_code == 404


def test_icons_are_as_large_as_the_manifest_says(client: Client) -> None:
    icons = manifest_of(client.get("/manifest-en.webmanifest"))["icons"]
    pictures = [icon for icon in icons if icon["type"] == "image/png"]
    for icon in pictures:
        path = finders.find(icon["src"].removeprefix("/static/"))
        with Image.open(str(path)) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in pictures}
    assert "maskable" in {icon["purpose"] for icon in pictures}


def test_pages_name_icons_and_both_colours_of_the_bar(personas: Personas) -> None:
    page = personas.client("viewer").get("/t/pay/")
    for link in elements(page, 'link[rel="icon"], link[rel="apple-touch-icon"]'):
        assert finders.find(str(link["href"]).removeprefix("/static/"))
    colours = {
        str(tag["media"]): tag["content"] for tag in elements(page, 'meta[name="theme-color"]')
    }
    assert colours == {
        "(prefers-color-scheme: light)": "#ffffff",
        "(prefers-color-scheme: dark)": "#11181f",
    }
