"""Where the name of a project ends and the report on it begins. Pure.

People write 农行存管：进度85%, WAF迁移，域名切换完毕, 「贝小理」准确率…, **POS收单**开发完成, and
实时数仓项目进度98%; and they write 本周完成：…, which does not name a project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from projects.prose import fold
from reports.importer.reading.headings import kind_of
from reports.importer.reading.names.dress import (
    link_of,
    looks_like_code,
    owner_behind,
    owners_in_lead,
    topic_of,
    undressed,
    visible,
)
from reports.importer.reading.names.head_words import (
    ENGLISH_VERB,
    HAS_NUMBER,
    PLAN_BEFORE_DAY,
    PLAN_WORD,
    PROGRESS_WORD,
    STARTS_WITH_VERB,
    TELLS,
    VERB,
    is_generic,
)
from reports.importer.reading.outline import OutlineLine, without_bold
from reports.weekly.sections import Kind

_QUOTES: Final = ("【", "「", "《", "[")
_QUOTED: Final = re.compile(
    r"^(?:【(?P<a>[^【】]{1,40})】|「(?P<b>[^「」]{1,40})」|《(?P<c>[^《》]{1,40})》|"
    r"\[(?P<d>[^\[\]]{2,40})\](?!\())\s*[:：，,]?\s*"
)
_ITALIC: Final = re.compile(r"\*(?P<name>[^*\s：:，,。][^*：:，,。]{1,40})\*(?!\*)")
_BOLD_RUN: Final = re.compile(
    r"^(?P<name>[^*：:，,。；;]{0,12}\*\*[^*：:，,。；;]{1,40})\*\*\s*[:：，,]*\s*"
)
_COLON: Final = re.compile(
    r"^(?P<name>[^：:。；;！!？?\n]{1,60}?)\s*(?:：|:(?!//))[：:]*\s*(?P<rest>.*)$", re.DOTALL
)
# 存管二期（负责人：王伟）开发…, 数据库拆分【暂停】，…: the remark in brackets describes the name.
_REMARKED: Final = re.compile(
    r"(?P<name>[^（(【\[：:，,。；;！!？?]{2,30}?)\s*"
    r"(?P<rest>(?:[（(][^()（）]*[:：][^()（）]*[)）]|【[^【】]{1,12}】).*)",
    re.DOTALL,
)
_MARKS_OF_A_SENTENCE: Final = frozenset("，,。；;！!？?：:")
_REMARKS: Final = frozenset("（(【")
_LABEL: Final = re.compile(r"(?P<label>[^：:，,。；;]{0,40})[：:]")
_DASH: Final = re.compile(
    r"^(?P<name>[^：:，,。；;！!？?\n]{2,40}?)(?:\s+[-–—]+\s+|——+(?!>)|—(?=[^\s>—])|"
    r"\s*(?:-{2,}|[.·…_]{3,}|…+|[-—=]+>|[→➜➔➝⇒])\s*)(?P<rest>.*)$",
    re.DOTALL,
)
_KEPT_LEADER: Final = re.compile(r"[^\s\-–—>]")
_COMMA: Final = re.compile(
    r"^(?P<name>[^：:，,。；;！!？?\n]{2,40}?)\s*[，,；;]\s*(?P<rest>.*)$", re.DOTALL
)
_PERCENT_BEHIND: Final = re.compile(
    r"(?P<name>[^\d：:，,。；;！!？?%（(][^：:，,。；;！!？?%（(]{1,30}?)\s*(?<![\d.])\d{1,3}(?:\.\d+)?\s*[%％](?!的|\s*[-~—])"
)
_PROGRESS_END: Final = re.compile(
    r"\s*(?:整体|总体|目前|当前|已|约)*(?:进度|进展|完成度|完成率|完成|开发|研发|测试|联调|设计)?"
    r"(?:已|约|达到?|至|到|为|中|在)*\s*$"
)
_NO_PROGRESS_END: Final = re.compile(
    r"(?:率|占比|比例|比|量|额|数|值|分|提升|提高|下降|降低|增长|增加|减少|节省|灰度|放量|切量|折|超过?|不足|近|由|从|"
    r"rate|share|by|up|down|above|below|over|under|sla)$",
    re.IGNORECASE,
)
_MOMENT: Final = re.compile(
    r"\d{1,4}[/.月-]\d{1,2}(?:[/.月日号-]\d{0,2})?[\s日号]*(?:\d{1,2}[:：点时]\d{0,2}分?)?"
)
_HOUR: Final = re.compile(r"(?<![\d.A-Za-z])\d{1,2}\s*$")
_MINUTE: Final = re.compile(r"\s?[0-5]\d(?!\d)")
# 「Ledger（65% complete）」: a remark on its state does not belong to the name.
_REMARK: Final = re.compile(
    r"(?P<name>.{2,}?)\s*(?P<remark>[（(][^()（）]*(?:\d\s*%|完成|进行中|延期|暂停|已上线|联调中|测试中|"
    r"开发中|done|complete|in progress|on track|at risk|blocked|delayed)[^()（）]*[)）])",
    re.IGNORECASE,
)

_NO_WORK: Final = frozenset({Kind.REFLECTION, Kind.PLAN, Kind.OTHER, Kind.METRICS, Kind.INCIDENTS})
_MAX_NAME: Final = 36
_MIN_SURE_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Head:
    """A project's name (marks aside) and the rest of the line.

    ``written`` is the name with the words before it (完成商家后台改版), where there are any.
    """

    name: str
    rest: str
    written: str = ""
    lead: str = ""  # tags before the name, [60%] @张三
    owners: tuple[str, ...] = ()  # people that stand beside the name


def project_head(
    line: OutlineLine,
    *,
    known_names: tuple[str, ...] = (),
    people: frozenset[str] = frozenset(),
    strict: bool = False,
) -> Head | None:
    """The project that a line begins with, or ``None``.

    ``known_names``: names already met, longest first: one that begins the line is the head even
    without a mark after it. ``people``: who is named on the page. ``strict``: take only a head
    that a bracket, bold or colon marks.
    """
    if line.is_code or looks_like_code(line.plain):
        return None
    names = known_names if "#" in line.text else ()  # those behind a topic need no mark
    lead, text, is_marked, head = _marked_head(line.text, names, people)
    if is_marked or strict:
        return head
    plain = without_bold(text).strip()
    if _is_labelled(plain):
        return None
    return _of_work(_known(plain, known_names) or _parted(plain), lead, people)


# Lines come back from week to week, and one line is asked for from several sides.
@lru_cache(maxsize=4096)
def _marked_head(
    line: str, known_names: tuple[str, ...], people: frozenset[str]
) -> tuple[str, str, bool, Head | None]:
    """What stands before the name, the rest, whether a mark parts a name from it, and the head."""
    lead, text = undressed(line.strip())
    if not text.strip("*_ "):
        lead, text = "", line.strip()
    head = _linked(text) or _topical(text, known_names) or _marked(text)
    return lead, text, head is not None, _of_work(head, lead, people)


def _of_work(head: Head | None, lead: str, people: frozenset[str]) -> Head | None:
    """The head as it is shown, unless it only labels what stands below or behind it."""
    if head is None:
        return None
    kind = kind_of(head.name)
    if kind in _NO_WORK or (kind is not None and not head.rest.strip()):
        return None  # 反思：评审太晚, **Projects**
    return _with_lead(_with_owner(without_remark(head), people), lead)


def _with_lead(head: Head, lead: str) -> Head:
    """The head with what stands before it, which is printed with the name."""
    name = visible(head.name)
    if not lead and name == head.name:
        return head
    written = f"{lead}{head.written or head.name}" if lead or name != head.name else head.written
    return replace(
        head,
        name=name,
        written=written,
        lead=lead.strip(),
        owners=(*owners_in_lead(lead), *head.owners),
    )


def _with_owner(head: Head, people: frozenset[str]) -> Head:
    """The head without its owner: Payout rewrite (Ines), 性能优化 - 小陈."""
    if behind := owner_behind(head.name, people):
        name, _, owners = behind
        return replace(head, name=name, written=head.written or head.name, owners=owners)
    return head


def alone_head(name: str, people: frozenset[str]) -> Head:
    """The head of a name that stands alone on its line, without tags, remark and owner."""
    lead, bare = undressed(name)
    if not bare:
        lead, bare = "", name
    if (link := link_of(bare)) and not link[2]:
        return _with_lead(Head(link[0], "", link[1]), lead)
    return _with_lead(_with_owner(without_remark(Head(bare, "")), people), lead)


def _linked(text: str) -> Head | None:
    """[Autosharding](https://example.org/65) | 75%"""
    link = link_of(text)
    if link is None or is_generic(link[0]) or not is_name(link[0]):
        return None
    name, written, rest = link
    return Head(name, rest, written)


def _topical(text: str, known_names: tuple[str, ...]) -> Head | None:
    """#会员# 收银台：50% is 收银台; #会员# 进度50% is 会员."""
    topic = topic_of(text)
    if topic is None:
        return None
    name, rest = topic
    if head := _marked(rest) or _known(rest, known_names):
        return replace(head, written=f"#{name}# {head.written or head.name}")
    return Head(name, rest, f"#{name}#") if not is_generic(name) else None


def _is_labelled(plain: str) -> bool:
    """Whether the line begins with a label that names no project: 风险：…, 12:03 …, https:…"""
    label = _LABEL.match(plain)
    return label is not None and not is_name(label["label"])


def _marked(text: str) -> Head | None:
    if "**" in text and (match := _BOLD_RUN.match(text)) and not _ends_later(text, match.end()):
        name = without_bold(match["name"]).strip()
        if is_name(name) and not _is_sentence(name) and not name.startswith(("【", "「")):
            return Head(name, without_bold(text[match.end() :]).strip())
    plain = without_bold(text).strip()
    if plain.startswith("*") and (match := _ITALIC.match(plain)) and is_name(match["name"]):
        return Head(match["name"].strip(), plain[match.end() :].lstrip(" :：，,"), match[0])
    if plain.startswith(_QUOTES) and (match := _QUOTED.match(plain)):
        name = next(group for group in match.groups() if group is not None).strip()
        rest = plain[match.end() :].strip()
        return Head(name, rest) if name and not is_generic(name) else None
    may_be_remarked = not _REMARKS.isdisjoint(plain)
    match = _REMARKED.fullmatch(plain) if may_be_remarked else None
    if match and is_name(match["name"]) and not _is_sentence(match["name"]):
        return Head(match["name"], match["rest"])
    return _before_colon(plain)


def _before_colon(plain: str) -> Head | None:
    match = _COLON.match(plain) if "：" in plain or ":" in plain else None
    if match is None:
        return None
    words, rest = match["name"].strip(), match["rest"]
    if words[-1:].isdigit() and _HOUR.search(words) and _MINUTE.match(rest):
        return None  # 12:03
    opens_a_day = rest[:1].isdigit() and _MOMENT.match(rest) is not None
    name = _name_before_colon(words, opens_a_day)
    return Head(name, plain[len(name) :].lstrip(" :：")) if name else None


# Names come back from week to week.
@lru_cache(maxsize=4096)
def _name_before_colon(words: str, opens_a_day: bool) -> str:
    """The name in the words before a colon, or nothing; a day may begin behind the colon."""
    if not is_name(words) or TELLS.match(words):
        return ""
    name = PROGRESS_WORD.sub("", words) or words
    if len(name) == 1 and name != words:
        return ""  # 总进度：72%
    bare = PLAN_WORD.sub("", name)
    if opens_a_day:
        bare = PLAN_BEFORE_DAY.sub("", bare)
    return bare if is_name(bare) else name


def _ends_later(text: str, end: int) -> bool:
    """Whether the bold type ends within the name: **二手收银**台：…"""
    rest = text[end:]
    match = _COLON.match(rest) if not text[:end].rstrip().endswith(("：", ":")) else None
    within = match["name"] if match and rest[:1] not in " \t，,：:" else ""
    return 0 < len(within) <= 12 and not VERB.search(within) and not re.search(r"[，,]", within)


def without_remark(head: Head) -> Head:
    """The head with a remark in brackets, (80%) or （进行中）, moved from the name to the rest."""
    ends_in_bracket = head.name.endswith((")", "）")) and not head.written
    match = _REMARK.fullmatch(head.name) if ends_in_bracket else None
    if match is None:
        return head
    colon = "：" if head.rest and not head.rest.startswith(("：", ":")) else ""
    return Head(match["name"], f"{match['remark']}{colon}{head.rest}")


def _known(plain: str, known_names: tuple[str, ...]) -> Head | None:
    for name in known_names:
        if len(name) >= 2 and plain.startswith(name) and _ends_here(plain, len(name)):
            rest = plain[len(name) :].lstrip(" :：，,、-–—")
            return Head(name, rest)
    return None


def _ends_here(plain: str, end: int) -> bool:
    """Whether a name that ends there is not the beginning of a longer word (POS, POSP).

    A short Chinese name begins many others: 会员体系 is not 会员, 会员已上线 is.
    """
    before, after = plain[end - 1], plain[end : end + 1]
    if end < _MIN_SURE_NAME and after.isalpha() and not after.isascii() and not before.isascii():
        rest = plain[end:]
        return (VERB.match(rest) or STARTS_WITH_VERB.match(rest)) is not None
    return not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())


