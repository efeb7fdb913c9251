"""All parts together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from okrtracker import serving
from tests.machine.parts.engines import Postgres, Redis
from tests.machine.parts.mail import MailServer
from tests.machine.parts.processes import ROOT, Part, free_port, wait_until
from tests.machine.parts.web import Browser

TICK: Final = 1.0
LEASE: Final = 6
PAUSE: Final = 0.5
_CELERY: Final = [sys.executable, "-m", "celery", "--app", "okrtracker"]


class Machine:
    """``workers`` are two, and each sends one mail at a time: so a kill can cost one duplicate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(_made(folder / "postgres"))
        self.redis = Redis(_made(folder / "redis"))
        self.mail = MailServer()
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.env = self._environment()
        self.web = self._part("web", [sys.executable, "-m", "granian", *self._granian()])
        self.workers = [self._worker(name) for name in ("worker1", "worker2")]
        self.beat = self.another_beat("beat")
        self._inside = Inside(folder / "inside.log", self.env)

    def _environment(self) -> dict[str, str]:
        dropped = ("DEBUG", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")
        inherited = {
            k: v for k, v in os.environ.items() if not k.endswith("_URL") and k not in dropped
        }
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "okrtracker.settings",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": self.mail.url,
            "SITE_URL": self.site,
            "VAR_DIR": str(self.folder / "var"),
            "SECRET_KEY": "of-the-machine",
            "HTTPS": "0",
            "TICK_SECONDS": str(TICK),
            "SENDING_LEASE": str(LEASE),
            "SENDING_PAUSE": str(PAUSE),
            "PYTHONUNBUFFERED": "1",
        }

    def _granian(self) -> list[str]:
        options = f"{serving.OPTIONS} --host 127.0.0.1 --port {self.port}"
        return [*options.split(), serving.APPLICATION]

    def _part(self, name: str, command: list[str]) -> Part:
        return Part(name, command, self.folder / f"{name}.log", self.env)

    def _worker(self, name: str) -> Part:
        options = f"worker --concurrency 1 --loglevel info --hostname {name}@localhost"
        return self._part(name, [*_CELERY, *options.split()])

    def another_beat(self, name: str) -> Part:
        options = "beat --scheduler celery.beat.Scheduler --loglevel info"
        return self._part(name, [*_CELERY, *options.split()])

    @property
    def parts(self) -> list[Part]:
        return [self.postgres.part, self.redis.part, self.web, *self.workers, self.beat]

    def start(self) -> None:
        self.mail.start()
        self._inside.start()
        self.redis.start()
        self.postgres.start()
        # What each of them imports and does keeps one core busy for seconds.
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(self._make_tables), pool.submit(self._serve)]:
                done.result()
        self.be_whole()

    def _make_tables(self) -> None:
        self.inside("migrate")
        for worker in self.workers:
            worker.start()

    def _serve(self) -> None:
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        self.web.start()

    def be_whole(self) -> None:
        """Every part runs, whatever a test before has done to it, and serves."""
        began = self.clock()
        is_whole = True
        for part in self.parts:
            if not part.is_running:
                part.start()
                is_whole = False
        wait_until("the web answers", self.web_answers)
        for worker in self.workers:
            wait_until(f"{worker.name} is ready", partial(worker.has_said, " ready."))
        if not is_whole:
            wait_until("the machine ticks", lambda: self.ticked_since(began))

    def stop(self) -> None:
        self.redis.go_on()
        self._inside.stop()
        for part in (self.beat, self.web, *self.workers, self.redis.part):
            part.kill()
        self.postgres.part.kill()
        self.mail.stop()

    def web_answers(self) -> bool:
        try:
            return Browser(self.site).get("/health/").status == 200
        except OSError:
            return False

    def clock(self) -> float:
        """Seconds since the epoch by the database's clock, which is also that of the workers."""
        return time.time()

    def ticked_since(self, moment: float) -> bool:
        rows = self.query(
            "SELECT 1 FROM reports_heartbeat WHERE part = 'tick' AND at > to_timestamp(%s)", moment
        )
        return bool(rows)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.postgres.query(statement, *values)

    def inside(self, scene: str, **arguments: Any) -> Any:
        """What that function of ``scenes`` returns, run on the machine's database."""
        return self._inside.call(scene, arguments)

    def browser(self, username: str = "") -> Browser:
        browser = Browser(self.site)
        return browser.sign_in(username) if username else browser

    def output(self) -> str:
        """What each part wrote last, for a test that failed."""
        return "\n".join(f"--- {part.name}\n{part.output()}" for part in self.parts)


@dataclass
class Inside:
    """The one process that plays scenes: Django is imported once, not for each."""

    log: Path
    env: Mapping[str, str]
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.machine.inside"]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env=self.env,
            )

    def call(self, scene: str, arguments: dict[str, Any]) -> Any:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps([scene, arguments]) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline() or "{}")
        assert "returned" in answer, answer.get("failed") or self.log.read_text()
        return answer["returned"]

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()  # asked to end, it would wait five seconds for its pool's threads
            with self._process:
                pass


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
