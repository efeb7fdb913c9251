"""Passwords are hashed a few at a time: a hash takes half a second of a core, and pages wait."""

from __future__ import annotations

import threading
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from okrtracker.requests.try_later import Busy

# One thread of a process hashes, and others wait for it; half of the threads are left to pages,
# however many passwords are sent at once.
PLACES: Final = max(1, settings.WEB_THREADS // 2)

_places = threading.BoundedSemaphore(PLACES)
_turns = threading.Lock()


class BoundedPasswordHasher(PBKDF2PasswordHasher):
    """Django's own, whose hashes it reads and writes. Raises ``Busy`` instead of queueing on."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        if not _places.acquire(blocking=False):
            raise Busy(seconds=2)
        try:
            with _turns:
                return super().encode(password, salt, iterations)
        finally:
            _places.release()