def _before_percent(plain: str) -> Head | None:
    """OTA 差分升级 60% @老周: what stands right before a percent that is progress is the name."""
    match = _PERCENT_BEHIND.match(plain) if "%" in plain or "％" in plain else None
    if match is None:
        return None
    name = _PROGRESS_END.sub("", match["name"]).strip()
    if not is_name(name) or _is_sentence(name) or _NO_PROGRESS_END.search(name):
        return None
    return Head(name, plain[len(name) :].lstrip(" ：:"))


def _parted(plain: str) -> Head | None:
    match = _DASH.match(plain)
    if match and is_name(match["name"]) and not _is_sentence(match["name"]):
        between = plain[match.end("name") : match.start("rest")]
        kept_leader = (
            between if _KEPT_LEADER.search(between) else ""
        )  # no sign of the source is lost
        return Head(match["name"].strip(), f"{kept_leader}{match['rest']}".strip())
    if before := _before_percent(plain):
        return before
    head = plain
    if match := _COMMA.match(plain):
        head = match["name"].strip()
    elif len(plain) > _MAX_NAME:
        head = re.split(r"[，,。；;：:]", plain, maxsplit=1)[0]
    name = up_to_verb(head)
    if not is_name(name) or _is_sentence(name) or len(fold(name)) > 24:
        return None
    rest = plain[len(name) :].lstrip(" ，,、：:")
    # Whether a bare name is a project is for the caller to decide.
    return Head(name, rest) if rest else None


