"""Whether the parts that the site stands on answer: asked briefly, and never an error."""

from __future__ import annotations

import os
from typing import Final

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

_PATIENCE: Final = 1.0  # seconds for Redis; the database has its own (okrtracker.environment)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Whether tasks can be handed on: Redis answers, or the queue's folder can be written to."""
    if not settings.REDIS_URL:
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
        return folder is None or os.access(folder, os.W_OK | os.X_OK)
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
