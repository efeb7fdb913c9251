"""``manage.py restore``."""

from __future__ import annotations

import json
import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from okrtracker.backup import archive, engines, settling


class Command(BaseCommand):
    help = (
        "Restore what `manage.py backup` wrote into a database without people or teams. Stop web,"
        " workers and beat before. What may have been sent since the backup is not sent again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections))

    def handle(self, *, file: Path, database: str, **_options: Any) -> None:
        connection = connections[database]
        if used := engines.tables_in_use(connection):
            raise CommandError(
                f"the database is in use (rows in {' and '.join(used)}): restore into an empty one"
            )
        with tempfile.TemporaryDirectory(prefix="okrtracker-restore-") as name:
            folder = Path(name)
            manifest = archive.unpack(file, folder, settings.BACKUP_PASSPHRASE)
            _require_fitting(manifest, connection.vendor)
            engines.load(folder / "database", connection)
            engines.migrate(connection)
            settled = settling.settle(connection, manifest.made_at, timezone.now())
            self._restore_files(folder / "files")
            self._restore_keys(json.loads((folder / "keys.json").read_text()))
        self.stdout.write(f"Restored as of {manifest.made_at:%Y-%m-%d %H:%M} UTC. Settled:")
        for words, count in settled.items():
            self.stdout.write(f"  {count} {words}")

    def _restore_files(self, folder: Path) -> None:
        if folder.is_dir():
            shutil.copytree(folder, settings.MEDIA_ROOT, dirs_exist_ok=True)

    def _restore_keys(self, keys: dict[str, Any]) -> None:
        """Put the secret key where it is kept. Others come from the environment, and so may it:
        where they differ, they are left in a file for the operator to take over.
        """
        key_file = settings.VAR_DIR / "secret_key"
        if (
            key_file.exists()
            and key_file.read_text(encoding="ascii").strip() == settings.SECRET_KEY
        ):
            key_file.write_text(keys["SECRET_KEY"], encoding="ascii")
            del keys["SECRET_KEY"]
        differing = {name: key for name, key in keys.items() if key != getattr(settings, name)}
        if not differing:
            return
        path = settings.VAR_DIR / "restored_keys.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(differing, indent=1), encoding="utf-8")
        self.stdout.write(
            f"Set {', '.join(differing)} as {path} has them, before the site starts, and delete it."
        )


def _require_fitting(manifest: archive.Manifest, vendor: str) -> None:
    if manifest.engine != vendor:
        raise CommandError(
            f"the backup is of {manifest.engine}, and DATABASE_URL names {vendor}: restore it"
            " there, then `manage.py move_database`"
        )
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    replaced = {key for migration in migrations.values() for key in migration.replaces}
    if newer := [
        ".".join(key) for key in manifest.migrations if key not in {*migrations, *replaced}
    ]:
        raise CommandError(
            f"the backup is of a newer version, which knows {newer[0]}: upgrade first"
        )
