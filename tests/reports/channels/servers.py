"""A server on this machine that answers one way, and keeps what it was sent."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

type Say = Callable[[socket.socket, threading.Event], None]

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"code":0}'


@dataclass
class Heard:
    """A server's port, and each request that came in, as bytes."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/okr?key=0f9e8d7c"


def says(answer: bytes) -> Say:
    return lambda connection, _over: connection.sendall(answer)


def status(line: str, *headers: str, body: bytes = b"") -> Say:
    head = [f"HTTP/1.1 {line}", f"Content-Length: {len(body)}", *headers]
    return says("\r\n".join([*head, "", ""]).encode() + body)


@contextmanager
def server(say: Say, context: ssl.SSLContext | None = None) -> Iterator[Heard]:
    """It reads a request, then ``say`` says what it likes until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        heard = Heard(listening.getsockname()[1])
        args = (listening, heard, say, over, context)
        thread = threading.Thread(target=_serve, args=args, daemon=True)
        thread.start()
        try:
            yield heard
        finally:
            over.set()
            # Wakes it, should nobody have called.
            socket.create_connection(("127.0.0.1", heard.port), timeout=5).close()
            thread.join(10)
            assert not thread.is_alive()


def _serve(
    listening: socket.socket,
    heard: Heard,
    say: Say,
    over: threading.Event,
    context: ssl.SSLContext | None,
) -> None:
    while not over.is_set():
        connection, _ = listening.accept()
        if over.is_set():
            connection.close()
            return
        try:
            connection.settimeout(10)
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            heard.requests.append(_read(connection))
            say(connection, over)
        except OSError:
            pass  # the client hung up: what many of these tests are about
        finally:
            connection.close()


def _read(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    (length,) = (
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    read = connection.recv(65536)
    if not read:
        raise ConnectionAbortedError
    return read


def certificate(folder: Path, host: str) -> Path:
    """A certificate of that host, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "host.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(encoding)
    )
    return file


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def context_of(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
