"""A limit on how long one step may take, whatever a file holds."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(Exception):
    """The step was broken off."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises ``TookTooLong`` in the block after so many seconds.

    Only a process's main thread can be interrupted, which is where a Celery worker runs its tasks;
    elsewhere the block takes as long as it takes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
