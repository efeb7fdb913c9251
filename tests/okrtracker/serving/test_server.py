"""The server between granian and Django: which bodies it takes, and what it makes of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from types import SimpleNamespace
from typing import Any, Final

import pytest

from okrtracker.serving import APPLICATION, OPTIONS, server
from okrtracker.serving.environ import environ_of
from okrtracker.serving.server import Limits, Server
from tests.test_docs import ROOT

SMALL: Final = 100
LARGE: Final = 1000


class Line:
    """A connection that sends these chunks, then nothing for ever where ``hangs``."""

    def __init__(self, *chunks: bytes, hangs: bool = False) -> None:
        self.chunks, self.hangs = chunks, hangs
        self.taken = 0
        self.answer: tuple[int, str] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.taken += 1
            yield chunk
        if self.hangs:
            await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = status, body.decode()


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("content-type", "text/plain")])
    return [environ.get("CONTENT_LENGTH", "none").encode(), b" ", environ["wsgi.input"].read()]


def scope(*headers: tuple[str, str]) -> Any:
    return SimpleNamespace(
        proto="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="[::1]:4711",
        scheme="http",
        method="POST",
        path="/t/贝易转/",
        query_string="a=1",
        authority=None,
        headers=dict(headers) if len(dict(headers)) == len(headers) else Pairs(headers),
    )


class Pairs:
    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.pairs = pairs

    def items(self) -> tuple[tuple[str, str], ...]:
        return self.pairs


def answered(line: Line, *headers: tuple[str, str]) -> tuple[int, str]:
    limits = Limits(lambda _environ: LARGE, in_memory=SMALL, patience=0.01)
    made = Server(echo, limits, threads=1)
    asyncio.run(made.__rsgi__(scope(*headers), line))
    assert made._held == 0
    assert line.answer is not None
    return line.answer


def of(length: int) -> tuple[str, str]:
    return ("content-length", str(length))


CHUNKED: Final = ("transfer-encoding", "chunked")


def test_whole_bodies_reach_the_application() -> None:
    assert answered(Line()) == (200, "none ")
    assert answered(Line(b"ab", b"c"), of(3)) == (200, "3 abc")
    assert answered(Line(b"ab", b"c"), CHUNKED) == (200, "3 abc")
    assert answered(Line(b"x" * LARGE), of(LARGE)) == (200, f"{LARGE} {'x' * LARGE}")


def test_slow_and_broken_bodies_reach_nobody() -> None:
    assert answered(Line(b"a", hangs=True), of(3))[0] == 408
    assert answered(Line(b"a"), of(3))[0] == 400
    assert answered(Line(b"a", hangs=True), CHUNKED)[0] == 408


def test_a_body_that_is_too_large_is_not_kept_and_its_length_is_handed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "_DRAINED_FOR", 0.01)
    told = (200, f"{LARGE + 1} ")
    drained = Line(b"x" * 50, b"x", hangs=True)
    assert answered(drained, of(LARGE + 1)) == told
    assert drained.taken == 2  # or a browser would see a broken line instead of the answer
    asking = Line(b"x")
    assert answered(asking, of(LARGE + 1), ("expect", "100-continue")) == told
    assert asking.taken == 0
    assert answered(Line(b"x" * LARGE, b"x"), CHUNKED) == told


def test_bodies_in_memory_have_a_limit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_MOST_HELD", 10)
    assert answered(Line(b"x" * 10), of(10))[0] == 200
    assert answered(Line(b"x" * 11), of(11))[0] == 503


def test_the_environ_is_that_of_wsgi() -> None:
    environ = environ_of(
        scope(
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("content-type", "text/plain"),
            ("x-forwarded-proto", "http"),
            ("x_forwarded_proto", "https"),
            ("accept", "text/html"),
            ("accept", "*/*"),
        )
    )
    assert environ["HTTP_COOKIE"] == "a=1;b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,*/*"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "http"  # no name that only looks like it
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/t/贝易转/"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("::1", "8000")
    assert not [name for name in environ if name.startswith("PATH") and name != "PATH_INFO"]


def test_documents_and_image_start_it_alike() -> None:
    for name in ("docs/operations.md", "Dockerfile"):
        text = " ".join((ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").split())
        assert f"{OPTIONS} --workers 2" in text, name
        assert APPLICATION in text, name
