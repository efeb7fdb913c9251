"""``manage.py move_database``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from okrtracker import environment
from okrtracker.backup import engines, moving

_TARGET: Final = "target"


class Command(BaseCommand):
    help = (
        "Copy this site's SQLite database into an empty PostgreSQL database, with keys, editions"
        " and hashes as they are. Stop web, workers and beat before; then set DATABASE_URL to it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", metavar="URL", help="postgres://user:password@host/name")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections))

    def handle(self, *, target: str, database: str, **_options: Any) -> None:
        source = connections[database]
        if source.vendor != "sqlite":
            raise CommandError("this site is not on SQLite: use `manage.py backup` and `restore`")
        connection = _connect(target)
        try:
            if used := engines.tables_in_use(connection):
                raise CommandError(f"the target is in use: {' and '.join(used)} have rows")
            engines.migrate(source)
            engines.migrate(connection)
            counts = moving.move(source, connection)
        finally:
            connection.close()
            del connections[_TARGET], connections.databases[_TARGET]
        rows = sum(counts.values())
        self.stdout.write(f"{rows:,} rows of {len(counts)} tables moved; all editions verified.")
        self.stdout.write("Set DATABASE_URL to the new database and start the site.")


def _connect(url: str) -> BaseDatabaseWrapper:
    if not url.startswith(("postgres://", "postgresql://")):
        raise CommandError(
            "the target is no address of PostgreSQL: postgres://user:password@host/name"
        )
    config = environment.database(url, Path())
    config["OPTIONS"].pop("pool", None)  # one connection is all that is needed
    connections.databases[_TARGET] = connections.configure_settings({DEFAULT_DB_ALIAS: config})[
        DEFAULT_DB_ALIAS
    ]
    connection = connections[_TARGET]
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().partition("\n")[0]
        raise CommandError(f"the target cannot be reached: {reason}") from None
    return connection
