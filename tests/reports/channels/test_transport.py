"""The one HTTP request, against servers on this machine that mean well, or do not."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from pathlib import Path

import pytest

from reports.channels import transport
from reports.channels.addresses import Allowed
from reports.vendors.message import Answer, NotPosted, Outgoing, Rejected, Unreachable, Why
from tests.reports.channels.servers import OK, Say, certificate, context_of, says, server, status

HERE = Allowed(["127.0.0.1"])
HOST = "hooks.example.com"
BODY = '{"周报":1}'.encode()


def send(address: str, allowed: Allowed = HERE) -> Answer:
    outgoing = Outgoing(address, BODY, {"X-OKR-Delivery": "digest-1"})
    return transport.send(outgoing, "webhook", allowed)


def failure_of(address: str, allowed: Allowed = HERE) -> NotPosted:
    with pytest.raises(NotPosted) as failed:
        send(address, allowed)
    return failed.value


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READING", 0.3)


def test_it_posts_and_reads_the_answer() -> None:
    with server(says(OK)) as heard:
        assert send(heard.address) == Answer(200, b'{"code":0}')
    (request,) = heard.requests
    head, _, body = request.decode().partition("\r\n\r\n")
    assert body.encode() == BODY
    line, *headers = head.split("\r\n")
    assert line == "POST /okr?key=0f9e8d7c HTTP/1.1"
    assert f"Host: 127.0.0.1:{heard.port}" in headers
    assert "X-OKR-Delivery: digest-1" in headers
    assert "Content-Type: application/json; charset=utf-8" in headers
    assert "Accept-Encoding: identity" in headers


@pytest.mark.parametrize("code", [204, 302, 404, 500])
def test_every_status_is_an_answer(code: int) -> None:
    with server(status(f"{code} Whatever")) as heard:
        assert send(heard.address).status == code


def test_a_redirect_is_not_followed() -> None:
    with server(says(OK)) as other:
        lead_on = status("307 Temporary Redirect", f"Location: http://127.0.0.1:{other.port}/")
        with server(lead_on) as heard:
            assert send(heard.address).status == 307
    assert not other.requests
    assert len(heard.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        status("200 OK", body=b"x" * 200_000),
        says(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n" + b"x" * 200_000),
    ],
)
def test_a_huge_answer_is_not_read(answer: Say) -> None:
    with server(answer) as heard:
        failed = failure_of(heard.address)
    assert isinstance(failed, Rejected)
    assert failed.why is Why.HUGE_ANSWER


def test_a_compressed_answer_is_left_as_it_is() -> None:
    with server(status("200 OK", "Content-Encoding: gzip", body=b"\x1f\x8b")) as heard:
        assert send(heard.address).body == b"\x1f\x8b"


def silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait(10)


def dripping(connection: socket.socket, over: threading.Event) -> None:
    """A byte at a time, each well within any timeout of the socket: an answer without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b" ")


def dripping_headers(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.02):
        connection.sendall(b"X")


def dripping_to_the_end(connection: socket.socket, over: threading.Event) -> None:
    """No length is given: hung up upon, the answer looks complete."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")
    while not over.wait(0.02):
        connection.sendall(b" ")


@pytest.mark.parametrize("say", [silent, dripping, dripping_headers, dripping_to_the_end])
def test_a_slow_answer_is_not_waited_for(say: Say) -> None:
    began = time.monotonic()
    with server(say) as heard:
        failed = failure_of(heard.address)
    assert isinstance(failed, Unreachable)
    assert failed.why is Why.TIMEOUT
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer",
    [b"", b"220 mail.example.com ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"],
)
def test_answer_that_is_no_http_is_an_error(answer: bytes) -> None:
    with server(says(answer)) as heard:
        failed = failure_of(heard.address)
    assert isinstance(failed, Unreachable)
    assert failed.why is Why.NO_CONNECTION


def test_closed_port_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    failed = failure_of(f"http://127.0.0.1:{port}/okr")
    assert isinstance(failed, Unreachable)
    assert failed.why is Why.NO_CONNECTION


def test_forbidden_address_is_not_called() -> None:
    with server(says(OK)) as heard:
        failed = failure_of(heard.address, Allowed())
        assert failure_of(heard.address, Allowed(["127.0.0.1:1"])).why is Why.FORBIDDEN_ADDRESS
    assert isinstance(failed, Rejected)
    assert not heard.requests


def test_it_connects_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says another thing the second time (DNS rebinding) is not asked again."""
    real = socket.getaddrinfo
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *rest: object, **more: object) -> object:
        if host != HOST:
            return real(host, port, *rest, **more)  # type: ignore[arg-type]  # passed on as it came
        asked.append(host)
        answer = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with server(says(OK)) as heard:
        address = f"http://{HOST}:{heard.port}/okr"
        assert send(address, Allowed([HOST])).status == 200
    assert asked == [HOST]
    assert f"Host: {HOST}:{heard.port}".encode() in heard.requests[0]


def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host is this machine."""
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: object, **more: object) -> object:
        home = "127.0.0.1" if host == HOST else host
        return real(home, port, *rest, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("named", [HOST, "other.example.com", "127.0.0.1"])
def test_the_certificate_is_that_of_the_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, trusted: bool, named: str
) -> None:
    """Though the connection goes to an IP address; and one of that address alone will not do."""
    at_home(monkeypatch)
    file = certificate(tmp_path, named)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with server(says(OK), context_of(file)) as heard:
        address = f"https://{HOST}:{heard.port}/okr"
        if trusted and named == HOST:
            assert send(address, Allowed([HOST])).status == 200
            return
        failed = failure_of(address, Allowed([HOST]))
    assert isinstance(failed, Unreachable)
    assert failed.why is Why.UNTRUSTED
    assert not heard.requests


def test_no_error_holds_the_address() -> None:
    with server(silent) as heard, pytest.raises(NotPosted) as failed:
        send(heard.address)
    text = "".join(traceback.format_exception(failed.value))
    assert "0f9e8d7c" not in text
    assert failed.value.__cause__ is None
