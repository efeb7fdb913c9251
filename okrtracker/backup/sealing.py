"""A stream that is encrypted with a passphrase, in chunks, so that no size is too large.

The key is derived from the passphrase (scrypt) with a salt of the file. Each chunk is sealed by
ChaCha20-Poly1305 under its number, and the last one says that it is the last: chunks that are
changed, swapped or cut off do not open. (This is STREAM, of Hoang, Reyhanitabar, Rogaway, Vizár.)
"""

from __future__ import annotations

import os
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC: Final = b"okrtracker sealed 1\n"
_CHUNK: Final = 1 << 16
_COST: Final = 1 << 15  # of each guess at a passphrase: 32 MB and some 50 ms
_TAG: Final = 16
_SALT: Final = 16


class CannotOpen(Exception):
    """The passphrase is another one, or the file is not as it was written."""


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    key = Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
    return ChaCha20Poly1305(key)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealingWriter:
    """Encrypts what is written to it into ``file``; complete only after ``close``."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        salt = os.urandom(_SALT)
        file.write(MAGIC + salt)
        self._file, self._cipher = file, _cipher(passphrase, salt)
        self._waiting, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > _CHUNK:
            self._seal(bytes(self._waiting[:_CHUNK]), is_last=False)
            del self._waiting[:_CHUNK]
        return len(data)

    def close(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, chunk, None))
        self._number += 1


class SealedReader:
    """Reads what ``SealingWriter`` wrote, from behind ``MAGIC`` on. Raises ``CannotOpen``."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file, self._cipher = file, _cipher(passphrase, file.read(_SALT))
        self._next = file.read(_CHUNK + _TAG)
        self._open, self._number = bytearray(), 0

    def read(self, size: int) -> bytes:
        while len(self._open) < size and self._next:
            self._open += self._opened()
        data = bytes(self._open[:size])
        del self._open[:size]
        return data

    def _opened(self) -> bytes:
        sealed, self._next = self._next, self._file.read(_CHUNK + _TAG)
        nonce = _nonce(self._number, is_last=not self._next)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise CannotOpen("another passphrase, or the file was cut off or changed") from None
