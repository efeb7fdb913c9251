"""Processes that end with the tests, however those end, and waiting for what they do."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from okrtracker.processes import watchdog

ROOT: Final = Path(__file__).resolve().parents[3]
PATIENCE: Final = 30.0  # seconds: for what takes one or two on an idle machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, is_so: Callable[[], object], within: float = PATIENCE) -> float:
    """How many seconds it took until that was so; fails after ``within``."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > within:
            raise AssertionError(f"not within {within:.0f} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


@dataclass
class Part:
    """One command under the project's watchdog, which ends it when this process is gone."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _said_before: int = field(default=0, init=False)  # bytes of the log

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self._reap()  # one that ended by itself
        with self.log.open("ab") as log:
            self._said_before = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", watchdog.__file__, *self.command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                cwd=ROOT,
                env=self.env,
            )

    def signal(self, number: int) -> None:
        """To the command and all that it started: a worker of two processes is killed whole."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """As a power cut would: nobody is asked."""
        self.signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Asked to end, and made to after the watchdog's grace."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(watchdog.GRACE + 4)
        self.kill()

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(10)
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None

    def has_said(self, words: str) -> bool:
        """Whether its log holds that since it was last started."""
        with self.log.open("rb") as log:
            log.seek(self._said_before)
            return words.encode() in log.read()

    def output(self, lines: int = 40) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])
