"""Whether a name is one of work or of something measured, where no word of it is known.

护理文书 70% is progress, 近视检出 53% is not, and no rule on words next to the number tells the two
apart. A linear model on the characters and words of names does; ``names.bin`` holds its weights,
one byte for each hashed feature. tests/projects/prose/training has the lists of names that it was
trained on, and the script.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from projects.prose import lazy
from projects.prose.hashed import bucket, weights

WEIGHTS: Final = Path(__file__).with_name("names.bin")
#: A weight of 1.0 is this many steps of its byte.
SCALE: Final = 24
#: Below it a name is taken for something measured: few names of work lie there. English names
#: give fewer features.
LEAST: Final = -1.2
_LEAST_LATIN: Final = -0.85
_SURE: Final = 2.0

_VERBS_BEFORE: Final = lazy.compile(r"\A(?:已经?|基本|继续|持续|推进|完成|开展|启动|进行)+了?")
_VERBS_AFTER: Final = lazy.compile(
    r"(?:已经?|均|都|才|刚|算是?|由|从)*(?:完工|完成|[做走改写]完)?(?:了|到)?\Z"
)
_SHORT: Final = lazy.compile("[A-Z]{2,4}")
_HAN: Final = lazy.compile("[^\u4e00-\u9fff]+")
_LATIN: Final = lazy.compile("[a-z]+")


def bare_name(words: str) -> str:
    """``words`` without the verbs around a name that say nothing of its kind: 完成POC."""
    return _VERBS_AFTER.sub("", _VERBS_BEFORE.sub("", words))


def is_measured_name(name: str, *, is_part: bool = False) -> bool:
    """Whether ``name`` is more like the names of measured things than like those of work.

    ``is_part``: it stands under the name of some work or beside other progress, so it is more
    likely a part of that.
    """
    if _SHORT.fullmatch(name):
        return False  # no letters of an acronym say what it is
    return likeness(name) < (_LEAST_LATIN if name.isascii() else LEAST) - 2 * is_part


def is_work_name(name: str) -> bool:
    """Whether ``name`` is surely one of work, though a word of it is one of measuring."""
    return likeness(name) > _SURE


def is_likely_work(name: str) -> bool:
    """Whether ``name`` is more like the names of work than like those of measured things."""
    return likeness(name) > 0


@lru_cache(maxsize=1024)
def likeness(name: str) -> float:
    """Above 0 for a name like those of work, below for one like those of measured things."""
    steps = weights(WEIGHTS)
    return (steps[0] + sum(map(steps.__getitem__, features(name)))) / SCALE


def features(name: str) -> set[int]:
    """The buckets of the features of ``name``, none of them 0, which is the bias."""
    return set(map(bucket, _features(name.casefold())))


def _features(name: str) -> list[str]:
    signs = []
    han = _HAN.sub("", name)[-16:]
    if han:
        signs += ["u" + sign for sign in han]
        signs += ["b" + han[at : at + 2] for at in range(len(han) - 1)]
        signs += ["e" + han[-1], "E" + han[-2:], "s" + han[0], "S" + han[:2]]
        signs.append(f"L{min(len(han), 7)}")
    words = _LATIN.findall(name)[-6:]
    if words and han:
        signs += ["w" + word for word in words]
    elif words:
        signs += ["w" + word for word in words[:-1]]
        # What an English name is, its last word says: it counts three times.
        signs += ["w" + words[-1], "l" + words[-1], "m" + words[-1]]
        signs += ["x" + words[-1][-4:], "x" + words[-1][-3:]]
    return signs
