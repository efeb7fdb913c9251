"""The cache in Redis while there is no Redis: at a port where nobody listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache.backends.redis import RedisCache

from okrtracker.cache import PassingRedisCache, SharedFileCache


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[PassingRedisCache]:
    monkeypatch.setattr(PassingRedisCache, "_away_until", 0.0)
    with socket.socket() as taken:  # bound, and never listening
        taken.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        yield PassingRedisCache(address, {"OPTIONS": {"socket_connect_timeout": 0.5}})


def test_without_redis_everything_is_a_miss(cache: PassingRedisCache) -> None:
    cache.set("page", "made")
    assert cache.get("page") is None
    assert cache.get("page", "otherwise") == "otherwise"
    assert cache.add("page", 1) is True
    assert cache.delete("page") is False
    assert (cache.touch("page"), cache.has_key("page"), "page" in cache) == (False, False, False)
    assert cache.incr("asked") == 1
    assert cache.get_many(["page"]) == {}
    assert cache.set_many({"page": "made"}) == ["page"]
    cache.delete_many(["page"])
    cache.clear()
    assert cache.get_or_set("page", "made") == "made"


def test_no_way_to_ask_redis_is_left_out() -> None:
    asking = {name for name in vars(RedisCache) if callable(vars(RedisCache)[name])}
    asking -= {"__init__", "get_backend_timeout"}
    assert asking <= set(vars(PassingRedisCache))


def test_a_redis_that_is_away_is_not_asked_for_each_piece(
    cache: PassingRedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.get("page")
    asked: list[str] = []
    monkeypatch.setattr(
        "django.core.cache.backends.redis.RedisCacheClient.get", lambda *_: asked.append("get")
    )
    cache.get("page")
    assert not asked
    monkeypatch.setattr(PassingRedisCache, "_away_until", 0.0)  # the pause is over
    cache.get("page")
    assert asked == ["get"]


def test_of_several_processes_one_adds_a_key(tmp_path: Path) -> None:
    """Each has a cache of its own on the same folder; so has each thread here."""
    caches = [SharedFileCache(str(tmp_path / "cache"), {}) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(lambda cache: cache.add("lock", 1, timeout=10), caches))
    assert sum(added) == 1
    assert caches[0].delete("lock")
    assert caches[1].add("lock", 2, timeout=0) is True
    assert caches[2].add("lock", 3) is True  # the one before has expired
