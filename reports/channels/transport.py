"""The one place that makes an HTTP request.

It connects to the very address that was checked, whatever the name server says a moment later,
follows no redirect, reads no long answer and waits for no slow one. What goes wrong is told
without the address: not even an exception's context holds it.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from typing import Final

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util import Timeout

from reports.channels import addresses
from reports.channels.addresses import Address, Allowed, Endpoint
from reports.vendors.message import Answer, Outgoing, Rejected, Unreachable, Why

CONNECTING: Final = 5.0  # seconds, for each address that is tried
READING: Final = 10.0  # seconds, for the answer as a whole
LARGEST_ANSWER: Final = 64 * 1024  # bytes
_ATTEMPTED: Final = 2  # addresses of one host


def send(outgoing: Outgoing, kind: str, allowed: Allowed) -> Answer:
    """Post it and read the answer, whatever its status. Raises ``Rejected`` and ``Unreachable``."""
    try:
        endpoint = addresses.parsed(outgoing.address, kind, allowed)
        resolved = addresses.resolved(endpoint, allowed)
    except addresses.Forbidden as forbidden:
        raise Rejected(Why.FORBIDDEN_ADDRESS, str(forbidden)) from None
    except addresses.UnknownHost:
        raise Unreachable(Why.UNKNOWN_HOST) from None
    connection = _connected(endpoint, resolved[:_ATTEMPTED])
    try:
        return _exchange(connection, endpoint, outgoing)
    finally:
        connection.close()


def _connected(endpoint: Endpoint, resolved: list[Address]) -> HTTPConnection:
    failure = Unreachable(Why.NO_CONNECTION)
    for address in resolved:
        connection = _connection(endpoint, address)
        why = _failure_to_connect(connection)
        if why is None:
            return connection
        connection.close()
        failure = Unreachable(why)
    raise failure


def _connection(endpoint: Endpoint, address: Address) -> HTTPConnection:
    """To that IP address; the certificate must nevertheless be that of the host."""
    timeout = Timeout(connect=CONNECTING, read=READING).connect_timeout
    if not endpoint.is_https:
        return HTTPConnection(str(address), endpoint.port, timeout=timeout)
    return HTTPSConnection(
        str(address),
        endpoint.port,
        timeout=timeout,
        server_hostname=endpoint.host,  # which the context then compares with the certificate
        cert_reqs=ssl.CERT_REQUIRED,
        ssl_context=ssl.create_default_context(),
    )


def _failure_to_connect(connection: HTTPConnection) -> Why | None:
    try:
        connection.connect()
    except ssl.SSLError:
        return Why.UNTRUSTED
    except NewConnectionError:  # refused, no route; for urllib3 a kind of timeout
        return Why.NO_CONNECTION
    except (ConnectTimeoutError, TimeoutError):
        return Why.TIMEOUT
    except (HTTPError, OSError):
        return Why.NO_CONNECTION
    return None


def _exchange(connection: HTTPConnection, endpoint: Endpoint, outgoing: Outgoing) -> Answer:
    headers = {
        "Host": endpoint.header,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "OKR-Tracker",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # nothing that a few bytes could blow up
        **outgoing.headers,
    }
    with _deadline(connection) as is_over:
        try:
            connection.request(
                "POST",
                endpoint.target,
                body=outgoing.body,
                headers=headers,
                preload_content=False,
                decode_content=False,
            )
            with closing(connection.getresponse()) as response:
                body = _beginning(response)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            slow = is_over.is_set() or isinstance(error, TimeoutError)
            raise Unreachable(Why.TIMEOUT if slow else Why.NO_CONNECTION) from None
    if is_over.is_set():  # cut short, the answer may look complete
        raise Unreachable(Why.TIMEOUT)
    if len(body) > LARGEST_ANSWER:
        raise Rejected(Why.HUGE_ANSWER)
    return Answer(response.status, body)


def _beginning(response: BaseHTTPResponse) -> bytes:
    """The body, or a byte more of it than is read. One that breaks off raises an ``HTTPError``."""
    body = b""
    while len(body) <= LARGEST_ANSWER:
        read = response.read(LARGEST_ANSWER + 1 - len(body), decode_content=False)
        if not read:  # only this read finds out that something is missing
            break
        body += read
    return body


@contextmanager
def _deadline(connection: HTTPConnection) -> Iterator[threading.Event]:
    """Hangs up when the time is over: a socket's own timeout begins anew with every byte."""
    is_over = threading.Event()
    sock = connection.sock
    if sock is not None:
        sock.settimeout(READING)

    def hang_up() -> None:
        is_over.set()
        if sock is not None:
            with suppress(OSError):  # closed by now
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(READING, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
