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
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Personas
from tests.e2e.chromium import CHROMIUM, FLAGS, WIDE
from tests.e2e.looks import AXE_ADDRESS, axe_script

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
class Tab:
    """A page in a browser context of its own, used by one test after another.

    Making one takes longer than most tests need; the page, its renderer and the compiled scripts
    are kept, and everything that a test leaves behind is taken away by ``reset``.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)  # errors, CSP violations, dialogs

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._asked)
        self._devtools = self.page.context.new_cdp_session(self.page)

    def reset(self, address: str) -> None:
        context = self.page.context
        for other in context.pages:
            if other is not self.page:
                other.close()
        context.set_offline(True)  # what the page still wants to save must not reach the next test
        self.page.goto("about:blank")
        context.clear_cookies()
        context.set_offline(False)
        self.page.emulate_media(color_scheme="null", media="null")
        everything = {"origin": address, "storageTypes": "all"}
        self._devtools.send("Storage.clearDataForOrigin", everything)
        self._devtools.send("Page.resetNavigationHistory")
        self.complaints = []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)

    def _asked(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.complaints.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()


type Kind = tuple[tuple[str, object], ...]  # Playwright's options of a context


class Tabs:
    """Those of one browser that no test is using."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[Kind, list[Tab]] = {}

    def take(self, options: dict[str, Any]) -> Tab:
        idle = self._idle.get(_kind(options))
        return idle.pop() if idle else self.make(options)

    def make(self, options: dict[str, Any]) -> Tab:
        context = self._browser.new_context(**options)
        context.set_default_timeout(TIMEOUT)
        return Tab(context.new_page())

    def give_back(self, tab: Tab, options: dict[str, Any], address: str) -> None:
        if tab.page.is_closed():
            return
        tab.reset(address)
        self._idle.setdefault(_kind(options), []).append(tab)


def _kind(options: dict[str, Any]) -> Kind:
    return tuple(sorted(options.items()))


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


@dataclass
class Site:
    """Opens pages of the running site as a persona."""

    address: str
    tabs: Tabs
    personas: Personas
    _used: list[tuple[Tab, dict[str, Any], bool]] = field(default_factory=list)

    def page(
        self,
        name: str,
        path: str = "",
        *,
        viewport: ViewportSize = WIDE,
        is_changed: bool = False,
        **options: Any,
    ) -> Page:
        """A page of a browser of that persona's own (``"anonymous"`` for nobody), at that path.

        It reads Chinese, as the team does; with ``locale="en"`` its reader chose English.
        ``options`` are Playwright's, for a context. With ``is_changed`` the test puts something
        into the browser that cannot be taken out again (routes, a clock, listeners): no other test
        gets it then.
        """
        options = {"locale": "zh-CN", "base_url": self.address} | options
        tab = self.tabs.make(options) if is_changed else self.tabs.take(options)
        self._used.append((tab, options, is_changed))
        page = tab.page
        page.set_viewport_size(viewport)
        self.sign_in(page, name)
        if options["locale"] == "en":
            self._add_cookie(page, settings.LANGUAGE_COOKIE_NAME, "en")
        if path:
            page.goto(path)
        return page

    def sign_in(self, page: Page, name: str) -> None:
        """From now on that persona uses the page."""
        client = self.personas.client(name)
        if session := client.cookies.get(settings.SESSION_COOKIE_NAME):
            self._add_cookie(page, settings.SESSION_COOKIE_NAME, session.value)

    def _add_cookie(self, page: Page, name: str, value: str) -> None:
        page.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def leave(self) -> list[str]:
        """Give all browsers back; what they complained of."""
        complaints = [text for tab, _, _ in self._used for text in tab.complaints]
        for tab, options, is_changed in self._used:
            if is_changed:
                tab.page.context.close()
            else:
                self.tabs.give_back(tab, options, self.address)
        return complaints


@pytest.fixture(scope="session")
def static_files_stay() -> Iterator[None]:
    """Browsers ask for a static file once, as in production, where its name has a hash.

    axe-core, with which pages are looked at, is served as one of them.
    """
    serve = StaticFilesHandler.serve

    def serve_to_stay(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response = axe_script() if request.path == AXE_ADDRESS else serve(handler, request)
        patch_cache_control(response, max_age=3600, immutable=True)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_stay)
        yield


@pytest.fixture
def site(
    static_files_stay: None, live_server: LiveServer, personas: Personas, tabs: Tabs
) -> Iterator[Site]:
    """The running site with its personas. Whatever the browser complained of fails the test."""
    site = Site(live_server.url, tabs, personas)
    yield site
    assert not site.leave()


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
