"""What the browser tests of forms do and look for again and again. The reader reads English."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.e2e.chromium import PHONE
from tests.e2e.looks import looks_well
from tests.factories import PASSWORD

ENGLISH: Final[dict[str, Any]] = {"locale": "en"}
PLAIN_PHONE: Final[dict[str, Any]] = {"viewport": PHONE, "java_script_enabled": False}
HOSTILE: Final = "<script>alert(1)</script>"


def press(page: Page, name: str) -> None:
    """The main button of that name."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def without_limit(page: Page) -> None:
    """As a script sends it that knows nothing of the form's ``maxlength``."""
    page.locator("form [maxlength]").evaluate_all(
        "fields => fields.forEach(field => field.removeAttribute('maxlength'))"
    )


def as_text(page: Page) -> None:
    """As a browser without number fields, so that anything can be typed."""
    without_limit(page)
    page.locator("form input[inputmode]").evaluate_all(
        "fields => fields.forEach(field => { const value = field.getAttribute('value');"
        " field.type = 'text'; field.value = value ?? '' })"
    )


def marked(page: Page, name: str, typed: str) -> None:
    """The field came back as wrong, with what was typed, on a page that is easy to use."""
    field = page.locator(f"main [name={name}]")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == typed
    looks_well(page)
