"""No address that a manager enters makes the server talk to its own neighbours."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from reports.channels import addresses
from reports.channels.addresses import Allowed, Fault, Forbidden, UnknownHost, parsed, resolved
from tests.reports.vendors.examples import TOKEN
from tests.tables import each_row

NOTHING = Allowed()


def fault_of(address: str, kind: str = "webhook", allowed: Allowed = NOTHING) -> Fault | None:
    try:
        parsed(address, kind, allowed)
    except Forbidden as forbidden:
        return forbidden.fault
    return None


@each_row(
    ("address", "host", "target"),
    [
        ("https://hooks.example.com/okr", "hooks.example.com", "/okr"),
        ("https://HOOKS.Example.COM/Okr?a=B#c", "hooks.example.com", "/Okr?a=B"),
        ("https://hooks.example.com", "hooks.example.com", "/"),
        ("https://hooks.example.com:443?x=1", "hooks.example.com", "/?x=1"),
        ("https://hooks.example.com./okr", "hooks.example.com", "/okr"),
        ("https://8.8.8.8/okr", "8.8.8.8", "/okr"),
        ("https://[2606:4700::1111]/okr", "2606:4700::1111", "/okr"),
        ("https://xn--fiq228c.example/okr", "xn--fiq228c.example", "/okr"),
    ],
)
def test_an_address_of_the_internet(address: str, host: str, target: str) -> None:
    endpoint = parsed(address, "webhook", NOTHING)
    assert (endpoint.host, endpoint.port, endpoint.target) == (host, 443, target)
    assert endpoint.is_https


@each_row(
    ("address", "fault"),
    [
        # not https
        ("http://hooks.example.com/okr", Fault.NOT_HTTPS),
        ("ftp://hooks.example.com/okr", Fault.MALFORMED),
        ("file:///etc/passwd", Fault.MALFORMED),
        ("gopher://127.0.0.1:6379/_FLUSHALL", Fault.MALFORMED),
        ("javascript:alert(1)", Fault.MALFORMED),
        ("//hooks.example.com/okr", Fault.MALFORMED),
        ("hooks.example.com/okr", Fault.MALFORMED),
        ("https:hooks.example.com", Fault.MALFORMED),
        ("https://", Fault.MALFORMED),
        ("https:///okr", Fault.MALFORMED),
        # a host that is not what it seems
        ("https://user:password@hooks.example.com/", Fault.CREDENTIALS),
        ("https://hooks.example.com@127.0.0.1/", Fault.CREDENTIALS),
        ("https://@127.0.0.1/", Fault.CREDENTIALS),
        ("https://127.0.0.1\\@hooks.example.com/", Fault.MALFORMED),
        ("https://hooks.example.com\\.evil.example/", Fault.MALFORMED),
        ("https://hooks.exam ple.com/", Fault.MALFORMED),
        ("https://hooks.example.com/\r\nX-Evil: 1", Fault.MALFORMED),
        ("https://hooks.example.com/\tokr", Fault.MALFORMED),
        ("https://hooks.example.com/周报", Fault.MALFORMED),
        ("https://127。0。0。1/", Fault.MALFORMED),
        ("https://１２７.0.0.1/", Fault.MALFORMED),
        ("https://ⓛocalhost/", Fault.MALFORMED),
        ("https://127.0.0.1%2f.example.com/", Fault.MALFORMED),
        ("https://-hooks.example.com/", Fault.MALFORMED),
        ("https://hooks..example.com/", Fault.MALFORMED),
        (f"https://{'a' * 64}.example.com/", Fault.MALFORMED),
        (f"https://hooks.example.com/{'a' * 2000}", Fault.MALFORMED),
        # a port
        ("https://hooks.example.com:22/", Fault.PORT),
        ("https://hooks.example.com:8443/", Fault.PORT),
        ("https://hooks.example.com:0/", Fault.MALFORMED),
        ("https://hooks.example.com:99999/", Fault.MALFORMED),
        ("https://hooks.example.com:https/", Fault.MALFORMED),
        # the machine itself and its neighbours, in every spelling
        ("https://localhost/", Fault.INTERNAL),
        ("https://localhost./", Fault.INTERNAL),
        ("https://LOCALHOST/", Fault.INTERNAL),
        ("https://redis/", Fault.INTERNAL),
        ("https://127.0.0.1/", Fault.INTERNAL),
        ("https://127.0.0.1./", Fault.INTERNAL),
        ("https://0.0.0.0/", Fault.INTERNAL),
        ("https://10.0.0.1/", Fault.INTERNAL),
        ("https://172.16.0.1/", Fault.INTERNAL),
        ("https://192.168.1.1/", Fault.INTERNAL),
        ("https://100.64.0.1/", Fault.INTERNAL),
        ("https://169.254.169.254/latest/meta-data/", Fault.INTERNAL),
        ("https://192.0.2.1/", Fault.INTERNAL),
        ("https://198.18.0.1/", Fault.INTERNAL),
        ("https://224.0.0.1/", Fault.INTERNAL),
        ("https://240.0.0.1/", Fault.INTERNAL),
        ("https://255.255.255.255/", Fault.INTERNAL),
        ("https://2130706433/", Fault.MALFORMED),
        ("https://0x7f000001/", Fault.MALFORMED),
        ("https://0x7f.0.0.1/", Fault.MALFORMED),
        ("https://0177.0.0.1/", Fault.MALFORMED),
        ("https://017700000001/", Fault.MALFORMED),
        ("https://127.1/", Fault.MALFORMED),
        ("https://127.0.0.0x1/", Fault.MALFORMED),
        ("https://127.0.0.1.0x/", Fault.MALFORMED),
        ("https://[::1]/", Fault.INTERNAL),
        ("https://[::]/", Fault.INTERNAL),
        ("https://[::ffff:127.0.0.1]/", Fault.INTERNAL),
        ("https://[::ffff:8.8.8.8]/", Fault.INTERNAL),
        ("https://[::ffff:7f00:1]/", Fault.INTERNAL),
        ("https://[::127.0.0.1]/", Fault.INTERNAL),
        ("https://[64:ff9b::7f00:1]/", Fault.INTERNAL),
        ("https://[2002:7f00:1::]/", Fault.INTERNAL),
        ("https://[2001:0:7f00:1::]/", Fault.INTERNAL),
        ("https://[fe80::1]/", Fault.INTERNAL),
        ("https://[fe80::1%25eth0]/", Fault.MALFORMED),
        ("https://[fec0::1]/", Fault.INTERNAL),
        ("https://[fc00::1]/", Fault.INTERNAL),
        ("https://[fd00:ec2::254]/", Fault.INTERNAL),
        ("https://[ff02::1]/", Fault.INTERNAL),
        ("https://[2001:db8::1]/", Fault.INTERNAL),
        ("https://[::1/", Fault.MALFORMED),
    ],
)
def test_address_is_refused_as_it_is_written(address: str, fault: Fault) -> None:
    assert fault_of(address) is fault


@each_row(
    ("kind", "address", "fault"),
    [
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}", None),
        ("feishu", f"https://open.larksuite.com/open-apis/bot/v2/hook/{TOKEN}", None),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", Fault.NOT_A_ROBOT),
        ("feishu", "https://open.feishu.cn/", Fault.NOT_A_ROBOT),
        ("feishu", f"https://open.feishu.cn.evil.example/open-apis/{TOKEN}", Fault.NOT_THE_VENDORS),
        ("feishu", f"https://evil.example/?open.feishu.cn{TOKEN}", Fault.NOT_THE_VENDORS),
        ("dingtalk", f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}", None),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send", Fault.NOT_A_ROBOT),
        ("dingtalk", f"https://oapi.dingtalk.com/user/get?access_token={TOKEN}", Fault.NOT_A_ROBOT),
        ("dingtalk", f"https://open.feishu.cn/robot/send?key={TOKEN}", Fault.NOT_THE_VENDORS),
        ("wecom", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}", None),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", Fault.NOT_A_ROBOT),
        ("wecom", f"https://weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}", Fault.NOT_THE_VENDORS),
    ],
)
def test_robot_must_be_on_the_vendors_host(kind: str, address: str, fault: Fault | None) -> None:
    assert fault_of(address, kind) is fault


@each_row(
    ("entry", "address", "fault"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000/okr", None),
        ("127.0.0.1", "https://127.0.0.1/", None),
        ("127.0.0.1", "http://127.0.0.2:9000/okr", Fault.NOT_HTTPS),
        ("127.0.0.1:9000", "http://127.0.0.1:9000/okr", None),
        ("127.0.0.1:9000", "http://127.0.0.1:6379/", Fault.NOT_HTTPS),
        ("127.0.0.1:9000", "https://127.0.0.1/", Fault.INTERNAL),
        ("10.20.0.0/16", "http://10.20.3.4/", None),
        ("10.20.0.0/16", "https://10.21.0.1/", Fault.INTERNAL),
        ("chat.corp", "http://chat.corp/okr", None),
        ("chat.corp", "http://CHAT.corp.:8080/okr", None),
        ("Chat.Corp.", "http://chat.corp/okr", None),
        ("chat.corp:8080", "http://chat.corp/okr", Fault.NOT_HTTPS),
        ("chat.corp", "http://evil.chat.corp/okr", Fault.NOT_HTTPS),
        ("[::1]:9000", "http://[::1]:9000/", None),
        ("::1", "http://[::1]:9000/", None),
        ("chat", "https://chat/okr", None),
        ("chat.corp", "http://user:password@chat.corp/", Fault.CREDENTIALS),
        ("chat.corp", "http://127.1/", Fault.MALFORMED),
    ],
)
def test_what_the_settings_allow(entry: str, address: str, fault: Fault | None) -> None:
    assert fault_of(address, "feishu", Allowed([entry])) is fault


def lead_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """The name server knows these addresses of every name; which names it was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port)) for answer in answers]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def where(address: str = "https://hooks.example.com/okr", *entries: str) -> list[str]:
    allowed = Allowed(entries)
    return [
        str(address_found)
        for address_found in resolved(parsed(address, "webhook", allowed), allowed)
    ]


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = lead_to(monkeypatch, "93.184.216.34", "2606:2800:220:1::1", "93.184.216.34")
    assert where() == ["93.184.216.34", "2606:2800:220:1::1"]
    assert asked == ["hooks.example.com"]


