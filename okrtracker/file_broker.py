"""Celery's broker in files, for a machine without Redis: messages are whole, and bad ones pass.

kombu's own writes a message under the name by which workers find it: one that looked meanwhile read
half a message and died of it, as it did of any file that holds no message.
"""

from __future__ import annotations

import fcntl
import logging
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

type Bindings = list[filesystem.exchange_queue_t]


class Channel(filesystem.Channel):
    def _put(self, queue: str, *message: Any, **_options: Any) -> None:
        name = f"{monotonic_ns()}_{uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(*message))

    def _get(self, queue: str, *_timeout: Any, **_options: Any) -> Any:
        """The oldest message; what is none is dropped. Raises ``Empty``."""
        for file in sorted(Path(self.data_folder_in).iterdir()):
            if file.name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                # Of several workers one succeeds.
                taken = file.rename(file.with_name(f"{file.name}.taken"))
                text = taken.read_text(encoding="utf-8")
                taken.unlink()
                payload = loads(text)
                self.Message(payload, channel=self)
            except OSError:
                continue
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                logger.error("dropped %s, which is no message: %r", file.name, error)
                continue
            return payload
        raise Empty

    def get_table(self, exchange: str) -> Bindings:
        try:
            rows = loads(self._exchange_file(exchange).read_text(encoding="utf-8"))
            return [filesystem.exchange_queue_t(*row) for row in rows]
        except (FileNotFoundError, ValueError, TypeError):
            return []  # whoever starts or publishes binds its queues anew

    def _queue_bind(
        self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None
    ) -> None:
        file = self._exchange_file(exchange)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            bindings = self.get_table(exchange)
            if binding not in bindings:
                _write_whole(file, dumps([binding, *bindings]))


class Transport(filesystem.Transport):
    Channel = Channel


def _write_whole(path: Path, text: str) -> None:
    """Under another name first. Raises ``ChannelError``."""
    part = path.with_name(f"{path.name}.{uuid4()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ChannelError(f"cannot write {path}: {error.strerror}") from error
