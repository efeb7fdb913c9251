"""What people put before and behind a project's name: tags, pictures, links, its owner. Pure.

``🔥 [P0] @张三 #会员# 库存预占（小沈）`` names 库存预占, and 小沈 owns it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from projects.prose import fold
from reports.importer.reading.names.people import is_person_list, people_in

_TAG_WORDS: Final = (
    r"P\d|S\d|[高中低]|[高中低]优(?:先级?)?|(?:最高|较高)?优先级?[:：]?[高中低P\d]*|紧急|重要|重点|必做|新增|"
    r"新|遗留|临时|延期|延续|长期|进行中|未开始|已完成|完成|待开始|暂停|阻塞|风险|跟进|持续|协助|支持|"
    r"需求|优化|缺陷|修复|专项|"
    r"wip|todo|done|doing|blocked|on hold|urgent|critical|high|medium|low|new|bug|feature|task|"
    r"in progress|at risk|on track|off track|delayed|"
    r"\d{1,3}(?:\.\d+)?\s?%"
)
_LEAD: Final = re.compile(
    r"(?:[\s\u200b\ufeff]*(?:"
    r"[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff]\ufe0f?"
    r"|\d\ufe0f?\u20e3"
    r"|[\[【(（<](?:" + _TAG_WORDS + r")[\]】)）>](?!\()"
    r"|@[A-Za-z\u4e00-\u9fff·]{2,12}(?=[\s:：,，、])[:：,，、]?"
    r"))+\s*[:：]?\s*",
    re.IGNORECASE,
)
_TOPIC: Final = re.compile(r"#(?P<topic>[^#\s]{1,30})#\s*")
_LINK: Final = re.compile(r"\[(?P<name>[^\[\]]{2,60})\]\([^()\s]{1,500}\)\s*[:：,，–—-]*\s*")
_AT: Final = re.compile(r"(?<![\w.])@([A-Za-z\u4e00-\u9fff·]{2,12})(?![\w@.])")
_PERCENT: Final = re.compile(r"\d{1,3}(?:\.\d+)?\s?%")
_BEHIND: Final = re.compile(
    r"(?P<name>.{2,}?)\s*(?P<owner>[（(]\s*@?(?P<inner>[^()（）]{2,30})[)）]|\s[-–—]\s(?P<dashed>[^-–—]{2,20})"
    r"|\s@(?P<at>[A-Za-z\u4e00-\u9fff·]{2,12}))"
)
_OWNER_MARK: Final = re.compile(r"[（(@–—-]")
_PERSON: Final = r"[A-Za-z\u4e00-\u9fff·]{2,12}"
_FIRST: Final = re.compile(
    rf"[（(@]*(?P<who>{_PERSON}(?:[、/,，& ]+{_PERSON}){{0,4}})(?:[)）]|[:：，,]|\Z)"
)
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0f]")
# 4 spaces and a keyword, a call, an assignment: what was pasted from an editor or a terminal.
_CODE: Final = re.compile(
    r"(?:\$|>>>|sudo|git|curl|kubectl|docker|npm|pip|import|from|def|class|return|export|SELECT|"
    r"INSERT|UPDATE|DELETE|ALTER|CREATE)\s+[\w./*(\"'-].*|"
    r"[A-Za-z_][\w.]*\([^()]*\)\s*[;{]?|[A-Za-z_][\w.]*\s*=\s*[\w\"'\[{(].*|[}\]);]+|.*[{;]",
)


def undressed(text: str) -> tuple[str, str]:
    """What stands before the name, as written (tags, pictures, @somebody), and the rest."""
    lead = _LEAD.match(text)
    end = lead.end() if lead else 0
    return text[:end], text[end:]


def topic_of(text: str) -> tuple[str, str] | None:
    """The topic of ``#会员# 进度50%`` and what follows it."""
    match = _TOPIC.match(text)
    return (match["topic"], text[match.end() :]) if match else None


def link_of(text: str) -> tuple[str, str, str] | None:
    """Words, Markdown and what follows of a link at the beginning of the text."""
    match = _LINK.match(text)
    if match is None:
        return None
    end = text.index(")", match.end("name")) + 1
    return match["name"].strip(), text[:end], text[match.end() :]


def owners_in_lead(lead: str) -> tuple[str, ...]:
    """The people that stand before the name: @张三."""
    return tuple(_AT.findall(lead))


def without_mentions(text: str) -> str:
    """The text without the people it calls, @老周."""
    return _AT.sub("", text)


def facts_in_lead(lead: str) -> str:
    """The percent of a tag before the name, [60%], or nothing."""
    match = _PERCENT.search(lead)
    return match[0] if match else ""


# Names come back from week to week.
@lru_cache(maxsize=4096)
def owner_behind(name: str, people: frozenset[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """The name without its owner, the owner as written, and who that is.

    ``设备指纹升级(小沈)``, ``Payout rewrite (Ines)``, ``性能优化 - 小陈、小李``.
    """
    match = _BEHIND.fullmatch(name) if _OWNER_MARK.search(name) else None
    if match is None:
        return None
    inner = match["inner"] or match["dashed"] or match["at"]
    # Who is called with @ is somebody, whatever the name looks like.
    if "@" not in match["owner"] and not is_person_list(inner, people):
        return None
    return match["name"].rstrip(), match["owner"].strip(), people_in(inner)


def owners_first(rest: str, people: frozenset[str]) -> tuple[str, ...]:
    """The people with whom the report begins: （小沈）开发中, 小陈、小李."""
    match = _FIRST.match(rest.strip())
    if match is None or not is_person_list(match["who"], people):
        return ()
    return people_in(match["who"])


def without_owner(part: str, people: frozenset[str]) -> str:
    """What a number is of, without the people behind it: 文档整理 - 小陈 is 文档整理."""
    if behind := owner_behind(part, people):
        return behind[0]
    return part


def visible(name: str) -> str:
    """The name without characters that nobody sees."""
    return _INVISIBLE.sub("", name).strip()


@lru_cache(maxsize=4096)
def looks_like_code(text: str) -> bool:
    """Whether a line was pasted from an editor or a terminal."""
    plain = fold(text).strip("` ")
    return plain.isascii() and _CODE.fullmatch(plain) is not None and ": " not in plain
