"""PostgreSQL and Redis, each on a port of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, Final

import psycopg
import redis

from tests.machine.parts.processes import Part, free_port, wait_until

_USER: Final = "okrtracker"


class PartMissing(Exception):
    """The machine that the tests run on does not have it."""


def _program(program: str, where: str = "") -> str:
    """The program's path: on the way of the shell, or the newest of Debian's versions of it."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}")) if where else []
    path = str(versions[-1]) if versions else shutil.which(program)
    if path is None:
        raise PartMissing(f"no {program}")
    return path


class Postgres:
    """A cluster of its own, safe against no crash of the machine but against one of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"postgres://{_USER}@127.0.0.1:{self.port}/postgres"
        self._data = folder / "data"
        initdb, server = _program("initdb", "debian"), _program("postgres", "debian")
        if os.geteuid() == 0:  # under which PostgreSQL refuses to run
            try:
                shutil.chown(folder, "postgres", "postgres")
            except LookupError:
                raise PartMissing("root has no user postgres to run it as") from None
        options = ["-U", _USER, "--auth", "trust", "-E", "UTF8", "--locale", "C.UTF-8"]
        made = subprocess.run(
            [*self._as_postgres(), initdb, "-D", self._data, *options, "--no-sync"],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if made.returncode:
            raise PartMissing(f"initdb failed: {made.stderr.strip().splitlines()[-1:]}")
        command = [server, "-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1"]
        command += ["-k", str(folder), "-c", "fsync=off", "-c", "max_connections=100"]
        self.part = Part("postgres", [*self._as_postgres(), *command], folder / "log")

    def _as_postgres(self) -> list[str]:
        return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def start(self) -> None:
        self.part.start()
        wait_until("PostgreSQL answers", self._answers)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """At once, with all its connections: its "fast" shutdown."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        wait_until("PostgreSQL has ended", lambda: not self.part.is_running)

    def query_alone(self, statement: str) -> None:
        """One that wants no transaction around it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, connect_timeout=3) as connection:
            cursor = connection.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []


class Redis:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        server = _program("redis-server")
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --dir {folder}"
        self.part = Part("redis", [server, *options.split(), "--save", ""], folder / "log")

    def start(self) -> None:
        self.part.start()
        wait_until("Redis answers", self._answers)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def pause(self) -> None:
        """It takes connections and answers none."""
        self.part.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.part.signal(signal.SIGCONT)
