"""The file that a backup is: a packed tar of a manifest, the database, the keys and the files.

manifest.json   format, moment, engine, and the migrations that the database has passed
database        a file of SQLite, or what pg_dump writes in its custom format
keys.json       the settings that sign and encrypt
files/…         MEDIA_ROOT
"""

from __future__ import annotations

import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from django.conf import settings
from django.core.management.base import CommandError

from okrtracker.backup import sealing

FORMAT: Final = 1
KEYS: Final = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "CHANNEL_KEYS")


class Manifest(msgspec.Struct, frozen=True):
    made_at: datetime  # UTC
    engine: str  # sqlite, postgresql
    migrations: list[tuple[str, str]]  # application, name
    format: int = FORMAT


def keys_in_use() -> dict[str, Any]:
    return {name: getattr(settings, name) for name in KEYS}


def write(file: IO[bytes], manifest: Manifest, database: Path, passphrase: str) -> None:
    """Write the archive; encrypted if there is a passphrase."""
    sealed = sealing.SealingWriter(file, passphrase) if passphrase else None
    stream: Any = sealed or file
    with tarfile.open(mode="w|gz", fileobj=stream) as tar:
        _add(tar, "manifest.json", msgspec.json.encode(manifest))
        tar.add(database, "database", filter=_plain)
        _add(tar, "keys.json", json.dumps(keys_in_use()).encode())
        if (files := Path(settings.MEDIA_ROOT)).is_dir():
            tar.add(files, "files", filter=_plain)
    if sealed:
        sealed.close()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files and folders without their owner; links and the like are none of ours."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member if member.isreg() or member.isdir() else None


def unpack(path: Path, folder: Path, passphrase: str) -> Manifest:
    """Unpack the archive into ``folder``. Raises ``CommandError`` for a file that is none."""
    try:
        with path.open("rb") as file, _opened(file, passphrase) as tar:
            tar.extractall(folder, filter="data")
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except sealing.CannotOpen as error:
        raise CommandError(f"{path} does not open: {error}") from None
    except (tarfile.TarError, zlib.error, OSError, EOFError, msgspec.MsgspecError) as error:
        raise CommandError(f"{path} is no whole backup: {error}") from None
    if manifest.format > FORMAT:
        raise CommandError(f"{path} was made by a newer version: restore it with that one")
    return manifest


@contextmanager
def _opened(file: IO[bytes], passphrase: str) -> Iterator[tarfile.TarFile]:
    source: Any = file
    if file.read(len(sealing.MAGIC)) != sealing.MAGIC:
        file.seek(0)
    elif not passphrase:
        raise CommandError("the backup is encrypted: set BACKUP_PASSPHRASE")
    else:
        source = sealing.SealedReader(file, passphrase)
    with tarfile.open(mode="r|gz", fileobj=source) as tar:
        yield tar
