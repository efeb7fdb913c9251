"""Slow bodies and half-sent headers, at the proxy and at the bare web: pages answer meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.machine.machine import Machine
from tests.machine.parts.engines import PartMissing
from tests.machine.parts.processes import wait_until
from tests.machine.parts.proxy import Proxy

BODIES: Final = 200
HEADS: Final = 300
WITHIN: Final = 1.0  # seconds

_TLS: Final = ssl.create_default_context()
_TLS.check_hostname, _TLS.verify_mode = False, ssl.CERT_NONE

_HEAD: Final = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_FORM: Final = (
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\na="
)


@pytest.fixture
def proxy(machine: Machine) -> Iterator[Proxy]:
    static = Path(machine.env["VAR_DIR"]) / "static"
    try:
        proxy = Proxy(machine.folder / "proxy", web=machine.port, static=static)
    except PartMissing as missing:
        pytest.skip(f"no proxy to try: {missing}")
    proxy.part.start()
    try:
        wait_until("nginx listens", lambda: _can_connect(proxy.port))
        yield proxy
    finally:
        proxy.part.kill()


def _can_connect(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextmanager
def slow_senders(port: int, *, tls: bool) -> Iterator[None]:
    with ExitStack() as lines:
        for number in range(BODIES + HEADS):
            line: socket.socket = lines.enter_context(socket.create_connection(("127.0.0.1", port)))
            if tls:
                line = lines.enter_context(_TLS.wrap_socket(line))
            line.sendall(_HEAD + _FORM if number < BODIES else _HEAD)
        yield


def slowest(port: int, paths: list[str], cookie: str, *, tls: bool) -> float:
    """Seconds; each page by a connection of its own, as who comes anew."""
    seconds = []
    for path in paths:
        line = (
            http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=_TLS)
            if tls
            else http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        )
        began = time.monotonic()
        with contextlib.closing(line):
            line.request("GET", path, headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
        assert answer.status == 200, path
        seconds.append(time.monotonic() - began)
    return max(seconds)


def test_pages_answer_while_hundreds_send_slowly(
    machine: Machine, proxy: Proxy, figure: Callable[[str], None]
) -> None:
    made = machine.inside("team", slug="slow", projects=3)
    cookie = machine.browser("slow-manager").cookie_header()
    pages = [
        "/accounts/login/?next=/health/",
        "/health/",
        "/t/slow/",
        "/t/slow/checkin/",
        f"/t/slow/weeks/{made['label']}/draft/",
        "/t/slow/projects/",
    ]
    for name, port, tls in (("nginx", proxy.port, True), ("bare web", machine.port, False)):
        slowest(port, pages[1:], cookie, tls=tls)  # compiles the page, fills caches
        with slow_senders(port, tls=tls):
            seconds = slowest(port, pages[1:], cookie, tls=tls)
            assert slowest(port, pages[:1], "", tls=tls) < WITHIN
        assert seconds < WITHIN, name
        figure(
            f"{BODIES} slow bodies and {HEADS} half-sent headers at the {name}: "
            f"slowest of {len(pages)} pages {seconds:.2f} s"
        )


def test_the_proxy_serves_static_files_limits_bodies_and_leads_to_https(
    machine: Machine, proxy: Proxy
) -> None:
    static = Path(machine.env["VAR_DIR"]) / "static"
    style = next(static.glob("css/*.*.css"))
    line = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=20, context=_TLS)
    with contextlib.closing(line):
        line.request("GET", f"/static/{style.relative_to(static)}")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, style.read_bytes())
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith("text/css")
        line.request("POST", "/accounts/login/", b"x" * (5 * 2**20))
        answer = line.getresponse()
        assert (answer.status, "未保存" in answer.read().decode()) == (413, True)
    plain = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=20)
    with contextlib.closing(plain):
        plain.request("GET", "/t/slow/?a=1")
        answer = plain.getresponse()
        assert (answer.status, answer.headers["Location"]) == (308, "https://127.0.0.1/t/slow/?a=1")
    machine.web.kill()
    line = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=20, context=_TLS)
    with contextlib.closing(line):
        line.request("GET", "/health/")
        answer = line.getresponse()
        assert (answer.status, "暂时不可用" in answer.read().decode()) == (503, True)
