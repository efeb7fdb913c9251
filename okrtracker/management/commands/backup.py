"""``manage.py backup``."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from okrtracker.backup import archive, engines


class Command(BaseCommand):
    help = (
        "Write the database, the files and the keys into one new file, which only its owner can"
        " read; the site may go on meanwhile. `manage.py restore` reads it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")
        parser.add_argument("--encrypt", action="store_true", help="with BACKUP_PASSPHRASE")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections))

    def handle(self, *, file: Path, encrypt: bool, database: str, **_options: Any) -> None:
        if encrypt and not settings.BACKUP_PASSPHRASE:
            raise CommandError("--encrypt wants a passphrase: set BACKUP_PASSPHRASE")
        if file.exists():
            raise CommandError(f"{file} is there already: name another file")
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            self._write(unfinished, database, settings.BACKUP_PASSPHRASE if encrypt else "")
            unfinished.rename(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror or error}") from None
        finally:
            unfinished.unlink(missing_ok=True)
        words = "encrypted" if encrypt else "not encrypted: it holds the keys, keep it safe"
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, {words}.")

    def _write(self, path: Path, alias: str, passphrase: str) -> None:
        connection = connections[alias]
        applied = MigrationRecorder(connection).applied_migrations()
        if not applied:
            raise CommandError("the database has no tables yet: there is nothing to keep")
        manifest = archive.Manifest(
            made_at=timezone.now(), engine=connection.vendor, migrations=sorted(applied)
        )
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            dumped = Path(folder) / "database"
            engines.dump(connection, dumped)
            with os.fdopen(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                archive.write(file, manifest, dumped, passphrase)
                file.flush()
                os.fsync(file.fileno())
