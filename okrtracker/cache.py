"""The cache in Redis, which may be away: then everything is a miss, and nothing fails or waits.

And the cache in files, which the processes of one machine share where there is no Redis.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Seconds for which a Redis that did not answer is not asked again: a page looks into the cache
# many times, and one that hangs would be waited for each time.
PAUSE: Final = 5.0


class PassingRedisCache(RedisCache):
    """Django's cache in Redis, for what can be made again when it is not there."""

    _away_until = 0.0  # of the process's clock, for all its threads: each has an instance

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        work = super().get
        return self._ask(lambda: work(key, default, version), otherwise=default)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        work = super().set
        self._ask(lambda: work(key, value, timeout, version), otherwise=None)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Whether it was not there yet, as far as one can know."""
        work = super().add
        return bool(self._ask(lambda: work(key, value, timeout, version), otherwise=True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        work = super().delete
        return bool(self._ask(lambda: work(key, version), otherwise=False))

    def touch(
        self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        work = super().touch
        return bool(self._ask(lambda: work(key, timeout, version), otherwise=False))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        work = super().has_key
        return bool(self._ask(lambda: work(key, version), otherwise=False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The new number, as far as one can know. Raises ``ValueError`` without an old one."""
        work = super().incr
        return int(self._ask(lambda: work(key, delta, version), otherwise=delta))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        work = super().get_many
        return self._ask(lambda: work(keys, version), otherwise={})

    def set_many(
        self,
        data: dict[Any, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        """The keys that could not be set."""
        work = super().set_many
        return self._ask(lambda: work(data, timeout, version), otherwise=list(data))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        work = super().delete_many
        self._ask(lambda: work(keys, version), otherwise=None)

    def clear(self) -> None:
        self._ask(super().clear, otherwise=None)

    @classmethod
    def _ask[Answer](cls, work: Callable[[], Answer], *, otherwise: Answer) -> Answer:
        if time.monotonic() < cls._away_until:
            return otherwise
        try:
            return work()
        except RedisError as error:
            cls._away_until = time.monotonic() + PAUSE
            logger.warning("no cache: %s", error)
            return otherwise


class SharedFileCache(FileBasedCache):
    """Django's cache in files, in which of several processes one alone adds a key."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self._adding = Path(folder) / "adding"

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Whether it was not there yet, or had expired."""
        self._adding.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._adding.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return super().add(key, value, timeout, version)
