"""``manage.py quickstart`` as a process: what it starts, and that nothing of it stays behind.

The one place where tests wait for real processes; each works in a folder and on a port of its own.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

type Start = Callable[..., "Run"]


class Run:
    """A quickstart in a folder of its own."""

    def __init__(self, var: Path, port: int, *arguments: str) -> None:
        self.port = port
        inherited = {k: v for k, v in os.environ.items() if not k.endswith("_URL") and k != "DEBUG"}
        # Known to every process that it starts, and to no other: how the test finds them all.
        self.mark = f"VAR_DIR={var}"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "quickstart", "--port", str(port), *arguments],
            cwd=settings.BASE_DIR,
            env={**inherited, "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "okrtracker.settings"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> str:
        """What it printed until it said that it is ready."""
        assert self.process.stdout is not None
        output = ""
        for line in self.process.stdout:
            output += line
            if line.startswith("Ctrl-C"):
                return output
        assert self.process.stderr is not None
        pytest.fail(f"it ended before it was ready: {output}{self.process.stderr.read()}")

    def memory(self) -> float:
        """Megabytes of quickstart itself."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def descendants(self) -> list[str]:
        """Command lines of the processes that carry the mark, but for quickstart itself."""
        processes = []
        for folder in Path("/proc").glob("[0-9]*"):
            if int(folder.name) == self.process.pid:
                continue
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # ended meanwhile, or another user's
            if self.mark.encode() in environment:
                processes.append(command)
        return processes

    def none_left_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.descendants():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    runs: list[Run] = []

    def start(*arguments: str, port: int | None = None, var: Path = tmp_path / "var") -> Run:
        runs.append(Run(var, port or _free_port(), *arguments))
        return runs[-1]

    yield start
    for run in runs:
        run.process.send_signal(signal.SIGTERM)
        run.process.communicate(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks for processes in /proc, which is Linux's"
)
def test_first_start_and_second(start: Start, tmp_path: Path) -> None:
    """One test, because loading the demo team takes most of its time."""
    first = start("--password", "open-sesame")
    output = first.wait_until_ready()
    assert "Loading the demo team" in output
    assert f"http://127.0.0.1:{first.port}/" in output
    assert "manager, lead or viewer; password: open-sesame" in output
    with urllib.request.urlopen(f"http://127.0.0.1:{first.port}/accounts/login/") as answer:
        assert answer.status == 200
        page = answer.read().decode()
    assert all(f'value="{name}"' in page for name in ("manager", "lead", "viewer", "open-sesame"))
    _assert_all_three_run(first)
    assert first.memory() < 40, "what only waits has Django in memory"

    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(timeout=10) == 0
    assert first.none_left_within(2)

    password = tmp_path / "var" / "demo_password"
    os.utime(password, (0, 0))  # as if it had been loaded long ago
    second = start()
    output = second.wait_until_ready()
    assert "Loading the demo team" not in output
    assert "The demo is of 1970-01-01" in output
    assert "password: open-sesame" in output
    _assert_all_three_run(second)

    second.process.kill()
    second.process.wait()
    assert second.none_left_within(10), "a killed parent left a process behind"


def _assert_all_three_run(run: Run) -> None:
    commands = "\n".join(run.descendants())
    assert "-m granian" in commands
    assert re.search(r"-m celery .* worker", commands)
    assert re.search(r"-m celery .* beat", commands)


def test_port_in_use_is_one_clear_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        _, error = _ends(start(port=port))
    assert error == f"CommandError: port {port} is in use: choose another with PORT={port + 1}\n"


def test_unwritable_folder_is_one_clear_line(start: Start, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()  # no folder can be made below it, not even by root
    _, error = _ends(start(var=blocked / "var"))
    assert error.count("\n") == 1
    assert str(blocked / "var") in error
    assert "VAR_DIR" in error


def _ends(run: Run) -> tuple[str, str]:
    out, error = run.process.communicate(timeout=30)
    assert run.process.returncode == 1
    return out, error
