"""``manage.py quickstart``: from nothing to a page in the browser; Ctrl-C ends all of it."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from okrtracker import serving
from okrtracker.demo import SIGN_IN
from okrtracker.processes.supervisor import Plan, say

HOST: Final = "127.0.0.1"
_FRESH: Final = timedelta(days=7)


class Command(BaseCommand):
    help = "Sets up the database and the demo team, then serves web, worker and beat on 127.0.0.1."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--password", default="", help="of the demo users; made up if not given"
        )
        parser.add_argument(
            "--parent",
            type=int,
            metavar="PID",
            help="the process that starts this one: stop when it ends, however it ends",
        )

    def handle(self, *, port: int, password: str, parent: int | None, **_options: Any) -> None:
        _require_free(port)
        _require_writable(settings.VAR_DIR)
        try:
            _migrate()
            password = _load_demo(password, settings.VAR_DIR / "demo_password")
        except DatabaseError as error:
            raise CommandError(f"the database cannot be used: {_one_line(error)}") from error
        finally:
            connection.close()
        _plan(port, password, parent).take_over()


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # As the server will: a port that only waits for late packets is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError:
            raise CommandError(f"{port} is no port: choose one from 1024 to 65535") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"port {port} is in use: choose another with PORT={port + 1}"
                ) from None
            raise CommandError(f"port {port} cannot be used: {error.strerror}") from None


def _require_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"cannot write to {folder}: make it writable, or set VAR_DIR")


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    # `migrate` takes seconds even with nothing to do: permissions and content types, each time.
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Setting up the database …")
        call_command("migrate", interactive=False, verbosity=0)


def _load_demo(wanted: str, password_file: Path) -> str:
    """Loads the demo team once; the password of its users, which it keeps in ``password_file``.

    Kept, so that yesterday's sign-in works today, and so that a start need not hash it again to
    see whether it is still the same.
    """
    _say_how_old(password_file)
    stored_password = password_file.read_text(encoding="utf-8") if password_file.exists() else ""
    password = wanted or stored_password or secrets.token_hex(4)
    users = get_user_model().objects.filter(username__in=SIGN_IN)
    if users.count() < len(SIGN_IN):
        say("Loading the demo team …")
        call_command("demo", password=password, verbosity=0)
    elif password != stored_password:
        for user in users:
            user.set_password(password)
            user.save(update_fields=["password"])
    if password != stored_password:
        password_file.touch(mode=0o600)
        password_file.write_text(password, encoding="utf-8")
    return password


def _say_how_old(password_file: Path) -> None:
    """A demo goes on from the day on which it was loaded, and nobody has reported since."""
    if not password_file.exists() or connection.vendor != "sqlite":
        return
    loaded_at = datetime.fromtimestamp(password_file.stat().st_mtime, UTC)
    if datetime.now(UTC) - loaded_at > _FRESH:
        say(f"The demo is of {loaded_at:%Y-%m-%d}; for a new one, delete {settings.VAR_DIR} first.")


def _plan(port: int, password: str, parent: int | None) -> Plan:
    # Plain http on this machine alone: no redirect to https, error pages that say what is wrong.
    site_url = f"http://{HOST}:{port}"
    defaults = {"DEBUG": "1", "HTTPS": "0", "LOG_LEVEL": "WARNING", "SITE_URL": site_url}
    env = {**defaults, **os.environ, "PYTHONUNBUFFERED": "1"}
    granian = f"{serving.OPTIONS} --host {HOST} --port {port} --log-level warning"
    # Its warnings are for servers: not to be root, as one is in a container; not to be in DEBUG.
    celery = "-W ignore::UserWarning -m celery --app okrtracker --quiet"
    commands = {
        "web": f"-m granian {granian} {serving.APPLICATION}",
        # solo: one task after the other in the worker itself is plenty for one machine, and a
        # process fewer.
        "worker": f"{celery} worker --pool solo"
        " --without-gossip --without-mingle --without-heartbeat",
        # Its own scheduler keeps a file that does not survive being killed; ours needs none.
        "beat": f"{celery} beat --scheduler celery.beat.Scheduler",
    }
    return Plan(
        {name: [sys.executable, *arguments.split()] for name, arguments in commands.items()},
        cwd=str(settings.BASE_DIR),
        env=env | {"DEMO_PASSWORD": password},
        parent=parent,
        host=HOST,
        port=port,
        page=str(settings.LOGIN_URL),
        announcement=(
            f"\nOKR Tracker is ready: {site_url}/",
            f"Sign in as {', '.join(SIGN_IN[:-1])} or {SIGN_IN[-1]}; password: {password}",
            "Ctrl-C stops it.",
        ),
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
