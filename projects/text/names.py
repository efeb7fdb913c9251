"""Names of projects as people write them: folded to keys that match, compared for likeness. Pure.

``DocAI``, ``AI影像数字化（DocAI）项目`` and ``AI影像数字化`` share a key and are one project;
``自建POS`` and ``POS收单系统建设`` are only alike, which is a suggestion for a person to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from projects.prose import fold

_MARK: Final = r"\s*_`~「」【】\[\]()（）<>《》“”\"'‘’#:：，,。.、；;!！?？·\-–—/\\|&+×"
_MARKS: Final = re.compile(f"[{_MARK}]+")
_UNMARKED: Final = re.compile(f"[^{_MARK}]+")
_BRACKETED: Final = re.compile(r"[(（\[【]([^()（）\[\]【】]{1,40})[)）\]】]")
# Words that say what kind of thing a name is, not which: 实时数仓项目 is 实时数仓.
_KIND: Final = re.compile(r"(?:项目|专项|工程|系统|相关工作|工作)+$")
# An acronym in brackets is another name (DocAI); 一期, P0, 80% or WIP is a remark.
_ACRONYM: Final = re.compile(r"(?=(?:.*[A-Za-z]){3})[A-Za-z][A-Za-z0-9 .\-]*")
_REMARKS: Final = frozenset(
    {
        "wip",
        "todo",
        "done",
        "beta",
        "mvp",
        "poc",
        "demo",
        "new",
        "tbd",
        "eta",
        "web",
        "app",
        "ios",
        "api",
    }
)
_WORD: Final = re.compile(r"[a-z][a-z0-9]{2,}")


def key(name: str) -> str:
    """The name folded for comparing: one width and case, simplified, no marks, no kind words."""
    bare = _MARKS.sub("", fold(name)).lower()
    return _KIND.sub("", bare) or bare


def person_key(name: str) -> str:
    """A person's name, user name or address folded for comparing; no word of it is left out."""
    return _MARKS.sub("", fold(name).replace("@", "")).casefold()


def keys(name: str) -> tuple[str, ...]:
    """All keys under which the name is known, the full one first.

    A name with an acronym in brackets is known by the whole, by what stands outside, and by the
    acronym.
    """
    names = [key(name)]
    for inner in _BRACKETED.findall(name):
        folded = fold(inner).strip()
        if _ACRONYM.fullmatch(folded) and folded.lower() not in _REMARKS:
            names += [key(_BRACKETED.sub("", name)), key(folded)]
    return tuple(dict.fromkeys(k for k in names if k))


def likeness(name: str, other: str) -> float:
    """How alike two names are, 0 to 1; from 0.6 on it is worth asking whether they are one project.

    Both are compared by key. A key inside the other, or a shared Latin word (POS), counts as alike;
    otherwise it is the share of the shorter key that stands in one piece in the longer one.
    """
    a, b = sorted((key(name), key(other)), key=len)
    if not a or a == b:
        return float(bool(a))
    if len(a) >= 2 and a in b:
        return 0.9
    if set(_WORD.findall(a)) & set(_WORD.findall(b)):
        return 0.7
    if len(a) < 3:
        return 0.0
    match = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
    return match.size / len(a) if match.size >= 3 else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands in a text: ``text[start:end]``, and the key that was looked for."""

    start: int
    end: int
    key: str


def places(text: str, wanted: Iterable[str]) -> list[Place]:
    """Where the names with the ``wanted`` keys stand in ``text``, in order.

    Compared as keys are: 收银台 2.0 stands in 「收银台（2.0）评审」. Of names that overlap the
    longest counts. A key of one character, or without any letter, is never looked for: it would
    stand everywhere.
    """
    folded = fold(text)
    bare: list[str] = []
    origin: list[int] = []
    for run in _UNMARKED.finditer(folded):
        low = run[0].lower()
        bare.append(low if len(low) == len(run[0]) else run[0])
        origin += range(run.start(), run.end())
    line, taken, result = "".join(bare), bytearray(len(origin)), []
    for name in sorted(set(wanted), key=lambda name: (-len(name), name)):
        if len(name) < 2 or not any(map(str.isalpha, name)):
            continue
        at = line.find(name)
        while at >= 0:
            end = at + len(name)
            if not any(taken[at:end]):
                taken[at:end] = b"\1" * len(name)
                result.append(Place(origin[at], origin[end - 1] + 1, name))
            at = line.find(name, end)
    return sorted(result, key=lambda place: place.start)
