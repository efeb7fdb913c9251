"""What each amount of progress is of: words beside it, or what its line spoke of before."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from typing import Final

from projects.prose import lazy
from projects.prose.cells import row_name
from projects.prose.clauses import Page
from projects.prose.mentions import DateMention, Rule
from projects.prose.percents.amount import DONE, DONE_TO, Amount, Form
from projects.prose.percents.judged import Judged, Sense
from projects.prose.percents.words import BRACKET_OPENS, CHANGED, NAME_BEHIND, NOW, STAGE
from projects.prose.words import any_of, is_no_name, name_in, opens_a_subject, trimmed


def named(page: Page, judged: list[Judged], dates: Sequence[DateMention]) -> list[Judged]:
    """``judged``, each progress with its name: words before it, or what its line spoke of."""
    of_dates = deque((mention.end, mention.subject) for mention in dates if mention.subject)
    last_is_whole = False
    last = (0, "")  # where the last name ends that the text spoke of
    for percent in judged:
        if percent.sense not in (Sense.PROGRESS, Sense.TARGET):
            if name := _name_of_change(page, percent):
                last = (percent.figure.end, name)
            continue
        while of_dates and of_dates[0][0] <= percent.figure.start:
            last = max(last, of_dates.popleft())
        inherited = (0, "") if percent.rule is Rule.STAGE and last_is_whole else last
        name = _subject(page, percent) or _subject_of_line(page, percent, inherited)
        # a name without a stage of it; 需求评审, which is a stage itself
        last_is_whole = percent.rule in (Rule.NAME, Rule.WORK) or (
            last_is_whole if percent.rule is Rule.STAGE else STAGE.fullmatch(name) is not None
        )
        percent.name = name
        percent.words = _things_behind(page, percent)
        last = max(last, (percent.figure.end, name)) if name else last
    return judged


def _subject(page: Page, percent: Judged) -> str:
    """What the amount is of: the counted things, a name before or after it, or the opener."""
    before = _name_before(page, percent)
    is_verb = _VERB.fullmatch(before) is not None
    return (
        _counted_things(page, percent.figure)
        or _name_of_row(page, percent)
        or _name_acted_on(page, percent)
        or ("" if is_verb else before)
        or _name_after(page, percent)
        or (before if is_verb and _HAN_NOUN.fullmatch(before) else "")
        or _name_in_opener(page, percent)
        or (before if is_verb and not _first_of_line(page, percent) else "")
    )


def _things_behind(page: Page, percent: Judged) -> tuple[int, int]:
    """移动查房推了 8/12 个病区: what is counted, where no other words label the amount."""
    first, end = percent.words
    if first < end or not percent.figure.fraction or percent.figure.form is Form.COUNT:
        return percent.words
    pattern = _UNITS_BEHIND if percent.figure.has_unit else _ITEMS_BEHIND
    match = pattern.match(page.folded, percent.figure.end)
    is_name = match and percent.name not in ("", match["name"]) and not DONE.search(match["name"])
    return match.span("name") if match and is_name else percent.words


def _name_of_change(page: Page, percent: Judged) -> str:
    """用户中心拆分 +12%，累计 84%: what changed is what the line goes on to tell of."""
    if percent.rule is not Rule.CHANGE:
        return ""
    end = percent.figure.start
    if percent.figure.value >= 0:
        change = CHANGED.search(page.folded, percent.name_start, end)
        end = change.start() if change else percent.name_start
    name = name_in(page.text, page.folded, percent.name_start, end)
    name = _OF_TIME.sub("", name)
    return "" if is_no_name(name) else name


def _name_acted_on(page: Page, percent: Judged) -> str:
    """55% on the archive scan, closed 9 of 12 audit findings: the name after the amount."""
    amount = percent.figure
    match = None if amount.has_unit else _ON_THE.match(page.folded, amount.end)
    if (
        match is None
        and amount.fraction
        and _ACTED.search(page.folded, percent.name_start, amount.start)
    ):
        match = _AFTER_IT.match(page.folded, amount.end)
    if match is None or _NO_THING.fullmatch(match["name"]):
        return ""
    return page.text[match.start("name") : match.end("name")]


def _name_start(page: Page, start: int, end: int) -> int:
    """Where the name begins, behind the 1.3 of a section and 正在, which says that it goes on."""
    first, _ = trimmed(page.folded, start, end)
    going_on = _GOING_ON.match(page.folded, first, end)
    return going_on.end() if going_on else first


def _first_of_line(page: Page, percent: Judged) -> str:
    """沿江泵站改造，土建已完，整体约 65%: what the line opened with, where that is a name."""
    start = page.line_start(percent.figure.start)
    first = page.clause_at(start)
    end = first.end
    if end > percent.name_start:
        return ""
    going = _GOES_ON.search(page.folded, first.start + 2, end) or _BEGAN.search(
        page.folded, first.start + 4, end
    )
    end = going.start() if going else end
    start = _name_start(page, first.start, end)
    if not 3 < end - start < 40 or _TOLD.search(page.folded[start:end]):
        return ""
    name = name_in(page.text, page.folded, start, end)
    return "" if is_no_name(name) or _DONE_ALONE.fullmatch(name) else name


def _counted_things(page: Page, amount: Amount) -> str:
    if amount.form is not Form.COUNT and amount.thing == (0, 0):
        return ""
    before = name_in(page.text, page.folded, page.before(amount.start), amount.start)
    is_verb = any(verb.fullmatch(before) for verb in (_DONE_ALONE, _VERB, _TO_BE_DONE))
    if before and not is_no_name(before) and not is_verb:
        return before
    start, end = amount.thing
    return _OF_COUNTED.sub("", _WELL.sub("", name_in(page.text, page.folded, start, end)), 1)


def _name_of_row(page: Page, percent: Judged) -> str:
    first = percent.words[1]
    is_staged = percent.rule is Rule.STAGE and _BORDER.search(
        page.folded, first, percent.figure.start
    )
    if percent.rule is not Rule.ROW and not is_staged:
        return ""
    return name_in(page.text, page.folded, *row_name(page, percent.figure.start))


def _name_before(page: Page, percent: Judged) -> str:
    label, start = percent.words[0], percent.figure.start
    is_labelled = percent.sense is Sense.PROGRESS and percent.name_start <= label < start
    end = label if is_labelled else start
    name = name_in(page.text, page.folded, percent.name_start, end)
    name = _PLANNED.sub("", name)
    is_empty = is_no_name(name) or NOW.fullmatch(name) or _DONE_ALONE.fullmatch(name)
    is_empty = is_empty or _STATE.fullmatch(name)
    return "" if is_empty else name


def _name_after(page: Page, percent: Judged) -> str:
    amount = percent.figure
    matches = [_AFTER_LABEL.match(page.folded, percent.words[1], amount.start)]
    if amount.form is Form.WORDS:
        matches.append(_THROUGH.match(page.folded, amount.end))
    if bracketed := _bracketed_before(page, amount):
        return bracketed
    matches.append(_UNDONE_AFTER.match(page.folded, amount.end))
    if not page.folded[percent.name_start : amount.start].strip():
        matches.append(NAME_BEHIND.match(page.folded, amount.end))
    if amount.form is not Form.PERCENT or amount.is_remainder or percent.words[1] > amount.end:
        matches.append(_AFTER_IT.match(page.folded, amount.end))
    matches.append(_ON_IT.match(page.folded, amount.end))
    matches.append(_BRACKET_AFTER.match(page.folded, amount.end))
    if amount.fraction:
        matches.insert(0, _UNIT_WITHIN.search(page.folded, amount.start, amount.end))
    if amount.fraction or amount.form is Form.WORDS:
        matches.append(_THINGS_AFTER.match(page.folded, amount.end))
    if percent.rule is Rule.ALONE:
        matches.append(_AFTER_COLON.match(page.folded, amount.end))
    match = next((match for match in matches if match and _names_a_thing(match["name"])), None)
    return page.text[match.start("name") : match.end("name")] if match else ""


def _names_a_thing(words: str) -> bool:
    """Whether the words are a name; a third written names nothing."""
    return not (_NO_THING.fullmatch(words) or _VERB.fullmatch(words))


def _name_in_opener(page: Page, percent: Judged) -> str:
    clause, label = page.clause_at(percent.figure.start), percent.words[0]
    for first, last in (clause.opener, clause.head):
        stop = label if first <= label < last else last
        if opens_a_subject(page.folded[first:stop]):
            return name_in(page.text, page.folded, first, stop)
    return ""


#: 工单派单重构 | 开发中 | 30%: the stage is a cell of its own.
_BORDER: Final = lazy.compile("[\t|]")
_DONE_ALONE: Final = lazy.compile(
    r"(?:已经?|(?:原计划|原本?|本来|原来|原先)(?:说好|计划|打算)?[要该应]?[\u4e00-\u9fff]{0,2}|"
    r"完成|[做改跑写迁签]完|搞定|了|过|总[数量计]|共|有|均|都|仅|只|还|剩[余下]?|剩下|累计|目前|总共|"
    r"发出|发放|下发|派发|应收|计划|全[行国省市区县校院司部员]|各地|all|"
    r"finished|completed?|done|(?:it (?:was|is) )?(?:reported|noted|agreed|heard|said)(?: that)?|"
    r"(?:just |nearly |almost |roughly |about )?(?:under|over)?|(?:the )?(?:crew|team|squad|"
    r"vendor)(?: (?:is|are|has|have|now|also|just|already|says?|got|hit|[a-z]+ed))*|"
    r"out(?: of)?|there(?: are| were)?|(?:we|they) are done with|(?:we've|"
    r"we're|they're|we|they|i|"
    r"team)(?: (?:have|has|hit|[a-z]+ed))*|[a-z]+ed| )+",
    re.IGNORECASE,
)
_STEP: Final = lazy.compile(r"(?:联调|测试|自测|提测|评审|灰度|上线|开发|设计|验收|部署)\Z")
_BEGAN: Final = lazy.compile(
    "[这本上]周|这边|前两天|[今昨]天|被(?!套)|卡在|因为?|快.{0,2}[好完]了|差不多|没有|这块|已|正在|[还仍尚]|[没未](?!来)|完成|进入"
)
#: 正在整理技术参数，进度 60%
_GOING_ON: Final = lazy.compile(
    "(?:正在|继续|持续|仍在|还在|着手|抓紧)(?:推进|进行|开展)?(?=[\u4e00-\u9fff]{3})"
)
_THIS_TIME: Final = lazy.compile("[本这上]周|今[天日]|昨[天日]|目前|当前")
#: How something stands, which is no name: 装饰方案深化（设计中，45%）.
_STATE: Final = lazy.compile(
    r"(?:设计|编写|进行|推进|评审|开发|测试|施工|联调|实施|审批|处理|制作|修改|完善|调试|安装|"
    r"收尾)(?:中|到)|[在正]在?[做办建]|"
    r"[已未](?:完成|开始|启动)|[做弄写干改走推搞跑]了?|(?:延期|滞后|正常|高?风险)|左右|上下|"
    r"只[做弄写干改]了?|大概也?就?|快[好完]了?|中|里|差不多了?|"
    r"on hold.*|(?:nearly|almost|just about) there|up [0-9]+ points?(?: to)?|wip|in progress|"
    r"paused|blocked|"
    r"more than|less than",
    re.IGNORECASE,
)
#: A verb alone: what was acted on stands elsewhere in the line, if anywhere.
_VERB: Final = lazy.compile(rf"(?:{DONE_TO})|[\u4e00-\u9fff](?:[成完好到过回出])?", re.IGNORECASE)
#: 共需培训 60 名驾驶员: the verb of what is to be done.
_TO_BE_DONE: Final = lazy.compile(
    r"[总一合]?[共计]?(?:需(?!求)要?|要(?!求)|须|拟|待|应(?![急用对答付收]))[\u4e00-\u9fff]{1,2}"
)
#: A verb of two characters names the work as well: 标注 60%.
_HAN_NOUN: Final = lazy.compile(r"[\u4e00-\u9fff]{2}(?<![完已了过好到通下回上出掉])")
_ACTED: Final = lazy.compile(rf"(?:{DONE_TO}) \Z", re.IGNORECASE)
_ON_THE: Final = lazy.compile(
    r"(?: ?\([^()\n]{1,20}\))? (?:on|of|through|with) (?:the|our) "
    r"(?P<name>[A-Za-z][A-Za-z0-9 _-]{1,40}?)(?=[,.;)]|\Z|\n| (?:is|are|has|have|done|now) )"
)
_OF_TIME: Final = lazy.compile(
    r"(?:较|比|环比|同比)?(?:本周|上周|本月|上月|上期|昨[日天]|今[日天]|这周)(?:又|再|的)?\Z|"
    r" ?(?:较|比)[^,。;]{0,4}\Z"
)
#: 6 个片区好了 4 个: no verb stands before 好了
_WELL: Final = lazy.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?<![做改装弄搞写画修调配建补铺拍测录译])好了.*\Z"
)
_OF_COUNTED: Final = lazy.compile(
    rf"(?:[,，]|已|未|均|都|共|里|中(?:的|,|\Z)|{DONE_TO}).*\Z", re.IGNORECASE
)
_AFTER_LABEL: Final = lazy.compile(r"了? ?(?P<name>[\u4e00-\u9fffA-Za-z][^\s(,。;:%]{1,20}) ?\(")
_AFTER_IT: Final = lazy.compile(
    r" ?(?:left |remaining |to go |(?:still )?to do )?(?:of |on |in |for |with )?(?:the |our |all "
    r")?(?P<name>[A-Za-z][A-Za-z0-9 _-]{1,30}?)"
    r"(?= (?:is|are|was|were|have|has|now|in|out|signed|remain|[a-z]+ed|done|complete)(?![A-Za-z])|"
    r"[,.;)(]|\Z)",
    re.IGNORECASE,
)
_PLANNED: Final = lazy.compile(
    r" ?(?:计划|目标|预期|应|实际|planned|target) ?(?:为|是|完成)?\Z", re.IGNORECASE
)
_UNDONE_AFTER: Final = lazy.compile(
    r" ?(?:以上|左右|多)?的?(?P<name>[^,。;:\n]{1,14}?)(?:还|尚|仍|均|都|也|全部)?[没未已]"
)
_ON_IT: Final = lazy.compile(
    r" (?:(?:done|complete|finished) )?(?:on|for|with|in|of|through) (?:the |our "
    r")?(?P<name>[A-Za-z][A-Za-z0-9 _-]{1,40}?)(?=[,.;)]|\Z|\n| (?:is|are) )"
)
_NO_THING: Final = lazy.compile(
    r"(?:k?m|kW|MW|done|actual(?:ly)?|completed?(?: and.*)?|finished|ready|through|left|work|"
    r"tasks?|it|now|so far|on track|progress|"
    r"this week|last week|schedule|plan|average|上周.*|预计.*|计划.*|较.*|比.*|目标.*|本周.*|"
    r"实际.*|"
    r"原.*)",
    re.IGNORECASE,
)
_BRACKET_AFTER: Final = lazy.compile(r" ?\((?P<name>[A-Za-z\u4e00-\u9fff][^0-9()%,。;:\n]{1,16})\)")
_THINGS_AFTER: Final = lazy.compile(r" ?的?(?P<name>[\u4e00-\u9fff]{2,12})(?=[,。;(\n]|\Z)")
_UNITS_BEHIND: Final = lazy.compile(r" ?(?P<name>[\u4e00-\u9fff]{1,8})(?=[ ,。;)(\n]|\Z)")
_ITEMS_BEHIND: Final = lazy.compile(
    r" (?P<name>(?!of |in |on )[a-z][a-z -]{1,24}s)(?=[,.;)(\n]|\Z)"
)
_UNIT_WITHIN: Final = lazy.compile(r"[0-9] (?P<name>[a-z]{2,}s)\Z")  # 36/48 routers
_AFTER_COLON: Final = lazy.compile(
    r"(?:[^,。;:\n0-9]{0,8}:| ?-{1,2}) ?(?P<name>[^,。;:\n0-9%]{2,40})"
)
_THROUGH: Final = lazy.compile(
    r" ?(?:way )?(?:through|into|of|done with) (?:the |our "
    r")?(?P<name>[A-Za-z][A-Za-z0-9 _-]{1,40}?)"
    r"(?= ?(?:is|are|done|complete|[,.;)]|\Z))",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = lazy.compile(r" ?[\])】>》」}] ?(?P<name>[^\s,。;:\n][^,。;:\n]{1,40})")


def _bracketed_before(page: Page, amount: Amount) -> str:
    """[40%] 商户标签平台: the name follows the amount in brackets that opens the line."""
    match = _IN_BRACKETS.match(page.folded, amount.end)
    if match is None:
        return ""
    clause = page.clause_at(amount.start)
    opens = clause.start - page.folded.startswith("【", max(0, clause.start - 1))
    if not BRACKET_OPENS.fullmatch(page.folded[opens : amount.start].strip()):
        return ""
    return name_in(page.text, page.folded, match.start("name"), match.end("name"))


def _subject_of_line(page: Page, percent: Judged, last: tuple[int, str]) -> str:
    """What the line spoke of before: ``last``, a name with its end, or the clause before."""
    if _OF_THE_WHOLE.match(page.folded[slice(*percent.words)]):
        # 二期联调，整体进度 80%: of more than 联调; 日元对账已完成，整体 97%: and of more than that
        if _is_after_a_done_part(page, percent):
            return ""
        name = _first_of_line(page, percent)
        return "" if _STEP.search(name) else name
    start = page.line_start(percent.figure.start)
    if last[0] > start:
        return last[1]
    previous = page.clause_before(percent.figure.start)
    is_opener = previous and page.clause_at(percent.figure.start).opener[1] == previous.end
    if previous is None or previous.start < start or is_opener:
        return ""
    going = _SPOKEN_OF.search(page.folded, previous.start + 2, previous.end) or _GOES_ON.search(
        page.folded, previous.start + 2, previous.end
    )
    end = going.start() if going else previous.end
    is_long = previous.end - previous.start > 40
    is_long = is_long or _THIS_TIME.match(page.folded, previous.start) is not None
    first = _name_start(page, previous.start, end)
    if is_long or _TOLD.search(page.folded[first:end]):
        return _first_of_line(page, percent)
    name = name_in(page.text, page.folded, first, end)
    return _first_of_line(page, percent) if is_no_name(name) else name


def _is_after_a_done_part(page: Page, percent: Judged) -> bool:
    """Whether the line opened with what is done already, while the whole of it is not."""
    first = page.clause_at(page.line_start(percent.figure.start))
    words = page.folded[first.start : min(first.end, first.start + 60)]
    return percent.figure.value < 100 and _PART_DONE.search(words) is not None


_PART_DONE: Final = lazy.compile(
    r"(?:已(?:经|全部|正式|顺利)*|全部|都|均|正式|顺利)(?:[\u4e00-\u9fff]{1,3}[完好]|"
    + any_of("完成 上线 结束 到货 进场 发布 交付 投产 切换 收尾 关闭 验收")
    + r")了?\Z|[\u4e00-\u9fff][完好]了\Z"
    r"|(?<![A-Za-z])(?:is|are|was) (?:done|finished|completed?|live|shipped|closed|in)\Z",
    re.IGNORECASE,
)
_OF_THE_WHOLE: Final = lazy.compile(
    r"(?:整个)?(?:项目|工程)?(?:整体|总体|总|各)|整个(?:项目|工程)|overall|total", re.IGNORECASE
)
#: 译稿这边进度没受影响，还是 72%
_SPOKEN_OF: Final = lazy.compile("[这那][边块]|的?进[度展](?=[没不正照仍顺稳])")
_GOES_ON: Final = lazy.compile(
    r"(?:已经?|基本|正在|仍在|还在|持续|稳步|大体|初步|尚未|还没|没有?|未|近|接近|"
    r"即将)*(?:评审中|编写中|设计中|"
    r"审批中|制作中|实施中|完成|收尾|推进中?|"
    r"进行中?|开发中|测试中|施工中|进展中)\Z"
    r"|(?:已经?|本周|目前)?(?:推进|推动|前进|新增|完成)了? ?[0-9]"
)
_TOLD: Final = lazy.compile(
    r"[0-9%]|已|了|正在|未|没|不|把|被|才|好容易|总算|终于|(?:中|完成|通过|正常|结束|启动|恢复)\Z|(?<![A-Za-z])(?:is|are|"
    r"was|not)(?![A-Za-z])"
)
