"""All parts together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tests.machine.engines import Postgres, Redis
from tests.machine.mail import MailServer
from tests.machine.processes import ROOT, Part, free_port, wait_until
from tests.machine.web import Browser

TICK: Final = 1.0
LEASE: Final = 6
PAUSE: Final = 1.0
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

    def _environment(self) -> dict[str, str]:
        dropped = ("DEBUG", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")
        kept = {k: v for k, v in os.environ.items() if not k.endswith("_URL") and k not in dropped}
        return kept | {
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
        served = f"--interface wsgi --host 127.0.0.1 --port {self.port} --blocking-threads 4"
        return [*served.split(), "okrtracker.wsgi:application"]

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
        self.redis.start()
        self.postgres.start()
        with ThreadPoolExecutor() as pool:
            commands = (["migrate", "--noinput"], ["collectstatic", "--noinput"])
            for done in [pool.submit(self.manage, *command, "-v0") for command in commands]:
                done.result()
        self.be_whole()

    def be_whole(self) -> None:
        """Every part runs, whatever a test before has done to it, and serves."""
        for part in self.parts:
            if not part.is_running:
                part.start()
        wait_until("the web answers", self.web_answers)
        now = self.clock()
        wait_until("the machine ticks", lambda: self.ticked_since(now))

    def stop(self) -> None:
        self.redis.go_on()
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

    def manage(self, *arguments: str) -> str:
        return self._run([sys.executable, "manage.py", *arguments])

    def inside(self, scene: str, **arguments: Any) -> Any:
        """What that function of ``scenes`` returns, run on the machine's database."""
        command = [sys.executable, "-m", "tests.machine.inside", scene, json.dumps(arguments)]
        return json.loads(self._run(command).splitlines()[-1])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def browser(self, username: str = "") -> Browser:
        browser = Browser(self.site)
        return browser.sign_in(username) if username else browser

    def said(self) -> str:
        """What each part wrote last, for a test that failed."""
        return "\n".join(f"--- {part.name}\n{part.said()}" for part in self.parts)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
