from __future__ import annotations

import io

import pytest

from okrtracker.backup import sealing
from okrtracker.backup.sealing import MAGIC, CannotOpen, SealedReader, SealingWriter

LONG = bytes(range(256)) * 1_000


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", 2)


def _sealed(data: bytes, passphrase: str = "right") -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file, passphrase)
    writer.write(data)
    writer.close()
    return file.getvalue()


def _opened(sealed: bytes, passphrase: str = "right") -> bytes:
    assert sealed.startswith(MAGIC)
    return SealedReader(io.BytesIO(sealed[len(MAGIC) :]), passphrase).read(1 << 20)


def test_opens_with_its_passphrase_only() -> None:
    sealed = _sealed(LONG)
    assert _opened(sealed) == LONG
    assert LONG[:256] not in sealed
    assert _opened(_sealed(b"")) == b""
    with pytest.raises(CannotOpen):
        _opened(sealed, "wrong")


def test_changed_swapped_or_cut_off_does_not_open() -> None:
    sealed = _sealed(LONG)
    start, chunk = len(MAGIC) + 16, (1 << 16) + 16
    flipped = bytearray(sealed)
    flipped[-1] ^= 1
    first, second = sealed[start : start + chunk], sealed[start + chunk : start + 2 * chunk]
    swapped = sealed[:start] + second + first + sealed[start + 2 * chunk :]
    for broken in (bytes(flipped), swapped, sealed[: start + chunk], sealed[:-1]):
        with pytest.raises(CannotOpen):
            _opened(broken)
