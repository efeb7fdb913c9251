"""Hashed features of words: what the small linear models of the parser weigh."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from zlib import crc32

from projects.prose import lazy

BUCKETS: Final = 1 << 16
#: A weight of 1.0 is this many steps of its byte.
SCALE: Final = 32
_MOST_REMEMBERED: Final = 1 << 16

_DIGIT: Final = lazy.compile("[0-9]")
_TOKENS: Final = lazy.compile(r"[a-z]+|[\u4e00-\u9fff]|[^\sa-z\u4e00-\u9fff]")


class _Buckets(dict[str, int]):
    """The buckets of the features that came so far, since most come again; never too many."""

    def __missing__(self, feature: str) -> int:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        place = self[feature] = 1 + crc32(feature.encode()) % (BUCKETS - 1)
        return place


#: The bucket of a feature, never 0, which is the bias. A plain look-up: a text asks for hundreds.
bucket: Final = _Buckets().__getitem__


def tokens(words: str) -> list[str]:
    """Latin words, Chinese characters and signs, each digit as 0."""
    return _TOKENS.findall(_DIGIT.sub("0", words.casefold())) if words else []


def pairs(kind: str, of_tokens: list[str]) -> list[str]:
    return [kind + first + second for first, second in pairwise(of_tokens)]


@cache
def weights(path: Path) -> list[int]:
    """The weights of a model, the bias first, in steps of their byte."""
    return [byte - 256 if byte > 127 else byte for byte in path.read_bytes()]
