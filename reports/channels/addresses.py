"""Which addresses a channel may have: none inside of the network that the server stands in.

Whoever may enter an address here could otherwise make the server talk to its neighbours: its
database, its cloud's metadata service, an intranet. So an address is checked twice: as it is
written (``parsed``), and each time before it is used, for every IP address that its name leads to
(``resolved``). ``CHANNEL_HOSTS_ALLOWED`` lists what may be internal nevertheless.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports import vendors

type Address = IPv4Address | IPv6Address

_LONGEST: Final = 2000
_SHORTEST_TOKEN: Final = 12  # shorter parts of a path are words
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")
# As browsers read it: a host whose last part is a number is an IPv4 address, however it is
# written (2130706433, 0x7f.1, 0177.0.0.1). Here only the usual way to write one is taken.
_NUMBER: Final = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")

# Ways to wrap an IPv4 address into an IPv6 one; none of them is an honest address of a chat.
_WRAPPED: Final = (
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("::/96"),
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
)


class Fault(StrEnum):
    """What is wrong with an address."""

    MALFORMED = "malformed"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    PORT = "port"
    INTERNAL = "internal"
    NOT_THE_VENDORS = "not_the_vendors"
    NOT_A_ROBOT = "not_a_robot"


_WORDS: Final[dict[Fault, Promise]] = {
    Fault.MALFORMED: _("The address must look like https://host/path."),
    Fault.NOT_HTTPS: _("The address must begin with https://."),
    Fault.CREDENTIALS: _("The address must not hold a user name or a password."),
    Fault.PORT: _("The address must not name a port other than 443."),
    Fault.INTERNAL: _("The address is inside of a network, or not one of the internet."),
    Fault.NOT_THE_VENDORS: _("The host is not the one of this kind of robot."),
    Fault.NOT_A_ROBOT: _("This is not the address of a group robot: copy all of it."),
}


class Forbidden(Exception):
    """Nothing is posted there. ``str`` says why in the active language, without the address."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

    def __str__(self) -> str:
        return str(_WORDS[self.fault])


class UnknownHost(Exception):
    """The name leads nowhere, for now."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that may be used, in its parts. The target (path and query) may be secret."""

    host: str  # lower case, ASCII, without a dot at its end; an IPv6 address without brackets
    port: int
    is_https: bool
    target: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_https else 80) else f"{host}:{self.port}"


class Allowed:
    """What ``CHANNEL_HOSTS_ALLOWED`` lists: ``host``, ``host:port``, IP addresses, networks.

    A host in the list, by name or by address, may be internal, have another port (the one that is
    listed with it, or any) and plain http, and may stand for a vendor's. A name that leads into
    a network of the list is not thereby in the list: only its addresses are.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._hosts: set[tuple[str, int | None]] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for entry in entries:
            written = entry.strip().lower()
            try:
                self._networks.append(ipaddress.ip_network(written, strict=False))
            except ValueError:
                host, port = _host_and_port(written)
                self._hosts.add((host, port))

    def host(self, host: str, port: int) -> bool:
        if (host, None) in self._hosts or (host, port) in self._hosts:
            return True
        address = _literal(host)
        return address is not None and self.address(address)

    def address(self, address: Address) -> bool:
        return any(
            address in network for network in self._networks if network.version == address.version
        )


def _host_and_port(written: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{written}")
        return (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise ImproperlyConfigured(f"CHANNEL_HOSTS_ALLOWED: {written!r} is no host") from None


def parsed(address: str, kind: str, allowed: Allowed) -> Endpoint:
    """The parts of an address as somebody wrote it. Raises ``Forbidden``; asks no name server."""
    parts, host, port = _split(address)
    is_known = allowed.host(host, port)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_known):
        raise Forbidden(Fault.NOT_HTTPS)
    if not is_known:
        if port != 443:
            raise Forbidden(Fault.PORT)
        literal = _literal(host)
        if (literal is None and "." not in host) or (literal and not is_public(literal)):
            raise Forbidden(Fault.INTERNAL)
    _check_robot(parts, host, kind, is_known=is_known)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(host, port, parts.scheme == "https", target)


def _split(address: str) -> tuple[SplitResult, str, int]:
    """An address with a host and a port that are what they seem. Raises ``Forbidden``."""
    if len(address) > _LONGEST or "\\" in address or not _VISIBLE.fullmatch(address):
        raise Forbidden(Fault.MALFORMED)
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        raise Forbidden(Fault.MALFORMED) from None
    if "@" in parts.netloc:
        raise Forbidden(Fault.CREDENTIALS)
    if parts.scheme not in ("http", "https") or port == 0 or not _is_host(host):
        raise Forbidden(Fault.MALFORMED)
    return parts, host, port or (443 if parts.scheme == "https" else 80)


def _is_host(host: str) -> bool:
    if _literal(host) is not None:
        return True
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    return not _NUMBER.fullmatch(labels[-1])


def _literal(host: str) -> Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    has_zone = isinstance(address, IPv6Address) and address.scope_id is not None
    return None if has_zone else address


def _check_robot(parts: SplitResult, host: str, kind: str, *, is_known: bool) -> None:
    vendor = vendors.VENDORS.get(kind)
    if vendor is None or not vendor.hosts or is_known:
        return
    if host not in vendor.hosts:
        raise Forbidden(Fault.NOT_THE_VENDORS)
    if not vendor.is_robot(parts):
        raise Forbidden(Fault.NOT_A_ROBOT)


def secret_parts(address: str) -> list[str]:
    """The address and what of it may let somebody else post: the values of its query, its path."""
    try:
        parts = urlsplit(address)
        values = [value for values in parse_qs(parts.query).values() for value in values]
    except ValueError:
        return [address]
    segments = [part for part in parts.path.split("/") if len(part) >= _SHORTEST_TOKEN]
    return [address, parts.query, *(value for value in values if value), *segments]


def is_public(address: Address) -> bool:
    """Whether it is one host of the internet: not private, shared, local, reserved or a group."""
    if isinstance(address, IPv6Address) and (
        address.is_site_local or any(address in network for network in _WRAPPED)
    ):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_private
        or address.is_unspecified
    )


def resolved(endpoint: Endpoint, allowed: Allowed) -> list[Address]:
    """Where the host is now, every address checked; connect to one of these and look no further.

    Raises ``Forbidden`` when a single one is not allowed, and ``UnknownHost``.
    """
    try:
        infos = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(info[4][0]) for info in infos]
    except (OSError, UnicodeError, ValueError):
        raise UnknownHost from None
    if not addresses:
        raise UnknownHost
    is_known = allowed.host(endpoint.host, endpoint.port)
    if not is_known and not all(
        is_public(address) or allowed.address(address) for address in addresses
    ):
        raise Forbidden(Fault.INTERNAL)
    return list(dict.fromkeys(addresses))
