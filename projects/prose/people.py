"""Who answers for something, and what it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from projects.prose import lazy
from projects.prose.clauses import Page
from projects.prose.mentions import Dependency, Owner
from projects.prose.words import LATIN_END, LATIN_START, trimmed

_ROLE: Final = (
    r"(?:总体|项目|技术|产品|业务|研发|开发|测试|前端|后端|运营|总|主要|第一|银行|数据|架构|"
    r"交付|风控|设计)?"
    r"(?:负责人|接口人|对接人|联系人|牵头人|责任人|跟进人|主责人?|牵头|(?<![A-Za-z])(?:tech |"
    r"project |product )?"
    r"(?:owners?|leads?|pm|po|dri|assignees?|responsible)(?![A-Za-z]))"
)
# Looked at first at every place of the text: without it each place tries all the words.
_FIRST_OF_ROLE: Final = "(?=[总项技产业研开测前后运主第银数架交风设负接对联牵责跟tpoldarTPOLDAR])"
_FIRST_OF_NEED: Final = "(?=[主外强关上前核均仍还需也是依受卡阻bdwBDW])"
_OWNER: Final = lazy.compile(
    rf"{_FIRST_OF_ROLE}(?P<role>{_ROLE}) ?(?:[:|]|为(?=[\u4e00-\u9fff@]{{2,4}})|-|@) ?",
    re.IGNORECASE,
)
_NAME: Final = (
    r"@?(?:[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,6})?|[A-Z][A-Za-z.'\-]{1,20}(?: "
    r"[A-Z][A-Za-z.'\-]{1,20}){0,2}|[a-z][a-z0-9._\-]{1,30})"
)
_NAMES: Final = lazy.compile(
    rf"{_NAME}(?:\([^)\n]{{1,12}}\))?(?: ?(?:[、,/&;+]|和|及|and|@| ) "
    rf"?{_NAME}(?:\([^)\n]{{1,12}}\))?){{0,7}}"
    r"(?=[ 。;,!\n)\]|、.]|\Z)"
)
_BETWEEN: Final = lazy.compile(
    r" ?(?:[、,/&;+@]|(?<![A-Za-z])and(?![A-Za-z])|(?<=[\u4e00-\u9fff]) ) ?"
)
_BRACKET: Final = lazy.compile(r"\([^)]{1,12}\)")
_NO_PERSON: Final = lazy.compile(
    r"(?:预计|计划|已|待|目前|完成|进度|整体|上线|开发|测试|未|暂|目标|负责|状态|风险|下周|"
    r"本周|研发|联调)"
)

_DEPENDS: Final = lazy.compile(
    _FIRST_OF_NEED
    + r"(?:(?<![无不解除去脱没])(?:(?:主要|外部|强|关键|上游|前置|核心|均|仍|还|需|也|是)?依赖"
    r"(?![解关包库注版冲升倒树]|[项方](?! ?[:为是]))(?:方|条件|事项|项)?(?:于|的是|的|在于|"
    r"在)?|受限于|"
    r"受制于|卡在|阻塞于)"
    r"(?:(?:主要)?(?:为|是))? ?:{0,2} ?"
    rf"|{LATIN_START}(?:blocked (?:by|on)|depend(?:s|ed|ing|ent)? (?:up)?on|dependenc(?:y|ies) "
    rf"?(?:on|:)"
    rf"|wait(?:s|ing)? (?:for|on)){LATIN_END} ?:? ?)",
    re.IGNORECASE,
)
_NO_DEPENDENCY: Final = lazy.compile(r"(?:无|暂无|没有|none|n/a)", re.IGNORECASE)
_RELIEVED: Final = lazy.compile(
    r"(?:解除|解耦|去掉|去除|消除|完成|无|不|没有|不再|减少|降低|梳理)(?:了|对)?\Z"
)
_UP_TO: Final = lazy.compile(r"[^,。;!?\n\r|\t…]{1,60}")


def owners(page: Page) -> Iterator[Owner]:
    """总体负责人：…, 接口人：…, owner: …, each with its names."""
    for match in _OWNER.finditer(page.folded):
        listed = _NAMES.match(page.folded, match.end())
        if listed is None:
            continue
        names = _people(page, listed)
        if not names:
            continue
        end = listed.start() + max(
            listed[0].find(page.folded[start:stop]) + stop - start for start, stop in names
        )
        yield Owner(
            start=match.start(),
            end=end,
            text=page.text[match.start() : end],
            role=page.text[match.start("role") : match.end("role")],
            names=tuple(page.text[start:stop] for start, stop in names),
        )


def _people(page: Page, listed: re.Match[str]) -> list[tuple[int, int]]:
    """Where each name stands, up to the first words that are not a name (李雷，预计周五完成)."""
    people: list[tuple[int, int]] = []
    at = listed.start()
    for stop in [*_BETWEEN.finditer(listed[0]), None]:
        end = listed.start() + stop.start() if stop else listed.end()
        bracket = _BRACKET.search(page.folded, at, end)
        last = bracket.start() if bracket else end
        first = at + (page.folded[at : at + 1] == "@")
        if _NO_PERSON.match(page.folded, first, last):
            break
        if last > first:
            people.append((first, last))
        at = listed.start() + stop.end() if stop else end
    return people


def dependencies(page: Page) -> Iterator[Dependency]:
    """依赖专线进度, 主要依赖：…, blocked by …: what the work waits for."""
    for match in _DEPENDS.finditer(page.folded):
        if _RELIEVED.search(page.folded, max(0, match.start() - 6), match.start()):
            continue
        rest = _UP_TO.match(page.folded, match.end())
        if rest is None or _NO_DEPENDENCY.match(rest[0]):
            continue
        first, last = trimmed(page.folded, *rest.span())
        if first < last:
            text, on = page.text[match.start() : last], page.text[first:last]
            yield Dependency(match.start(), last, text, on)
