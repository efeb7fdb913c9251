"""Runs one command, and ends it with all that it started as soon as standard input closes.

    python watchdog.py COMMAND [ARGUMENT …]

The supervisor holds the other end of standard input. When it wants the command ended it closes
it; when it is itself killed, the system does. So there is one way down, no process is left
behind whatever happens above, and it needs nothing that only Linux has.

Started by its path, without the project: it must be there before anything else can fail.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from types import FrameType

GRACE = 4.0
"""Seconds between asking the command to end and making it end."""


def main(command: list[str]) -> None:
    """Leads a process group of its own (the supervisor sees to that) and ends with it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A handler, not SIG_IGN: the command would inherit that and could not be asked to end.
        signal.signal(number, _stay)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    while child.poll() is None and not _input_closed(within=0.2):
        pass
    if child.returncode is None:
        os.killpg(0, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
    else:
        print(f"ended with exit code {child.returncode}", flush=True)
    # What the command left running goes with it, and this process too.
    os.killpg(0, signal.SIGKILL)


def _stay(_number: int, _frame: FrameType | None) -> None:
    """The whole group was signalled; the watchdog ends last."""


def _input_closed(within: float) -> bool:
    readable, _, _ = select.select([sys.stdin], [], [], within)
    return bool(readable) and os.read(sys.stdin.fileno(), 1) == b""


if __name__ == "__main__":
    main(sys.argv[1:])
