"""A browser without a screen: addresses, cookies, forms, and how long an answer took."""

from __future__ import annotations

import http.cookiejar
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from threading import Barrier
from typing import Final, cast

from lxml import html

from tests.factories import PASSWORD

_TIMEOUT: Final = 60.0  # seconds: that an answer is late shall be seen, not cut off


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    headers: Message
    seconds: float
    address: str  # after redirects


class Browser:
    """Signed in as nobody until ``sign_in``; each has its own cookies."""

    def __init__(self, site: str, language: str = "en") -> None:
        self.site = site
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self._language = language

    def get(self, path: str) -> Answer:
        return self._send(urllib.request.Request(self.site + path))

    def form(self, path: str) -> dict[str, str]:
        """What the page's own form holds."""
        return self.forms(path)[path]

    def forms(self, path: str) -> dict[str, dict[str, str]]:
        """What the forms on that page hold, by where they are posted: of several, the first."""
        page = cast("html.HtmlElement", html.document_fromstring(self.get(path).text))
        fields_of_forms: dict[str, dict[str, str]] = {}
        for form in page.forms:
            if form.method == "POST":
                held = {name: str(value) for name, value in form.form_values()}
                fields_of_forms.setdefault(form.action or path, held)
        return fields_of_forms

    def post(self, path: str, fields: Mapping[str, str], *, by_htmx: bool = False) -> Answer:
        sent = {"csrfmiddlewaretoken": self._token(), **fields}
        data = urllib.parse.urlencode(sent).encode()
        headers = {"Referer": self.site + path}
        if by_htmx:
            headers["HX-Request"] = "true"
        return self._send(urllib.request.Request(self.site + path, data, headers))

    def sign_in(self, username: str) -> Browser:
        self.get("/accounts/login/")
        self.post("/i18n/setlang/", {"language": self._language})
        answer = self.post("/accounts/login/", {"username": username, "password": PASSWORD})
        assert "sessionid" in {cookie.name for cookie in self._cookies}, answer.status
        return self

    def cookie_header(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)

    def _token(self) -> str:
        return next(
            (cookie.value or "" for cookie in self._cookies if cookie.name == "csrftoken"), ""
        )

    def _send(self, request: urllib.request.Request) -> Answer:
        began = time.monotonic()
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as got:
                status, body, headers = got.status, got.read(), got.headers
                address = got.url
        except urllib.error.HTTPError as error:
            with error:
                status, body, headers = error.code, error.read(), error.headers
                address = error.url or ""
        text = body.decode("utf-8", "replace")
        return Answer(status, text, headers, time.monotonic() - began, address)


def at_once(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """What each answered; none begins before all are there."""
    barrier = Barrier(len(calls))

    def when_all_are_there(call: Callable[[], Answer]) -> Answer:
        barrier.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(when_all_are_there, calls))