def up_to_verb(name: str) -> str:
    """The name up to the first word that reports on it; whole if that left nothing."""
    verb = VERB.search(name, 2)
    if verb is None or verb.start() < 2:
        return name
    shortened = name[: verb.start()].rstrip(" 的，,、:：(（-")
    return shortened if len(shortened) >= 2 else name


@lru_cache(maxsize=4096)
def is_name(name: str) -> bool:
    """Whether the words can be a name: none of a report's own labels, no number, no code."""
    bare = name.strip(" *_【】[]「」()（）")
    return (
        bool(bare)
        and len(name) <= _MAX_NAME + 24 * (not name.isascii() and "（" in name)
        and not is_generic(bare)
        and not bare.isdigit()
        and not _MOMENT.fullmatch(bare)
        and not looks_like_code(bare)
        and any(character.isalnum() for character in bare)
        and "http" not in bare
    )


def _is_sentence(name: str) -> bool:
    if name.isascii():
        is_phrase = len(name.split()) > 4 or re.search(r"\d\s*%", name) is not None
        return is_phrase or ENGLISH_VERB.match(name) is not None
    return bool(STARTS_WITH_VERB.match(name) or HAS_NUMBER.search(name))


def is_short_name(line: OutlineLine) -> bool:
    """Whether the whole line can be a name that stands above the lines about it."""
    plain = line.plain.rstrip("：:").strip()
    return (
        2 <= len(plain) <= _MAX_NAME
        and _MARKS_OF_A_SENTENCE.isdisjoint(plain)
        and is_name(plain)
        and not _is_sentence(plain)
        and not VERB.search(plain, 2)
    )
