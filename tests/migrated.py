"""A migrated database is made once and copied for each process of the tests.

Migrating takes seconds of work, copying none. It is kept for the next run, and made again when a
migration or a package has changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from okrtracker.environment import database

_ROOT: Final = Path(__file__).parent.parent


def _cache() -> Path:
    cache = Path(tempfile.gettempdir()) / f"okrtracker-tests-{os.getuid()}"
    cache.mkdir(mode=0o700, exist_ok=True)
    return cache


def _key() -> str:
    """Of all that decides what a migrated database is like."""
    sources = [_ROOT / "requirements.txt", *sorted(_ROOT.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--settings", "tests.settings", "--verbosity=0"],
        check=True,
        cwd=_ROOT,
        env=os.environ | {"TEST_DATABASE_URL": url},
    )


def prepare(options: dict[str, Any]) -> None:
    """Let the test database that these options (``DATABASES[…]["TEST"]``) name begin migrated."""
    cache = _cache()
    with _locked(cache / "lock"):
        if url := os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL"):
            options["TEMPLATE"] = _template_on_server(url)
        else:
            shutil.copyfile(_template_in_file(cache), options["NAME"])


@contextmanager
def another(alias: str, *, vendor: str = connection.vendor) -> Iterator[BaseDatabaseWrapper]:
    """A migrated database beside that of the tests, known as ``alias`` meanwhile."""
    cache = _cache()
    config = deepcopy(connections.settings["default"])
    with _locked(cache / "lock"):
        if vendor == "sqlite":
            path = cache / f"{alias}-{os.getpid()}.sqlite3"
            shutil.copyfile(_template_in_file(cache), path)
            config |= database("", path)
        else:
            config["NAME"] = name_of(alias)
            template = _template_on_server(os.environ["TEST_DATABASE_URL"])
            _on_server(f'CREATE DATABASE "{config["NAME"]}" TEMPLATE "{template}"')
    config["OPTIONS"].pop("pool", None)
    connections.settings[alias] = config
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]
        if vendor == "sqlite":
            path.unlink()
        else:
            _on_server(f'DROP DATABASE "{config["NAME"]}"')


def name_of(alias: str) -> str:
    """That database's name on the server."""
    return f"okrtracker_{alias}_{os.getpid()}"


def _on_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _template_in_file(cache: Path) -> Path:
    template = cache / f"{_key()}.sqlite3"
    if not template.exists():
        for outdated in cache.glob("*.sqlite3*"):
            outdated.unlink()
        in_making = template.with_suffix(".sqlite3-in-making")
        _migrate(f"sqlite:///{in_making}")
        in_making.rename(template)
    return template


def _template_on_server(url: str) -> str:
    """The name of a database on that PostgreSQL server. It stays there for the next run."""
    name = f"okrtracker_template_{_key()}"
    # The connection that Django itself makes test databases with.
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
            _migrate(f"{url.rpartition('/')[0]}/{name}")
    return name
