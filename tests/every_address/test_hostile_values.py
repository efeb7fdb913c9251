"""No parameter, no field and no part of an address makes a page fail, whatever it holds.

Every address is asked with hostile values: in its query, in each field of the forms that stand on
its page, in the fields that its view is known to read, and in the text parts of its path. The
answer is never a 500 and never a template or database error. A few requests have a value in each
place, the same ones on every run. ``HOSTILE=all`` tries every value in every place, and in those
that the view reads also by itself, because a value that is refused may hide the others.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils.datastructures import MultiValueDict

from reports.pages import live
from tests.addresses import WHO, Pattern, path_of, patterns
from tests.conftest import english_client, make_personas
from tests.every_address.test_authorisation import session_of, values_of
from tests.factories import NOW, WEEK
from tests.html import elements
from tests.tables import each_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PATTERNS: Final = sorted(patterns(), key=lambda pattern: pattern.name)
TRIES_ALL: Final = os.environ.get("HOSTILE") == "all"
VALUES: Final = (
    "",
    " ",
    "\0",
    "x\0y",
    "-1",
    "0",
    "9" * 30,
    "1e999",
    "NaN",
    "Infinity",
    "٣",
    "²",
    "１２．５",
    "0x10",
    "1,5",
    "9999-12-31",
    "0001-01-01",
    "2024-02-30",
    "0000-W99",
    "9999-W53",
    "24:61",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% now %}",
    "' OR 1=1 --",
    "%00%s%n%(x)s",
    "../../etc/passwd",
    "//evil.example.com/",
    "javascript:alert(1)",
    "\u202e\u200b\ufeff",
    "\U0001f469\u200d\U0001f4bb" * 20,
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "a\r\nSet-Cookie: x=1",
    "长" * 5_000,
    "[1, {}]",
    "null",
    "true",
    "9" * 5_000,
    "[" * 5_000,
    '{"a":' * 2_000,
    '{"text": "\\ud800\\u0000", "name": "\\udfff"}',
    '{"revision": ' + "9" * 5_000 + "}",
    "-" + "9" * 20,
    "9223372036854775808",
    "99999999999",
)
HUGE_KEYS: Final = (
    "0",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 20,
    "9" * 5_000,
)
COOKIES: Final = (settings.SESSION_COOKIE_NAME, "csrftoken", "django_language", "messages")
HEADERS: Final = (
    *("HX-Current-URL", "HX-Request", "HX-Trigger", "HX-Target", "HX-Boosted", "Referer", "Origin"),
    *(
        "Accept-Language",
        "Accept",
        "If-None-Match",
        "If-Modified-Since",
        "User-Agent",
        "Content-Type",
    ),
    *("Sec-Fetch-Mode", "X-Forwarded-For", "X-CSRFToken", "Range"),
)
HEADER_VALUES: Final = (
    *VALUES,
    "http://[::",
    "http://[",
    "http://testserver:99999999/",
    "\ud800",
    "http://a\0b/",
)
# Names that views read from a query or a form without a field on their page; in all addresses.
QUERY_NAMES: Final = (
    *("next", "page", "entries", "changes", "q", "sort", "text", "objective", "health", "stage"),
    *("lead", "stale", "columns", "size", "against", "of", "week", "edition", "state", "from"),
    *("cycle", "kind", "field", "other", "at", "show", "lang", "number"),
)
POST_NAMES: Final = ("percent", "value", "name", "reason", "text", "role", "steps", "opened")
# Parts of a path that are texts; others are numbers, which the URL pattern checks.
TEXTS: Final = {
    *("team", "token", "reason", "address", "subscription", "confirmation", "label"),
    *("ending", "spreadsheet", "field", "key"),
}
# All values take long enough to be shared out to several processes.
each_case = pytest.mark.parametrize if TRIES_ALL else each_row
# Requests an address and method, when not all values are tried.
IS_CI: Final = os.environ.get("HYPOTHESIS_PROFILE") == "ci"
FEW: Final = 2 if IS_CI else 1
# Of the values for a cookie, a header or a draft, every so many-th.
SOME: Final = VALUES if TRIES_ALL else VALUES[2 :: 5 if IS_CI else 9]
NTH_HEADER: Final = 9 if IS_CI else 15


# Method, address and names of what was asked.
ASKED: Final[set[tuple[str, str, frozenset[str]]]] = set()


@dataclass(frozen=True, slots=True)
class World:
    """A team with one thing of each kind, and a session of its manager."""

    values: dict[str, object]
    session: str


@pytest.fixture(scope="module")
def world(module_rows: None) -> World:
    with time_machine.travel(NOW, tick=False):
        personas = make_personas()
        values = values_of(personas.team, personas.project, personas.manager)
        live.compile_page(personas.team, WEEK)  # or each request would compile it
        return World(values, session_of(personas, "manager"))


@pytest.fixture
def client(world: World) -> Client:
    """A browser of the manager."""
    client = english_client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.session
    return client


def hostile(path: str, fields: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A value in every field, a few times or until each field had each value."""
    for number in range(len(VALUES) if TRIES_ALL else FEW):
        first = number if TRIES_ALL else zlib.crc32(f"{number} {path}".encode())
        yield {name: VALUES[(first + place * 7) % len(VALUES)] for place, name in enumerate(fields)}


