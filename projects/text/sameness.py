"""Whether two names that are alike mean one project beyond doubt. Pure.

To part what is one is soon mended; to join what is two mixes the numbers of both. So names are one
by default only where all that differs says nothing of which project it is.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from rapidfuzz.distance import OSA

from projects.text.names import key

# Words of what is done with a thing, or that it is one: 收银台改版 is the project of 收银台.
# None of them says which thing: no phase, version, region, customer, and no part of the thing.
_SAYS_NOTHING: Final = re.compile(
    r"(?:系统|平台|项目|专项|工程|课题|任务|工作|事项|需求|功能|方案|相关|整体|总体|全部|"
    r"升级|改造|改版|重构|建设|搭建|优化|完善|开发|研发|设计|推进|落地|实施|交付|上线|对接|接入|"
    r"测试|检测|联调|验收|评审|跟进|的|和|及|与|"
    r"projects?|systems?|platforms?|services?|programs?|programmes?|initiatives?|workstreams?|"
    r"rewrite|redesign|refactor(?:ing)?|upgrade|rollout|development|implementation|"
    r"build|launch|the|of|for|s)+"
)
# 海外收单（原跨境收单） says of itself what it was called before.
_RENAMED: Final = re.compile(
    r"(?P<present>.+?)\s*[（(](?:原名?|曾用名|旧称|旧名|formerly\b)\s*[:：]?\s*(?P<former>[^()（）]+)[)）]",
    re.IGNORECASE,
)
_TYPED: Final = re.compile(r"[a-z]{7,}")  # a long word of letters, in which a slip is no other word


def is_surely_one(name: str, other: str) -> bool:
    """Whether two names differ only in words that say nothing of which project they mean.

    票据池 and 票据池系统改造 do; 票据池二期, 企业票据池 and 票据池国际版 are other projects.
    A name that tells its former one in brackets means both.
    """
    pairs = product(_called(name), _called(other))
    return any(_is_surely_one(key(one_name), key(other_name)) for one_name, other_name in pairs)


def _called(name: str) -> tuple[str, ...]:
    """The name, and where it tells its former one, what it is called now and was before."""
    renamed = _RENAMED.fullmatch(name.strip())
    return (name, renamed["present"], renamed["former"]) if renamed else (name,)


def _is_surely_one(a: str, b: str) -> bool:
    if a == b:
        return bool(a)
    if not a or not b:
        return False
    if _is_slip(a, b):
        return True
    start, end = _shared(a, b)
    own_a, own_b = a[start : len(a) - end], b[start : len(b) - end]
    is_inside = not own_a or not own_b
    return is_inside and _SAYS_NOTHING.fullmatch(own_a or own_b) is not None


def _is_slip(a: str, b: str) -> bool:
    """Whether a letter within a long word is typed wrongly (one at its end may tell)."""
    are_long = _TYPED.fullmatch(a) is not None and _TYPED.fullmatch(b) is not None
    return are_long and (a[0], a[-1]) == (b[0], b[-1]) and OSA.distance(a, b) <= 1


def _shared(a: str, b: str) -> tuple[int, int]:
    """How many characters two keys share at the beginning, and at the end behind those."""
    least = min(len(a), len(b))
    start = next((place for place in range(least) if a[place] != b[place]), least)
    rest = least - start
    end = next((place for place in range(rest) if a[-1 - place] != b[-1 - place]), rest)
    return start, end
