"""Hashed features of words: what the small linear models of the parser weigh."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from zlib import crc32

from projects.prose import lazy

BUCKETS: Final = 1 << 16
#: A weight of 1.0 is this many steps of its byte.
SCALE: Final = 32

_DIGITS: Final = str.maketrans(dict.fromkeys("0123456789", "0"))
_TOKENS: Final = lazy.compile(r"[a-z]+|[\u4e00-\u9fff]|[^\sa-z\u4e00-\u9fff]")


@lru_cache(maxsize=1 << 15)
def bucket(feature: str) -> int:
    """The bucket of a feature, never 0, which is the bias; remembered, since most come again."""
    return 1 + crc32(feature.encode()) % (BUCKETS - 1)


def tokens(words: str) -> list[str]:
    """Latin words, Chinese characters and signs, each digit as 0."""
    return _TOKENS.findall(words.casefold().translate(_DIGITS)) if words else []


def pairs(kind: str, of_tokens: list[str]) -> list[str]:
    return [kind + first + second for first, second in pairwise(of_tokens)]


@cache
def weights(path: Path) -> list[int]:
    """The weights of a model, the bias first, in steps of their byte."""
    return [byte - 256 if byte > 127 else byte for byte in path.read_bytes()]
