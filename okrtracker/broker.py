"""Hands tasks to the broker; nothing fails when it is away.

The database knows what is due, and the tick (``reports.tasks.tick``) does once a minute what nobody
has done yet. A message only makes it faster, so no request waits for the broker or fails with it.
"""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path
from typing import Final

import redis
from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError

_REDIS_TIMEOUT: Final = 1.0  # seconds that a health check waits

logger = logging.getLogger(__name__)


def publish(task: Task, *args: object, expires: float | None = None) -> bool:
    """Have a worker run the task; ``False`` when the broker is away, which is asked once.

    A message that no worker took within ``expires`` seconds is dropped.
    """
    try:
        task.apply_async(args, expires=expires, retry=False)
    except (OperationalError, ChannelError, OSError):
        logger.warning("no broker: %s%s waits for the tick", task.name, args, exc_info=True)
        return False
    return True


def publish_on_commit(task: Task, *args: object) -> None:
    """The same after the transaction that is open, or at once when there is none."""
    transaction.on_commit(partial(publish, task, *args))


def queue_length() -> int | None:
    """How many tasks wait for a worker; ``None`` when the broker does not say."""
    try:
        if settings.REDIS_URL:
            with _redis() as client:
                return int(client.llen("celery"))
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_in")
        return None if folder is None else sum(1 for _ in Path(folder).glob("*.celery.msg"))
    except (redis.RedisError, OSError):
        return None


def answers() -> bool:
    """Whether tasks can be handed on: Redis answers, or the queue's folder can be written to."""
    if not settings.REDIS_URL:
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
        return folder is None or os.access(folder, os.W_OK | os.X_OK)
    try:
        with _redis() as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=_REDIS_TIMEOUT, socket_timeout=_REDIS_TIMEOUT
    )
