"""Names of projects as people write them: folded to keys that match, compared for likeness. Pure.

``DocAI``, ``AI影像数字化（DocAI）项目`` and ``AI影像数字化`` share a key and are one project;
``自建POS`` and ``POS收单系统建设`` are only alike, which is a suggestion for a person to confirm.
Forms, imports and searches all compare names by ``key``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rapidfuzz import fuzz

from projects.prose import fold

# Characters that nobody sees: of width nothing, of direction, and fillers.
_UNSEEN: Final = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3164\ufeff\uffa0"
)
# Marks, pictures, and what nobody sees.
_MARK: Final = (
    r"\s*_`~「」『』【】〔〕〈〉\[\]()（）<>《》{}“”\"'‘’#:：，,。.、；;!！?？·•\-–—/\\|&+×^$@=…"
    f"{_UNSEEN}\u2028\u2029\ufe00-\ufe0f\u20e3"
    "\u2190-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
)
_MARKS: Final = re.compile(f"[{_MARK}]+")
_UNSEEN_IN_TEXT: Final = re.compile(f"[{_UNSEEN}]")
_CODE: Final = re.compile(r"([a-z]{1,3})([0-9]{1,3})")
_STOP_IN_ADDRESS: Final = re.compile(r"(?<=[A-Za-z0-9])。(?=[A-Za-z0-9])")
_LINK: Final = re.compile(
    r"\w://|\bwww\.|[\w-]\.[a-z]{2,}/|[a-z0-9-]\.(?:com|cn|net|org|top|xyz|info|biz|cc|vip|shop|ru|io)\b",
    re.IGNORECASE | re.ASCII,
)
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
# What most names have in common says nothing of which of them are one.
_COMMON: Final = re.compile(
    r"系统|平台|项目|升级|改造|建设|优化|开发|服务|管理|工作|需求|功能|方案|相关|专项|"
    r"project|system|platform|service|upgrade|migration|rollout|"
    r"(?<![a-z])(?:app|api|web|ios)(?![a-z])"
)
_ORDINAL: Final = re.compile(
    r"\d+(?:\.\d+)*|[一二三四五六七八九十甲乙丙丁]|(?<![a-z])[a-z](?![a-z])"
)
# An acronym, but of those that say where something runs; and what it may stand for.
_LETTERS: Final = re.compile(r"(?!(?:app|api|web|ios)\Z)[a-z]{2,6}")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]{2,8}")
_TELLING: Final = 4  # characters of a shared tail, the words that most names have aside
_MOST_SHARING: Final = 40  # names; a piece that more of them have tells none apart
_ALIKE: Final = 0.6
_MOST_ALIKE: Final = 0.95  # two keys that differ are never the same


class Named(Protocol):
    """What has a name."""

    name: Any


def has_link(text: str) -> bool:
    """Whether a mail program would make a link of some part of it: an address, a domain."""
    return _LINK.search(unicodedata.normalize("NFKC", text)) is not None


def one_line(text: str) -> str:
    """What was pasted with line breaks, runs of blanks or unseen characters in it, without them."""
    return " ".join(_UNSEEN_IN_TEXT.sub("", text).split())


def code(text: str) -> str:
    """How an objective's code is written, whichever way it was typed: o1, Ｏ1 and "O 1" are O1."""
    short = _CODE.fullmatch(folded(text))
    return f"{short[1].upper()}{short[2]}" if short else one_line(text)


def mail_address(text: str) -> str:
    """Words with a mail address in them as they are meant, typed with an input method or not:
    ``zhang＠example。com``.
    """
    if "＠" not in text and "。" not in text:
        return text
    return _STOP_IN_ADDRESS.sub(".", unicodedata.normalize("NFKC", text))


def folded(name: str) -> str:
    """The name in one width, case and script, as Unicode composes it, without marks."""
    return _MARKS.sub("", fold(unicodedata.normalize("NFKC", name))).casefold()


def with_login(name: str, username: str) -> str:
    """How one of several people of that name is told apart."""
    return f"{name} ({username})"


def differ_by_login(name: str, other: str) -> bool:
    """Whether two names are the same but for the user name that ``with_login`` adds to one."""
    bare, longer = sorted((name, other), key=len)
    return longer.startswith(f"{bare} (") and longer.endswith(")")


def spelling(name: str) -> str:
    """The name in one width and case, without blanks and what nobody sees; marks stay.

    Two names that differ in nothing else are one: ``V1.0`` and ``ｖ1.0`` are, ``V10`` is another.
    """
    return "".join(_UNSEEN_IN_TEXT.sub("", unicodedata.normalize("NFKC", name)).split()).casefold()


def namesake[Row: Named](rows: Iterable[Row], name: str) -> Row | None:
    """The first of the rows that is spelled like the name."""
    wanted = spelling(name)
    return next((row for row in rows if spelling(row.name) == wanted), None)


def key(name: str) -> str:
    """The name folded for comparing, without words of kind; empty where nothing is left of it."""
    bare = folded(name)
    return _KIND.sub("", bare) or bare


def keys(name: str) -> tuple[str, ...]:
    """All keys under which the name is known, the full one first.

    A name with an acronym in brackets is known by the whole, by what stands outside, and by the
    acronym.
    """
    names = [key(name)]
    for inner in _BRACKETED.findall(name):
        acronym = fold(inner).strip()
        if _ACRONYM.fullmatch(acronym) and acronym.lower() not in _REMARKS:
            names += [key(_BRACKETED.sub("", name)), key(acronym)]
    return tuple(dict.fromkeys(k for k in names if k))


