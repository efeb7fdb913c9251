"""The order in which Chinese lists are read: by pinyin. Databases have none that both know."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Final

# Without the words of several characters: a quarter of the memory and of the time to load.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

# Surnames that are read otherwise than the character mostly is.
_SURNAMES: Final = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "盖": "ge",
    "朴": "piao",
    "缪": "miao",
    "覃": "qin",
    "冼": "xian",
    "乐": "yue",
    "员": "yun",
    "翟": "zhai",
    "尉": "wei",
    "召": "shao",
    "种": "chong",
    "长": "zhang",
}


@lru_cache(maxsize=8192)
def sort_key(name: str) -> tuple[tuple[str, ...], str]:
    """Sorts names of projects and other things: 贝易转, DocAI, 双活, whatever the case."""
    from pypinyin import lazy_pinyin  # loaded when the first list is sorted

    return tuple(part.strip().casefold() for part in lazy_pinyin(name)), name


def person_key(name: str) -> tuple[tuple[str, ...], str]:
    """Sorts names of people: the surname as surnames are read."""
    syllables, _ = sort_key(name)
    return (_SURNAMES.get(name[:1], syllables[0] if syllables else ""), *syllables[1:]), name
