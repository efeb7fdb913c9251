"""Keeping processes running, with small commands in the place of the real ones."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from okrtracker.processes.supervisor import Child, StartError, Supervisor, is_interrupted


def _child(tmp_path: Path, name: str, source: str) -> Child:
    script = tmp_path / f"{name}.py"
    script.write_text(textwrap.dedent(source))
    return Child(name, [sys.executable, str(script)], cwd=tmp_path, env=os.environ)


STAYS = """
    import os, pathlib, sys, time
    pid = pathlib.Path(sys.argv[0]).with_suffix(".pid")
    pid.with_suffix(".part").write_text(str(os.getpid()))
    pid.with_suffix(".part").rename(pid)
    time.sleep(60)
"""


def _is_gone(pid: int) -> bool:
    """Whether the process is dead; one that was killed just now is given its moment to die."""
    deadline = time.monotonic() + 5
    while not (is_dead := _is_dead(pid)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_dead


def _is_dead(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        # Dead already when only init has not noticed.
        return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def test_crashed_child_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("okrtracker.processes.supervisor._FIRST_PAUSE", 0.01)
    crashes_once = """
        import pathlib, sys, time
        first = not pathlib.Path("starts").exists()
        with pathlib.Path("starts").open("a") as file:
            file.write("x")
        if first:
            print("out of luck")
            sys.exit(3)
        time.sleep(60)
    """
    starts = tmp_path / "starts"
    supervisor = Supervisor([_child(tmp_path, "web", crashes_once)])

    supervisor.run(lambda: starts.exists() and starts.read_text() == "xx", supervisor.stop)

    out = capfd.readouterr().out
    assert "web    | out of luck" in out
    assert "web    | ended with exit code 3" in out


def test_child_that_never_comes_up_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("okrtracker.processes.supervisor._FIRST_PAUSE", 0.01)
    supervisor = Supervisor([_child(tmp_path, "web", "raise SystemExit(1)")])
    with pytest.raises(StartError, match="web does not start"):
        supervisor.run(lambda: False, supervisor.stop)


def test_grandchild_that_ignores_the_request_ends_too(tmp_path: Path) -> None:
    child = _child(
        tmp_path,
        "web",
        """
        import subprocess, sys, time
        subprocess.Popen([sys.executable, "grandchild.py"])
        time.sleep(60)
        """,
    )
    ignores = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    (tmp_path / "grandchild.py").write_text(ignores + textwrap.dedent(STAYS))
    pid = tmp_path / "grandchild.pid"
    supervisor = Supervisor([child])

    supervisor.run(pid.exists, supervisor.stop)

    assert _is_gone(int(pid.read_text()))


def test_other_processes_start_when_the_first_is_ready(tmp_path: Path) -> None:
    web, worker = tmp_path / "web.pid", tmp_path / "worker.pid"
    there_before: list[bool] = []
    supervisor = Supervisor([_child(tmp_path, path.stem, STAYS) for path in (web, worker)])

    def ready() -> bool:
        there_before.append(worker.exists())
        return web.exists()

    def on_ready() -> None:
        while not worker.exists():
            time.sleep(0.01)
        supervisor.stop()

    supervisor.run(ready, on_ready)

    assert not any(there_before)
    assert _is_gone(int(web.read_text()))
    assert _is_gone(int(worker.read_text()))


def test_stops_when_its_parent_is_another(tmp_path: Path) -> None:
    supervisor = Supervisor([_child(tmp_path, "web", STAYS)], parent=os.getpid())  # not ours
    supervisor.run(lambda: False, supervisor.stop)  # returns


@pytest.mark.skipif(
    shutil.which("make") is None or not Path("/proc/self/status").exists(),
    reason="needs make, and Linux's /proc",
)
def test_stops_when_only_make_was_interrupted(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all:\n\t@echo up; exec sleep 60\n")
    command = ["make", "-C", str(tmp_path), "--no-print-directory"]
    # Where a script runs the tests in the background, all that they start is deaf to Ctrl+C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as make:
        assert make.stdout is not None
        assert make.stdout.readline() == "up\n"
        assert not is_interrupted(make.pid)
        make.send_signal(signal.SIGINT)
        deadline = time.monotonic() + 5
        while not is_interrupted(make.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert is_interrupted(make.pid)
        make.terminate()
        subprocess.run(["pkill", "-P", str(make.pid)], check=False)