def likeness(name: str, other: str) -> float:
    """How alike two names are, 0 to 1; from 0.6 on it is worth asking whether they are one project.

    Both are compared by key. A key inside the other, or a shared Latin word (POS), counts as alike;
    otherwise it is how much of the two is the same, words that most names have left out. Names
    that differ only in a number (一期, 二期) are not alike.
    """
    return _likeness(key(name), key(other))


def _likeness(key_a: str, key_b: str) -> float:
    a, b = sorted((key_a, key_b), key=len)
    if not a or a == b:
        return float(bool(a))
    if _ORDINAL.findall(a) and _ORDINAL.findall(b) and _ORDINAL.sub("", a) == _ORDINAL.sub("", b):
        return 0.0
    if len(a) >= 2 and a in b:
        return 0.9
    if (set(_WORD.findall(a)) & set(_WORD.findall(b))) - _REMARKS:
        return 0.7
    if _is_acronym_of(a, b):
        return _ALIKE
    return _share(a, b) if len(a) >= 3 else 0.0


def _is_acronym_of(a: str, b: str) -> bool:
    """Whether all that differs is a word of letters at the head of one key, and Chinese at that of
    the other: AML名单筛查, 反洗钱名单筛查. Nobody knows whether they mean the same.
    """
    differing = (
        n for n, pair in enumerate(zip(a[::-1], b[::-1], strict=False)) if len(set(pair)) > 1
    )
    tail = next(differing, len(a))
    heads = sorted((a[: len(a) - tail], b[: len(b) - tail]))
    shared = _COMMON.sub("", a[len(a) - tail :])
    return (
        len(shared) >= _TELLING
        and _LETTERS.fullmatch(heads[0]) is not None
        and _CHINESE.fullmatch(heads[1]) is not None
    )


def _share(a: str, b: str) -> float:
    """How much of two keys is the same, without the words that most names have."""
    own_a, own_b = _COMMON.sub("", a), _COMMON.sub("", b)
    if min(len(own_a), len(own_b)) < 2:
        return 0.0
    return min(fuzz.ratio(own_a, own_b) / 100, _MOST_ALIKE)


@dataclass(frozen=True, slots=True)
class Alike:
    """Two names that may be one, and how alike they are, 0.6 to 1."""

    name: str
    other: str
    likeness: float


def alike(names: Sequence[str], known_names: Sequence[str] = ()) -> list[Alike]:
    """The pairs among ``names``, and of these with ``known_names``, that are alike, most first.

    Only names that share a rare piece are compared, so that thousands take a second.
    """
    every = [*known_names, *names]
    name_keys = [key(name) for name in every]
    pairs = []
    for place, partners in enumerate(_sharing(name_keys)):
        if place < len(known_names):
            continue
        for partner in partners:
            score = round(_likeness(name_keys[place], name_keys[partner]), 2)
            if score >= _ALIKE:
                pairs.append(Alike(every[place], every[partner], score))
    return sorted(pairs, key=lambda pair: -pair.likeness)


def _sharing(name_keys: Sequence[str]) -> Iterator[list[int]]:
    """For each key the places of earlier keys that share a piece which few of them have."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, name_key in enumerate(name_keys):
        for piece in _pieces(name_key):
            holders[piece].append(place)
    for place, name_key in enumerate(name_keys):
        sharing = [holders[p] for p in _pieces(name_key) if len(holders[p]) <= _MOST_SHARING]
        yield sorted({other for places in sharing for other in places if other < place})


def _pieces(name_key: str) -> set[str]:
    """Two characters in a row, and Latin words; without the words that most names have."""
    own = _COMMON.sub(" ", name_key)
    pairs = {own[i : i + 2] for i in range(len(own) - 1)}
    return {pair for pair in pairs if " " not in pair} | set(_WORD.findall(name_key)) | {name_key}


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name stands in a text: ``text[start:end]``, and the key that was looked for."""

    start: int
    end: int
    key: str


def places(text: str, wanted: Iterable[str]) -> list[NamePlace]:
    """Where the names with the ``wanted`` keys stand in ``text``, in order.

    Compared as keys are: 收银台 2.0 stands in 「收银台（2.0）评审」. Of names that overlap the
    longest counts. A key of one character, or without any letter, is never looked for: it would
    stand everywhere.
    """
    bare: list[str] = []
    origin: list[int] = []
    is_plain = unicodedata.is_normalized("NFKC", text)
    for run in _UNMARKED.finditer(fold(text)):
        low = run[0].casefold()
        if is_plain and len(low) == len(run[0]):
            bare.append(low)
            origin += range(run.start(), run.end())
            continue
        for place, character in enumerate(run[0], start=run.start()):
            pieces = folded(character)
            bare.append(pieces)
            origin += [place] * len(pieces)
    line, taken, result = "".join(bare), bytearray(len(origin)), []
    for name in sorted(set(wanted), key=lambda name: (-len(name), name)):
        if len(name) < 2 or not any(map(str.isalpha, name)):
            continue
        at = line.find(name)
        while at >= 0:
            end = at + len(name)
            if not any(taken[at:end]):
                taken[at:end] = b"\1" * len(name)
                result.append(NamePlace(origin[at], origin[end - 1] + 1, name))
            at = line.find(name, end)
    return sorted(result, key=lambda place: place.start)