def methods_of(pattern: Pattern) -> list[str]:
    """Those that the view has; where all values are tried, also those that it refuses."""
    who = WHO[pattern.name]
    pairs = (("GET", who.reads), ("POST", who.writes))
    return [method for method, personas in pairs if personas or TRIES_ALL]


def ask_all(client: Client, method: str, path: str, fields: Mapping[str, str]) -> None:
    """Ask with hostile values in the fields. A form that stands on many pages is asked once.

    Where all values are tried, also with the fields as they stand, as other tests do, and with each
    value in each field that is then read.
    """
    if (method, path, frozenset(fields)) in ASKED:
        return
    ASKED.add((method, path, frozenset(fields)))
    if not TRIES_ALL:
        for data in hostile(f"{method} {path}", fields):
            ask(client, method, path, data)
        return
    with names_read() as names:
        ask(client, method, path, dict(fields))
        for data in hostile(f"{method} {path}", fields):
            ask(client, method, path, data)
    for name in sorted(names & fields.keys()):
        for value in VALUES:
            ask(client, method, path, {**fields, name: value})


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are read from queries and forms meanwhile."""
    names: set[str] = set()
    read_last, read_all = MultiValueDict.__getitem__, MultiValueDict._getlist  # type: ignore[attr-defined]  # not in the stubs

    def noted(read: Callable[..., Any]) -> Callable[..., Any]:
        def get(values: MultiValueDict[str, Any], name: str, *args: Any, **kwargs: Any) -> Any:
            names.add(name)
            return read(values, name, *args, **kwargs)

        return get

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MultiValueDict, "__getitem__", noted(read_last))
        patch.setattr(MultiValueDict, "_getlist", noted(read_all))
        yield names


def ask(client: Client, method: str, path: str, data: dict[str, Any]) -> None:
    """Nothing is left of the request: no row, and not the cookies of the answer to a log-out."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        send = client.get if method == "GET" else client.post
        response = send(path, data)
        content = b"".join(response) if response.streaming else response.content
        assert response.status_code < 500, (method, path, data)
        assert b"undefined template variable" not in content
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)


def fields_of_forms(page: str, path: str) -> dict[str, dict[str, str]]:
    """By address that a form on the page is posted to: its fields, as they stand."""
    forms: dict[str, dict[str, str]] = {}
    for form in elements(page, "form[method=post]"):
        fields = forms.setdefault(str(form.get("action") or path), {})
        for field in form.select("[name]"):
            shown = field.get("value") or field.get_text()
            fields.setdefault(str(field["name"]), str(shown))
    return forms


def queries_of(page: str, path: str) -> dict[str, str]:
    """The names that the page's own forms and links put into its query, with nothing in them."""
    fields = {str(field["name"]) for field in elements(page, "form:not([method=post]) [name]")}
    for link in elements(page, "a[href*='?'], [hx-get*='?']"):
        address = urlsplit(str(link.get("href") or link.get("hx-get")))
        if address.path in ("", path):
            fields |= set(parse_qs(address.query, keep_blank_values=True))
    return dict.fromkeys(sorted(fields), "")