@pytest.mark.parametrize(
    "internal", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"]
)
@pytest.mark.parametrize("others", [(), ("93.184.216.34",)])
def test_a_name_that_leads_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch, internal: str, others: tuple[str, ...]
) -> None:
    """Even when only one of its addresses does."""
    lead_to(monkeypatch, *others, internal)
    with pytest.raises(Forbidden) as forbidden:
        where()
    assert forbidden.value.fault is Fault.INTERNAL


def test_a_name_may_lead_into_a_listed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, "10.20.0.7")
    assert where("https://hooks.example.com/okr", "10.20.0.0/16") == ["10.20.0.7"]
    with pytest.raises(Forbidden):
        where("https://hooks.example.com/okr", "10.21.0.0/16")


def test_a_listed_name_may_lead_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, "10.20.0.7")
    assert where("http://chat.corp/okr", "chat.corp") == ["10.20.0.7"]


def no_such_name(*_: object, **__: object) -> list[object]:
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


@pytest.mark.parametrize("server", [no_such_name, lambda *_, **__: []])
def test_a_name_that_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, server: Callable[..., list[object]]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", server)
    with pytest.raises(UnknownHost):
        where()


def test_neither_words_nor_representation_hold_the_address() -> None:
    endpoint = parsed(f"https://hooks.example.com/{TOKEN}", "webhook", NOTHING)
    assert TOKEN not in repr(endpoint)
    with pytest.raises(Forbidden) as forbidden:
        parsed(f"https://127.0.0.1/{TOKEN}", "webhook", NOTHING)
    assert TOKEN not in str(forbidden.value) + repr(forbidden.value)


def test_the_header_of_a_host() -> None:
    allowed = Allowed(["chat.corp", "::1"])
    headers = {
        "https://hooks.example.com/": "hooks.example.com",
        "http://chat.corp/": "chat.corp",
        "http://chat.corp:8080/": "chat.corp:8080",
        "http://[::1]:9000/": "[::1]:9000",
    }
    assert {address: parsed(address, "webhook", allowed).header for address in headers} == headers


def test_every_address_that_is_not_one_host_of_the_internet() -> None:
    inside = ["0.0.0.0", "192.0.0.1", "198.51.100.1", "203.0.113.1", "::", "100::1"]
    assert not [address for address in inside if addresses.is_public(ipaddress.ip_address(address))]
    outside = ["1.1.1.1", "223.5.5.5", "2400:3200::1"]
    assert all(addresses.is_public(ipaddress.ip_address(address)) for address in outside)


def test_a_list_that_cannot_be_read_says_so() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"'chat.corp:http' is no host"):
        Allowed(["chat.corp:http"])
