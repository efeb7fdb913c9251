"""Connections that stay open from one request to the next notice when they must not.

Opening the file and reading its schema again took a third of the time of a small request.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, Final

from django.db import connections
from django.db.backends.sqlite3 import base

# What the process before the fork had open. SQLite forbids a child to use or even to close it.
# https://www.sqlite.org/howtocorrupt.html
_OF_PARENT: Final[list[object]] = []


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        opened = super().get_new_connection(conn_params)
        _keep_private(self.settings_dict["NAME"])
        self._file = _identity_of(self.settings_dict["NAME"])
        return opened

    def is_usable(self) -> bool:
        """Whether the file is still the one that was opened: a restore puts another in its place.

        Django asks once a request (``CONN_HEALTH_CHECKS``).
        """
        return self._file == _identity_of(self.settings_dict["NAME"])


def _keep_private(path: str) -> None:
    """Mode 600 for the file and those beside it. None is opened: to close it would end the locks
    that this process holds on it.
    """
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(OSError):  # in memory, not there, or another owner's
            if Path(name).stat().st_mode & 0o077:
                Path(name).chmod(0o600)


def _identity_of(path: str) -> tuple[int, int] | None:
    """Device and inode; ``None`` of what is no file, as a database in memory."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _leave_to_parent() -> None:
    for wrapper in connections.all(initialized_only=True):
        if isinstance(wrapper, DatabaseWrapper) and wrapper.connection is not None:
            _OF_PARENT.append(wrapper.connection)
            wrapper.connection = None


os.register_at_fork(after_in_child=_leave_to_parent)