@each_case("pattern", PATTERNS)
def test_no_value_makes_a_page_fail(world: World, client: Client, pattern: Pattern) -> None:
    path, who = path_of(pattern, world.values), WHO[pattern.name]
    if who.reads:
        response, query = client.get(path), dict.fromkeys(QUERY_NAMES, "")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            page = response.content.decode()
            for address, fields in fields_of_forms(page, path).items():
                ask_all(client, "POST", address, fields)
            query |= queries_of(page, path)
        ask_all(client, "GET", path, query)
    if who.writes:
        ask_all(client, "POST", path, dict.fromkeys(POST_NAMES, ""))


@each_case("pattern", [pattern for pattern in PATTERNS if TEXTS & pattern.parameters])
def test_no_part_of_a_path_makes_a_page_fail(
    world: World, client: Client, pattern: Pattern
) -> None:
    path = path_of(pattern, world.values)
    for name in sorted(TEXTS & pattern.parameters):
        part = quote(str(world.values[name]), safe="")
        for value in VALUES if TRIES_ALL else (VALUES[zlib.crc32(path.encode()) % len(VALUES)],):
            for method in methods_of(pattern):
                ask(client, method, path.replace(f"/{part}", f"/{quote(value, safe='')}", 1), {})


@each_case("pattern", [pattern for pattern in PATTERNS if pattern.parameters - TEXTS])
def test_no_number_in_a_path_makes_a_page_fail(
    world: World, client: Client, pattern: Pattern
) -> None:
    for name in sorted(pattern.parameters - TEXTS):
        keys = HUGE_KEYS if TRIES_ALL else (HUGE_KEYS[zlib.crc32(pattern.name.encode()) % 6],)
        for key in keys:
            for method in methods_of(pattern):
                ask(client, method, path_with(pattern, world, name, key), {})


def path_with(pattern: Pattern, world: World, name: str, key: str) -> str:
    """The address with that number in the place of one of its own."""
    number = "4711471147"
    return path_of(pattern, {**world.values, name: int(number)}).replace(number, key)


@each_case("cookie", COOKIES)
def test_no_cookie_makes_a_page_fail(client: Client, cookie: str) -> None:
    cookies = dict(client.cookies)
    for value in SOME:
        client.cookies[cookie] = ""
        sent = value.encode(errors="replace").decode("latin-1")  # bytes, as a server hands them on
        client.cookies[cookie].set(cookie, sent, sent)  # nothing quoted, as a browser would
        ask(client, "GET", "/t/pay/", {})
    client.cookies.clear()
    client.cookies.update(cookies)


@each_case("header", HEADERS)
def test_no_header_makes_a_page_fail(world: World, client: Client, header: str) -> None:
    name = header.upper().replace("-", "_")
    key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
    pages = ("/t/pay/", "/t/pay/weeks/2024-W25/", "/t/pay/checkin/", "/t/pay/projects/")
    for number, value in enumerate(HEADER_VALUES):
        if not TRIES_ALL and (number + zlib.crc32(header.encode())) % NTH_HEADER:
            continue
        shown = ({"HTTP_HX_REQUEST": "true"} if number % 2 else {}) | {key: value}
        with transaction.atomic():
            for method in ("GET", "POST"):
                for page in pages if TRIES_ALL else pages[number % 4 :][:1]:
                    response = client.generic(method, page, **shown)  # type: ignore[arg-type]
                    assert response.status_code < 500, (header, value, page)
            transaction.set_rollback(True)


@each_case("value", SOME)
def test_whatever_stands_in_a_draft_can_be_opened_again(
    world: World, client: Client, value: str
) -> None:
    page = f"/t/pay/projects/{world.values['project_id']}/checkin/"
    content = client.get(page).content.decode()
    fields = {name for form in fields_of_forms(content, page).values() for name in form}
    with transaction.atomic():
        for data in (dict.fromkeys(fields, value), {name: [value, value] for name in fields}):
            assert client.post(f"{page}draft/", data).status_code < 500
            for address in (page, "/t/pay/checkin/", "/t/pay/"):
                assert client.get(address).status_code < 500, (address, value)
        transaction.set_rollback(True)


def test_every_text_part_of_a_path_is_tried() -> None:
    assert {name for pattern in PATTERNS for name in pattern.parameters} >= TEXTS
