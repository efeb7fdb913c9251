"""Keeps a few processes running: starts them, prints what they say, starts a crashed one again.

Each runs under a guard (okrtracker/guard.py), which ends it when this process is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Final

_GUARD: Final = Path(__file__).with_name("guard.py")
_END_WITHIN: Final = 8.0  # seconds; longer than a guard gives its command
_LONGEST_PAUSE: Final = 30.0  # seconds between two starts of a process that keeps crashing
_STEADY_AFTER: Final = 20.0  # seconds after which an earlier crash is forgotten
_TICK: Final = 0.2


class StartError(Exception):
    """The processes did not come up; the message says what went wrong, in one line."""


@dataclass
class Child:
    """One command that is kept running."""

    name: str
    command: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    crashes: int = field(default=0, init=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _start_again: float = field(default=0.0, init=False)

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_GUARD), *self.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Out of reach of the terminal's Ctrl-C: the children end after us, and in order.
            process_group=0,
            cwd=self.cwd,
            env=self.env,
            text=True,
            errors="replace",
        )
        threading.Thread(target=_relay, args=(self.name, self._process.stdout), daemon=True).start()

    def keep_running(self) -> None:
        """Starts a crashed process again, after a pause that doubles with each crash."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_again:
                self.start()
        elif self._process.poll() is not None:
            self.crashes = 1 if now - self._started > _STEADY_AFTER else self.crashes + 1
            pause = min(_LONGEST_PAUSE, 0.5 * 2**self.crashes)
            say(f"{self.name:6} | starting again in {pause:.0f} s")
            _sweep_group(self._process)
            self._process = None
            self._start_again = now + pause

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def wait_for_end(self, deadline: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
        _sweep_group(self._process)


def _sweep_group(guard: subprocess.Popen[str]) -> None:
    """Ends what a guard could not, having been killed itself."""
    # As a rule nobody is left (on macOS a group of zombies answers with PermissionError).
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(guard.pid, signal.SIGKILL)


def _relay(name: str, lines: IO[str] | None) -> None:
    for line in lines or ():
        say(f"{name:6} | {line.rstrip()}")


def say(line: str) -> None:
    # When nobody reads our output any more, that is no reason to stop working.
    with contextlib.suppress(OSError):
        print(line, flush=True)


@dataclass
class Supervisor:
    """Runs the children until a signal, or the end of the process that started this one.

    ``with_parent``: stop when the parent process ends (``make`` killed with -9 tells nobody).
    """

    children: Sequence[Child]
    with_parent: bool = False
    _stop: threading.Event = field(default_factory=threading.Event, init=False)

    def run(self, ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Returns after a stop that was asked for; ``StartError`` if ``ready`` stays false."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        parent = os.getppid()
        try:
            for child in self.children:
                child.start()
            self._wait_until(ready)
            if not self._stop.is_set():
                on_ready()
            while not self._stop.wait(_TICK):
                for child in self.children:
                    child.keep_running()
                if self.with_parent and os.getppid() != parent:
                    self._stop.set()
        finally:
            self._end_all()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _wait_until(self, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not self._stop.is_set() and not ready():
            for child in self.children:
                child.keep_running()
                if child.crashes >= 3:
                    raise StartError(f"{child.name} does not start (its last lines are above)")
            if time.monotonic() > deadline:
                raise StartError(f"no answer within {seconds:.0f} s")
            self._stop.wait(0.1)

    def _end_all(self) -> None:
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + _END_WITHIN
        for child in self.children:
            child.wait_for_end(deadline)
