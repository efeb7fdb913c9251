"""What granian serves: a request takes a thread only when its body is complete.

As WSGI granian reads a body in one of its few threads, without an end: as many slow senders as
threads stop the site, and a body that was cut off looks like a whole one. Here the event loop
reads, hundreds at a time, and hands what is whole to Django's WSGI application in a thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, Final, Protocol

from okrtracker.serving.environ import Scope, environ_of

logger = logging.getLogger(__name__)

_SLOWEST: Final = 20_000  # bytes a second, once the patience is over
_MOST_HELD: Final = 64 * 2**20  # bytes of bodies that a process holds in memory
_DRAINED_FOR: Final = 10.0  # seconds

type Environ = dict[str, Any]
type Body = SpooledTemporaryFile[bytes]


class Transport(Protocol):
    """The part of granian's ``HTTPProtocol`` that is used here."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def response_bytes(
        self, status: int, headers: list[tuple[str, str]], body: bytes
    ) -> object: ...


class Refusal(Exception):
    """A body that is not taken. The message is one sentence in both languages."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


@dataclass(slots=True)
class Limits:
    most: Callable[[Environ], int]  # bytes, for a request
    in_memory: int  # bytes; the rest of a body goes to a file without a name
    patience: float = 20.0  # seconds for a body to come; its bytes prolong it


class Server:
    """The RSGI application over a WSGI application."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], limits: Limits, threads: int
    ) -> None:
        self._application = application
        self._limits = limits
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._held = 0

    async def __rsgi__(self, scope: Scope, transport: Transport) -> None:
        environ = environ_of(scope)
        with SpooledTemporaryFile[bytes](self._limits.in_memory) as body:
            environ["wsgi.input"] = body
            try:
                if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
                    await self._read(environ, transport, body)
                await self._in_thread(self._answer, environ, transport)
            except Refusal as refusal:
                logger.warning("%s %r: %s", refusal.status.value, environ["PATH_INFO"], refusal)
                headers = [("content-type", "text/plain; charset=utf-8"), ("retry-after", "30")]
                transport.response_bytes(refusal.status, headers, str(refusal).encode())
            finally:
                self._held -= environ.get("okrtracker.held", 0)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self._threads.shutdown()

    def _in_thread(self, work: Callable[..., Any], *arguments: object) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _answer(self, environ: Environ, transport: Transport) -> None:
        head: list[Any] = []
        response = self._application(environ, lambda *arguments: head.extend(arguments))
        try:
            content = b"".join(response)
            transport.response_bytes(int(head[0][:3]), head[1], content)
        finally:
            getattr(response, "close", lambda: None)()

    async def _read(self, environ: Environ, transport: Transport, body: Body) -> None:
        """Fills the body; leaves it empty where it is too large, which Django answers.

        Raises ``Refusal``.
        """
        declared = int(environ.get("CONTENT_LENGTH") or 0)
        most = self._limits.in_memory
        if declared > most or "CONTENT_LENGTH" not in environ:
            most = await self._in_thread(self._limits.most, environ)
        try:
            if declared > most:
                received = declared
                if "HTTP_EXPECT" not in environ:
                    await _drain(transport)
            else:
                received = await self._receive(environ, transport, body, most)
        except TimeoutError:
            raise Refusal(
                HTTPStatus.REQUEST_TIMEOUT,
                "提交超时，未保存。 The request took too long; nothing was saved.",
            ) from None
        except OSError as error:  # no room on the disk
            logger.error("no body of %s bytes: %s", declared, error)
            raise _busy() from None
        if received < declared:
            raise Refusal(
                HTTPStatus.BAD_REQUEST,
                "提交不完整，未保存。 The request was cut off; nothing was saved.",
            )
        environ["CONTENT_LENGTH"] = str(received)
        body.seek(0)

    async def _receive(self, environ: Environ, transport: Transport, body: Body, most: int) -> int:
        """How many bytes came; more than ``most`` when there were too many."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._limits.patience
        received = 0
        async with asyncio.timeout_at(ends) as limit:
            async for chunk in transport:
                received += len(chunk)
                if received > most:
                    body.truncate(0)
                    break
                if received <= self._limits.in_memory:
                    self._hold(environ, len(chunk))
                body.write(chunk)
                limit.reschedule(ends + received / _SLOWEST)
        return received

    def _hold(self, environ: Environ, size: int) -> None:
        if self._held + size > _MOST_HELD:
            raise _busy()
        self._held += size
        environ["okrtracker.held"] = environ.get("okrtracker.held", 0) + size


async def _drain(transport: Transport) -> None:
    """Reads on for a while: a browser that is still sending would not see the answer."""
    try:
        async with asyncio.timeout(_DRAINED_FOR):
            async for _chunk in transport:
                pass
    except TimeoutError:
        pass


def _busy() -> Refusal:
    return Refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "服务繁忙，未保存，请稍后再试。 The server is busy; nothing was saved, try again later.",
    )
