"""What a zip holds, read within limits: names in UTF-8 or GBK, archives within archives."""

from __future__ import annotations

import contextlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from reports.importer.formats import is_readable
from reports.importer.formats.encoding import decode
from reports.importer.formats.limits import DEEPEST, LARGEST_ARCHIVE, MOST_MEMBERS, MOST_PACKED
from reports.importer.formats.problems import CannotReadError, NotTextError, Problem

ARCHIVE: Final = ".zip"
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # a password; NotImplementedError, an unknown compression, is one too
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a folder or an archive, not read yet."""

    path: str  # from the folder or archive that is being read, with slashes
    read: Callable[[int], bytes]  # at most so many bytes and one more; raises CannotReadError
    modified: date | None = None
    depth: int = 0

    @classmethod
    def of(cls, file: Path, path: str | None = None) -> Member:
        """A file on disk, without a date: copying a file changes it."""

        def read(limit: int) -> bytes:
            if not file.is_file():
                raise CannotReadError(Problem.NO_FILE)
            try:
                with file.open("rb") as opened:
                    return opened.read(limit + 1)
            except OSError as error:
                raise CannotReadError(Problem.OTHER, error.strerror or error) from error

        return cls(path or file.name, read)

    @classmethod
    def refused(cls, path: str, problem: Problem) -> Member:
        """A file that is named and not read."""

        def read(_limit: int) -> bytes:
            raise CannotReadError(problem)

        return cls(path, read)

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix.lower()


def open_archive(archive: Member) -> Iterator[Member]:
    """The documents and archives in a zip, in its own order.

    Raises ``CannotReadError`` where it is damaged, has a password or unpacks to too much; it
    checks that before the first member is read.
    """
    if archive.depth >= DEEPEST:
        raise CannotReadError(Problem.NESTED)
    data = archive.read(LARGEST_ARCHIVE)
    if len(data) > LARGEST_ARCHIVE:
        raise CannotReadError(Problem.LARGE, LARGEST_ARCHIVE // 2**20)
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        wanted = [(info, name) for info in opened.infolist() if _is_wanted(name := _name(info))]
    except _DAMAGE as error:
        raise CannotReadError(Problem.NO_ARCHIVE) from error
    if any(info.flag_bits & _ENCRYPTED for info, _ in wanted):
        raise CannotReadError(Problem.PASSWORD)
    unpacked = sum(info.file_size for info, _ in wanted)
    if unpacked > LARGEST_ARCHIVE or len(wanted) > MOST_MEMBERS:
        raise CannotReadError(Problem.UNPACKED_LARGE, LARGEST_ARCHIVE // 2**20)
    if any(_is_bomb(info) for info, _ in wanted):
        raise CannotReadError(Problem.BOMB)
    for info, name in wanted:
        if _leads_out(info):
            yield Member.refused(name, Problem.LEADS_OUT)
            continue
        yield Member(name, _reader(opened, info), _day(info), archive.depth + 1)


def _leads_out(info: zipfile.ZipInfo) -> bool:
    """Whether the member's name is that of a file elsewhere (../, /etc, C:)."""
    path = info.filename.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or path[1:3] == ":/"


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    """Whether a large member unpacks to so many times its size that it is mere repetition."""
    return info.file_size > 2**20 and info.file_size > MOST_PACKED * info.compress_size


def _is_wanted(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return not name.endswith("/") and (suffix == ARCHIVE or is_readable(suffix))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the mark for UTF-8 its encoding is guessed."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeEncodeError, NotTextError):
            name = decode(name.encode("cp437"))
    return name.replace("\\", "/").strip("/") + ("/" if info.is_dir() else "")


def _reader(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        try:
            with opened.open(info) as member:
                return member.read(limit + 1)
        except _DAMAGE as error:
            raise CannotReadError(Problem.DAMAGED_MEMBER) from error

    return read


def _day(info: zipfile.ZipInfo) -> date | None:
    year, month, day, *_ = info.date_time
    try:
        return date(year, month, day) if year > 1980 else None  # 1980 stands for no date
    except ValueError:
        return None
