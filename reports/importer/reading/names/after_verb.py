"""Projects that stand behind a verb, with no mark that parts their name from the report. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from projects import prose
from projects.prose import DateKind
from reports.importer.reading.names.dress import looks_like_code
from reports.importer.reading.names.head_words import HAS_NUMBER, is_generic
from reports.importer.reading.names.heads import Head, is_name, up_to_verb
from reports.importer.reading.outline import OutlineLine

_MAX_NAME_AFTER_VERB: Final = 20
_LEAD: Final = re.compile(
    r"(?:本周|本月|今日|目前|当前)?(?:内|主要|重点)?(?:已经?|正在|继续|持续|协助|配合|支持|参与|负责|主导)*"
    r"(?:完成了?|推进|跟进|启动|开始|进行|开展|处理|实现)?(?:了)?"
)
_NAME_AFTER_VERB: Final = re.compile(
    r"[^\s\d，,。；;：:（()）!！?？][^，,。；;：:（()）!！?？]{3,40}"
)


def head_after_verb(line: OutlineLine, *, week: date) -> Head | None:
    """The head of a line that begins with a verb and holds a percent or a due date.

    「完成商家后台改版，进度60%」 reports on 商家后台改版; 「完成两次评审」 names no project.
    """
    plain = line.plain
    lead = _LEAD.match(plain)
    match = _NAME_AFTER_VERB.match(plain, lead.end() if lead else 0)
    if match is None or plain.isascii():
        return None
    name = up_to_verb(match[0].strip())
    if not 4 <= len(name) <= _MAX_NAME_AFTER_VERB or is_generic(name) or HAS_NUMBER.search(name):
        return None
    if looks_like_code(name):
        return None
    mentions = prose.read(plain, week=week)
    places = [mention.start for mention in mentions.percents]
    places += [mention.start for mention in mentions.dates if mention.kind == DateKind.DUE]
    end = match.start() + len(name)
    if not places or min(places) < end or not plain[end:].strip(" ，,。；;"):
        return None
    of = mentions.percents[0].subject.strip() if mentions.percents else ""
    if of and of != name and (at := plain.find(of, end)) >= 0 and is_name(of):
        end = at + len(of)  # 完成登录初版，区域扫描完成70%: the percent is of 区域扫描
        name = of
    rest = plain[end:].lstrip(" ，,、：:")
    return Head(name, rest, plain[:end])
