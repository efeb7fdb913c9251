"""A browser before the running site: what the tests of whole flows ask for.

They run where a Chromium is (Debian's, or ``CHROMIUM``), and are skipped elsewhere, saying so.
The site runs in this process, on the database of the test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Personas
from tests.e2e.chromium import CHROMIUM, FLAGS, WIDE

# A refused form, an ended session or a dead line is no fault of the page's code.
EXPECTED: Final = ("Failed to load resource", "Response Status Error Code", "htmx:")

# In ms. Pages answer in some 50; a busy machine is no fault of theirs either.
TIMEOUT: Final = 20_000
expect.set_options(timeout=TIMEOUT)

# Playwright's own event loop runs in this thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"no browser: {CHROMIUM} is not there")
    return {"executable_path": CHROMIUM, "args": list(FLAGS)}


@dataclass  # no slots: Playwright hangs something of its own on the handler's object
class Site:
    """Opens pages of the running site as a persona."""

    address: str
    browser: Browser
    personas: Personas
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)  # of the browser: errors, CSP violations

    def context(self, name: str, **options: Any) -> BrowserContext:
        """A browser of that persona (``"anonymous"`` for nobody); ``options`` are Playwright's.

        It reads Chinese, as the team does; with ``locale="en"`` its reader chose English.
        """
        options = {"viewport": WIDE, "locale": "zh-CN", "base_url": self.address} | options
        context = self.browser.new_context(**options)
        context.set_default_timeout(TIMEOUT)
        client = self.personas.client(name)
        if session := client.cookies.get(settings.SESSION_COOKIE_NAME):
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.value}
            context.add_cookies([{**cookie, "url": self.address}])  # type: ignore[typeddict-item]
        if options["locale"] == "en":
            chosen = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": self.address}
            context.add_cookies([chosen])  # type: ignore[list-item]  # as above
        self.contexts.append(context)
        return context

    def page(self, name: str, path: str = "", **options: Any) -> Page:
        """A page of a new browser of that persona, at that path of the site."""
        page = self.context(name, **options).new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if path:
            page.goto(path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)


@pytest.fixture
def site(live_server: LiveServer, personas: Personas, browser: Browser) -> Iterator[Site]:
    """The running site with its personas. Whatever the browser complained of fails the test."""
    site = Site(live_server.url, browser, personas)
    yield site
    for context in site.contexts:
        context.close()
    assert not site.complaints


@dataclass(slots=True)
class Hand:
    """Uses a page and counts: each click and each key chord is one interaction, typing is none."""

    page: Page
    interactions: int = 0

    def click(self, selector: str) -> None:
        self.interactions += 1
        self.page.click(selector)

    def press(self, keys: str) -> None:
        self.interactions += 1
        self.page.keyboard.press(keys)

    def type(self, text: str) -> None:
        """Into whatever has the cursor."""
        self.page.keyboard.insert_text(text)

    def open(self, path: str) -> None:
        """A link of a mail, clicked."""
        self.interactions += 1
        self.page.goto(path)


@pytest.fixture
def hand() -> Callable[[Page], Hand]:
    return Hand
