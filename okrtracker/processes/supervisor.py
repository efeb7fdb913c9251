"""Keeps a few processes running: starts them, prints their output, restarts a crashed one.

Each runs under a watchdog (``watchdog.py``), which ends it when this process is gone.
Started by its path, without the project: what only waits shall not keep Django in memory.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType
from typing import Final, NoReturn

_WATCHDOG: Final = Path(__file__).with_name("watchdog.py")
_READY_WITHIN: Final = 60.0  # seconds
_END_WITHIN: Final = 8.0  # seconds; longer than a watchdog gives its command
_FIRST_PAUSE: Final = 1.0  # seconds before a crashed process is started again; then doubled
_LONGEST_PAUSE: Final = 30.0
_STEADY_AFTER: Final = 20.0  # seconds after which an earlier crash is forgotten
_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
    _relay: threading.Thread | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _start_again: float = field(default=0.0, init=False)

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_WATCHDOG), *self.command],
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
        self._relay = threading.Thread(target=self._print_lines, daemon=True)
        self._relay.start()

    def _print_lines(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            with self._process.stdout as lines:
                for line in lines:
                    say(f"{self.name:6} | {line.rstrip()}")

    def keep_running(self) -> None:
        """Starts a crashed process again, after a pause that doubles with each crash."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_again:
                self.start()
        elif self._process.poll() is not None:
            self.crashes = 1 if now - self._started > _STEADY_AFTER else self.crashes + 1
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.crashes - 1))
            say(f"{self.name:6} | starting again in {pause:.0f} s")
            self._clean_up(self._process)
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
        self._clean_up(self._process)

    def _clean_up(self, watchdog: subprocess.Popen[str]) -> None:
        # As a rule nobody is left; a watchdog that was itself killed could not see to that.
        # (On macOS a group of zombies answers with PermissionError.)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(watchdog.pid, signal.SIGKILL)
        if watchdog.stdin is not None:
            watchdog.stdin.close()
        if self._relay is not None:
            self._relay.join(timeout=1)


def say(line: str) -> None:
    # Work goes on when nobody reads the output any more.
    with contextlib.suppress(OSError):
        print(line, flush=True)


def is_interrupted(process: int) -> bool:
    """Whether the process is in the midst of a SIGINT that it got alone.

    From a terminal Ctrl-C reaches everybody; sent to ``make`` only, it makes ``make`` wait for us
    without passing it on. Linux shows that its handler is at work: the signal is held back, and
    the next one would end the process. Elsewhere: ``False``.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    masks = {
        name: int(mask, 16)
        for name, mask in re.findall(r"^(Sig\w+):\s*([0-9a-f]+)$", status, re.MULTILINE)
    }
    bit = 1 << (signal.SIGINT - 1)
    held_back = masks.get("SigBlk", 0) & bit
    return bool(held_back and not (masks.get("SigCgt", bit) | masks.get("SigIgn", bit)) & bit)


@dataclass
class Supervisor:
    """Runs the children until a signal, or the end of the process that started this one.

    ``parent``: the process to end with (``make`` killed with -9 tells nobody); None for none.
    """

    children: Sequence[Child]
    parent: int | None = None
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _is_deaf: bool = field(default=False, init=False)

    def run(self, ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Returns after a stop that was asked for.

        The first child is what people wait for: the others start when it is ``ready``, not to
        compete with it. ``StartError`` if it never is.
        """
        before = {number: signal.signal(number, self._on_signal) for number in _STOP_SIGNALS}
        # A parent that was started deaf to Ctrl-C only looks as if it were handling one.
        self._is_deaf = self.parent is not None and is_interrupted(self.parent)
        try:
            self._start_first(ready)
            if not self._stop.is_set():
                for child in self.children[1:]:
                    child.start()
                on_ready()
            while not self._stopped_within(0.2):
                for child in self.children:
                    child.keep_running()
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Makes ``run`` end everything and return."""
        self._stop.set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _stopped_within(self, seconds: float) -> bool:
        if self.parent is not None and self._is_over(self.parent):
            self.stop()
        return self._stop.wait(seconds)

    def _is_over(self, parent: int) -> bool:
        return parent != os.getppid() or (not self._is_deaf and is_interrupted(parent))

    def _start_first(self, ready: Callable[[], bool]) -> None:
        first = self.children[0]
        first.start()
        deadline = time.monotonic() + _READY_WITHIN
        while not self._stopped_within(0.05) and not ready():
            first.keep_running()
            if first.crashes >= 3:
                raise StartError(f"{first.name} does not start; its last lines are above")
            if time.monotonic() > deadline:
                raise StartError(f"{first.name} gives no answer within {_READY_WITHIN:.0f} s")

    def _end_all(self) -> None:
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + _END_WITHIN
        for child in self.children:
            child.wait_for_end(deadline)


@dataclass
class Plan:
    """What to keep running, and what to say when the first of it answers."""

    commands: Mapping[str, Sequence[str]]  # by name; the first one serves ``page``
    cwd: str
    env: Mapping[str, str]
    parent: int | None
    host: str
    port: int
    page: str
    announcement: Sequence[str]

    def take_over(self) -> NoReturn:
        """Carries it out in the place of this process, of which only the number stays."""
        with TemporaryFile("w+", encoding="utf-8") as file:
            json.dump(asdict(self), file)
            file.seek(0)
            os.dup2(file.fileno(), 0)
            os.execv(sys.executable, [sys.executable, "-I", "-S", __file__])

    def run(self) -> None:
        children = [
            Child(name, command, cwd=Path(self.cwd), env=self.env)
            for name, command in self.commands.items()
        ]
        Supervisor(children, parent=self.parent).run(self._answers, self._announce)

    def _answers(self) -> bool:
        request = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            request.request("GET", self.page)
            return request.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            request.close()

    def _announce(self) -> None:
        for line in self.announcement:
            say(line)


def main() -> None:
    try:
        Plan(**json.load(sys.stdin)).run()
    except StartError as error:
        sys.exit(f"CommandError: {error}")


if __name__ == "__main__":
    main()
