"""The environ of WSGI (PEP 3333) for a request that granian hands over by RSGI."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Final, Protocol

_FIXED: Final[dict[str, Any]] = {
    "SCRIPT_NAME": "",
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_UNPREFIXED: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Headers(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class Scope(Protocol):
    """The part of granian's ``Scope`` that is used here."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Headers


def environ_of(scope: Scope) -> dict[str, Any]:
    """All but ``wsgi.input``; unlike in granian's own, no variable of the process is in it."""
    environ = dict(_FIXED)
    # A header whose name has an underscore would be taken for one with a hyphen, which a proxy
    # has set or removed: it is dropped, as nginx does.
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = _UNPREFIXED.get(name) or f"HTTP_{name.replace('-', '_').upper()}"
        joint = ";" if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    server, _, port = scope.server.rpartition(":")
    return environ | {
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
    }
