"""The columns of a table of work: what each holds, by its heading in Chinese or English. Pure.

One vocabulary for every table, whether it stood in Markdown, HTML, Word or a spreadsheet. Numbers
and dates that a spreadsheet holds without their dress (0.65, 45464) are spelled out by the role of
their column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from projects.prose import fold


class ColumnRole(StrEnum):
    """What a column holds. The values are stored: in the mappings that people make by hand."""

    NAME = "name"
    PART = "part"  # a task or milestone of the project
    OBJECTIVE = "objective"
    KEY_RESULT = "key_result"
    SCORE = "score"  # of a key result, 0 to 1
    OWNER = "owner"
    PROGRESS = "progress"
    BEFORE = "before"  # last week's percent, or the planned one
    STATUS = "status"
    DUE = "due"
    DONE = "done"
    START = "start"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    NEXT_WEEK = "next_week"
    RISK = "risk"
    WEEK = "week"
    WEIGHT = "weight"
    ORDINAL = "ordinal"
    TEXT = "text"


# A heading that a person gave a role carries one of these behind its own words: 搞定比例（进度）.
WORDS: Final[Mapping[ColumnRole, str]] = {
    ColumnRole.NAME: "项目",
    ColumnRole.PART: "子任务",
    ColumnRole.OBJECTIVE: "目标",
    ColumnRole.KEY_RESULT: "关键结果",
    ColumnRole.SCORE: "评分",
    ColumnRole.OWNER: "负责人",
    ColumnRole.PROGRESS: "进度",
    ColumnRole.BEFORE: "上周进度",
    ColumnRole.STATUS: "状态",
    ColumnRole.DUE: "计划完成",
    ColumnRole.DONE: "实际完成",
    ColumnRole.START: "开始时间",
    ColumnRole.THIS_WEEK: "本周进展",
    ColumnRole.LAST_WEEK: "上周进展",
    ColumnRole.NEXT_WEEK: "下周计划",
    ColumnRole.RISK: "风险",
    ColumnRole.WEEK: "周次",
    ColumnRole.WEIGHT: "权重",
    ColumnRole.ORDINAL: "序号",
    ColumnRole.TEXT: "备注",
}
_WHEN: Final = r"(?:时间|日期|日|节点|时点|点)?"
_ENDS: Final = r"(?:完成|上线|截止|结束|交付|发布|投产|提测|完工|完结|竣工|结项|验收)"
_SHARE: Final = r"(?:进度|完成度|完成率|完成比例?|完成百分比|进度百分比|进度比例?|百分比|达成率)"
_WORK: Final = r"(?:工作|重点|主要|项目|完成|实际|的)*"
_TROUBLE: Final = r"(?:风险|问题|卡点|阻塞|困难|难点|障碍)"
_TROUBLES: Final = r"(?:key )?(?:risks?|issues?|blockers?|concerns?)"
# What headings of each role say, alternatives of a pattern; of two roles that fit the first counts.
_HEADINGS: Final[Mapping[ColumnRole, tuple[str, ...]]] = {
    ColumnRole.ORDINAL: (r"序号|编号|行号|项次", r"no|nr|number|id|index|s/?n"),
    ColumnRole.WEEK: (
        r"周次|周数|第几周|周别|所属周|周报",
        r"(?:周报|填报|汇报|报告|统计)(?:周次?|周期|日期|时间)",
        r"week(?: ?(?:no|number|of|ending|commencing|label))?|reporting week|report date",
    ),
    ColumnRole.BEFORE: (
        rf"(?:上周|上期|上次|前期)末?(?:累计)?的?(?:完成)?{_SHARE}",
        rf"(?:计划|应|目标|预期)(?:完成)?{_SHARE}",
        (
            r"(?:last week'?s?|previous|prior|planned|target|expected) ?"
            r"(?:%|progress|completion|percent(?:age)?)(?: complete)?"
        ),
    ),
    ColumnRole.PROGRESS: (
        rf"(?:当前|目前|整体|总体|项目|任务|工作|实际|累计|本周|最新|截至本周|综合|总)*的?(?:完成)?{_SHARE}",
        r"[\u4e00-\u9fff]{1,4}(?:进度|完成度|完成率)|累计完成(?:情况)?",
        (
            r"(?:overall|current|actual|total|this week'?s?)? ?(?:%|pct|percent(?:age)?)? ?"
            r"(?:progress|completed?|completion|done)(?: ?(?:%|pct|percent(?:age)?|rate))?"
        ),
        r"%|percent(?:age)?",
    ),
    ColumnRole.SCORE: (
        r"(?:okr|kr|期末|期中|季度|自我|最终|当前)?(?:自评|复评|评|得|打)?(?:分|分数|评分)|自评",
        r"(?:final |current |self )?(?:score|grade|grading)s?",
    ),
    ColumnRole.WEIGHT: (r"权重|优先级|重要程度", r"weight(?:ing)?|priority"),
    ColumnRole.KEY_RESULT: (r"krs?|关键结果|关键性?成果|衡量指标", r"key ?results?"),
    ColumnRole.OBJECTIVE: (
        r"o|(?:所属|对应|关联|战略|部门|团队|季度|年度)?(?:目标|okr)",
        r"objectives?|okrs?|goals?",
    ),
    ColumnRole.OWNER: (
        (
            r"(?:项目|任务|主要?|第一|产品|技术|研发|开发|业务)?(?:负责人|责任人|经理|owner|主责人?|牵头人|"
            r"接口人|对接人|执行人|处理人|跟进人|经办人|担当|主R|pm|pic)(?:员|姓名)?|姓名"
        ),
        r"(?:[\u4e00-\u9fff]{2})?(?:人员|工程师|设计师)",
        (
            r"(?:project |task )?"
            r"(?:owners?|leads?|assignees?|assigned to|responsible|who|dri|manager)"
        ),
    ),
    ColumnRole.NEXT_WEEK: (
        (
            r"(?:下周|下一周|下步|下一步|下阶段|下期|后续)的?(?:工作|重点|主要)*"
            r"(?:计划|安排|目标|任务|内容|工作|重点|事项|动作|行动)*"
        ),
        r"(?:plans? for )?next (?:week|steps?|actions?)'?s?(?: plans?| goals?)?",
    ),
    ColumnRole.LAST_WEEK: (
        rf"(?:上周|上期|上一周){_WORK}(?:进展|计划|内容|完成情况|情况|总结|工作|安排)*",
        r"last week'?s?(?: (?:progress|update|plan|status))?|previous (?:update|status)",
    ),
    ColumnRole.THIS_WEEK: (
        (
            rf"(?:本周|当周|这周|本期|最新|当前|目前|近期|项目|主要){_WORK}"
            r"(?:进展|内容|完成情况|情况|成果|总结|动态|更新|事项|说明|描述|工作)+"
        ),
        r"本周|本周完成|进展|(?:工作)?进展(?:情况|说明|描述|概述)|进度(?:说明|描述|情况|概述)",
        r"完成情况|工作情况",
        r"this week'?s?(?: (?:progress|update|work|status|accomplishments?))?",
        (
            r"(?:latest |weekly )?(?:updates?|progress (?:notes?|update|this week)|"
            r"accomplishments?|highlights|done this week)"
        ),
    ),
    ColumnRole.RISK: (
        (
            rf"(?:主要|存在|当前|项目)?的?{_TROUBLE}[及与和/、&]?(?:{_TROUBLE}|应对|措施|求助|协助|需求|点|项|"
            r"描述|说明)*"
        ),
        r"需要?(?:协助|支持|协调)(?:事项|内容)?",
        rf"{_TROUBLES}(?: ?(?:/|&|and) ?{_TROUBLES})?",
    ),
    ColumnRole.DONE: (
        rf"(?:实际|真实)的?{_ENDS}{_WHEN}",
        r"(?:actual |date )(?:completion|end|finish|launch|completed|finished|release)(?: date)?",
        r"completed (?:on|at)|finished (?:on|at)",
    ),
    ColumnRole.START: (
        rf"(?:计划|预计|实际)?(?:开始|启动|起始|立项|分配|创建|提出){_WHEN}",
        r"(?:最[后近])?更新(?:时间|日期)",
        r"(?:planned |actual )?start(?:ed)?(?: ?date| on)?|created(?: (?:at|on|time|date))?",
        r"last (?:updated|edited)(?: time)?|updated(?: (?:at|on))?",
    ),
    ColumnRole.DUE: (
        rf"(?:计划|预计|预期|目标|要求|拟|原计划|承诺)*{_ENDS}{_WHEN}",
        r"(?:计划|目标|预计)(?:时间|日期|节点)|ddl|deadline|eta|截[止至]|到期日?",
        (
            r"(?:planned |target |expected |estimated |due )*"
            r"(?:due|end|finish|launch|go-?live|release|completion|delivery|target)"
            r"(?: ?date| by| on)?"
        ),
    ),
    ColumnRole.STATUS: (
        (
            r"(?:当前|目前|项目|任务|整体|工作|执行|完成|健康|进展|进度|处理|风险)*"
            r"(?:状态|状况|健康度|阶段|红绿灯)"
        ),
        r"(?:overall |current |project |task )?(?:status|state|health|stage|phase|rag)",
    ),
    ColumnRole.NAME: (
        (
            r"(?:重点|主要|核心|所属)?(?:项目|专项|课题|需求|产品|系统|事项|工作项|工作事项|任务|工作|举措|"
            r"重点工作|工作任务|工作内容|任务内容|主题|模块|工程|标段)的?(?:名称?|标题|简称|全称)?|"
            r"名称|标题|(?:分部)?分项(?:工程)?|(?:分部|单位|单项)工程|工序(?:名称)?|施工内容"
        ),
        (
            r"(?:key )?(?:project|task|item|initiative|workstream|feature|deliverable|work ?item|"
            r"epic|product|action item)s?(?: ?/ ?task)?(?: ?(?:name|title))?"
        ),
        r"name|title|subject|summary",
    ),
    ColumnRole.PART: (
        r"(?:子|分)(?:任务|项目|项|模块|系统)|(?:关键)?里程碑|交付物|任务分解",
        r"sub-?tasks?|milestones?",
    ),
    ColumnRole.TEXT: (
        r"备注|说明|描述|补充说明|部门|团队|小组|组别|所属部门|链接|附件|类型|类别|分类|专业",
        r"notes?|remarks?|comments?|department|team|link|type|category|description",
    ),
}
_ROLE: Final = tuple(
    (role, re.compile("|".join(words), re.IGNORECASE)) for role, words in _HEADINGS.items()
)
# 项目 before 任务 before 工作内容: the wider thing is the project.
_NAME_ORDER: Final = re.compile(
    r"(?P<first>.*(?:项目|专项|课题|project|initiative|workstream).*)|(?P<second>名称|标题|name|"
    r".*(?:任务|需求|产品|事项|系统|task|item|feature|epic|product).*)",
    re.IGNORECASE,
)
# 实际完成（%） is no day.
_AS_PERCENT: Final[Mapping[ColumnRole | None, ColumnRole]] = {
    ColumnRole.DUE: ColumnRole.BEFORE,
    ColumnRole.DONE: ColumnRole.PROGRESS,
    ColumnRole.THIS_WEEK: ColumnRole.PROGRESS,
}
_TAIL: Final = re.compile(
    r"^(?P<words>.+?)\s*[(（\[【](?P<inner>[^()（）\[\]【】]*)[)）\]】]$", re.DOTALL
)
_SPLIT: Final = re.compile(
    r"<br>|[/／|\n]|(?<=[\u4e00-\u9fff])\s+(?=[A-Za-z])|(?<=[A-Za-z])\s+(?=[\u4e00-\u9fff])"
)
_MARKS: Final = re.compile(r"[*_`：:\s]+$|^[*_`\s]+")
_LONGEST: Final = 40

_WHOLE: Final = re.compile(r"累计|总|整体|overall|total", re.IGNORECASE)
_MEASURE: Final = re.compile(r"指标|数据|kpi|metric|measure", re.IGNORECASE)
_DONE_WORK: Final = re.compile(r"工作|内容|任务|事项")
_DIGIT: Final = re.compile(r"\d")
_LONGEST_WORDS: Final = 24  # of a heading in a row that has few known ones
_FEWEST: Final = 2  # recognised cells that make a row the heading of a table
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,20})?")
_PERCENT: Final = re.compile(r"\d{1,4}(?:\.\d{1,20})?\s*[%％]")
_SERIAL: Final = re.compile(r"(?:3[6-9]|4\d|5[0-8])\d{3}(?:\.\d+)?")  # 1998 to 2058
_COMPACT: Final = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_EXCEL_DAY: Final = date(1899, 12, 30)
_DATED: Final = frozenset({ColumnRole.DUE, ColumnRole.DONE, ColumnRole.START, ColumnRole.WEEK})
_MEASURED: Final = frozenset({ColumnRole.PROGRESS, ColumnRole.BEFORE})
_TOTAL: Final = re.compile(
    r"(?:合|总|小|共)计(?:[:：（(].*)?|汇总|平均(?:值|进度|完成[度率])?|(?:整体|总体|总|平均)(?:进度|完成[度率])|"
    r"(?:grand |sub-?)?total|sum|average|avg|mean|overall(?: progress)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def role_of(heading: str) -> ColumnRole | None:
    """What a column with this heading holds; ``None`` where the words do not say it."""
    bare = _MARKS.sub("", fold(heading)).strip()
    if not bare or len(bare) > _LONGEST:
        return None
    if (role := _role(bare)) is not None:
        return role
    if match := _TAIL.fullmatch(bare):  # 进度（%）, 搞定比例（进度）
        role = role_of(match["words"])
        if role in _AS_PERCENT and role_of(match["inner"]) is ColumnRole.PROGRESS:
            return _AS_PERCENT[role]
        return role if role is not None else role_of(match["inner"])
    parts = [part for part in _SPLIT.split(bare) if part.strip()]
    if len(parts) < 2:
        return None
    return next((role for part in parts if (role := role_of(part)) is not None), None)


def _role(bare: str) -> ColumnRole | None:
    squeezed = bare.rstrip("%") if not bare.isascii() else bare
    if not squeezed.isascii():
        squeezed = squeezed.replace(" ", "")
    return next((role for role, pattern in _ROLE if pattern.fullmatch(squeezed)), None)


def roles_of(headings: Sequence[str]) -> tuple[ColumnRole | None, ...]:
    """The role of each column. Of several that could name the project only the widest does."""
    roles = [role_of(heading) for heading in headings]
    names = [index for index, role in enumerate(roles) if role is ColumnRole.NAME]
    if len(names) > 1:
        first = min(names, key=lambda index: (_name_order(headings[index]), index))
        for index in names:
            if index != first:
                roles[index] = ColumnRole.PART
    _keep_one_percent(headings, roles)
    if ColumnRole.NAME not in roles and ColumnRole.KEY_RESULT not in roles:
        _name_by_place(headings, roles)
    return tuple(roles)


def _keep_one_percent(headings: Sequence[str], roles: list[ColumnRole | None]) -> None:
    """Of several columns of percents the one of the whole project counts: 累计进度, not 完成率."""
    percents = [index for index, role in enumerate(roles) if role is ColumnRole.PROGRESS]
    if len(percents) > 1:
        best = min(percents, key=lambda i: (not _WHOLE.search(fold(headings[i])), i))
        for index in percents:
            if index != best:
                roles[index] = ColumnRole.BEFORE


def _name_by_place(headings: Sequence[str], roles: list[ColumnRole | None]) -> None:
    """Parts are the projects where nothing else is; else the first column, or what was done."""
    if ColumnRole.PART in roles:
        roles[roles.index(ColumnRole.PART)] = ColumnRole.NAME
    elif ColumnRole.PROGRESS in roles:
        before = range(roles.index(ColumnRole.PROGRESS))
        unknown = [i for i in before if roles[i] is None and headings[i].strip()]
        if unknown and not is_measure(headings[unknown[0]]):
            roles[unknown[0]] = ColumnRole.NAME
        elif ColumnRole.THIS_WEEK in roles and _DONE_WORK.search(
            headings[roles.index(ColumnRole.THIS_WEEK)]
        ):
            roles[roles.index(ColumnRole.THIS_WEEK)] = ColumnRole.NAME


def _name_order(heading: str) -> int:
    match = _NAME_ORDER.fullmatch(fold(heading).strip())
    return 2 if match is None else 0 if match["first"] is not None else 1


def is_heading_row(cells: Sequence[str]) -> bool:
    """Whether these cells are the headings of a table of work or of key results."""
    filled = [cell for cell in cells if cell.strip()]
    roles = roles_of(filled)
    known_roles = [role for role in roles if role is not None]
    if (
        len(filled) >= _FEWEST
        and ColumnRole.PROGRESS in known_roles
        and ColumnRole.NAME in known_roles
    ):
        return not any(_DIGIT.search(cell) or len(cell) > _LONGEST_WORDS for cell in filled)
    if len(known_roles) < _FEWEST or len(known_roles) * 2 < len(filled):
        return False
    return (
        ColumnRole.NAME in known_roles
        or ColumnRole.KEY_RESULT in known_roles
        or len(set(known_roles)) >= 3
    )


def is_measure(heading: str) -> bool:
    """Whether the column names numbers (指标, KPI), so that the table is of metrics."""
    return _MEASURE.search(fold(heading)) is not None


def is_total(name: str) -> bool:
    """Whether a row with this name adds up the others (合计, Total)."""
    return _TOTAL.fullmatch(_MARKS.sub("", fold(name)).strip()) is not None


def spelled(role: ColumnRole | None, cells: Sequence[str]) -> list[str]:
    """The cells of one column as a person would write them.

    In a column of percents 0.65 is 65% where no other bare number exceeds 1, and 65 is 65%; 0.65
    between 40 and 80 stays as it is, for it may be either. In a column of dates 45464
    and 20240621 are 2024-06-21. Everything else stays as it is.
    """
    if role in _MEASURED:
        return _with_percents(cells)
    if role in _DATED:
        return [_with_day(cell) for cell in cells]
    return list(cells)


def _with_percents(cells: Sequence[str]) -> list[str]:
    """The bare numbers as percents; one of which nobody can say what it counts stays bare."""
    bare = [Decimal(cell.strip()) for cell in cells if _NUMBER.fullmatch(cell.strip())]
    has_percents = any(_PERCENT.fullmatch(cell.strip()) for cell in cells)
    has_fractions = any(0 < number < 1 for number in bare)
    has_wholes = any(number > 1 for number in bare)
    are_fractions = bool(bare) and not has_wholes and (has_fractions or not has_percents)
    # Beside 12.5 and 40.0 a 0.5 is half a per cent.
    are_fine = any(number > 1 and "." in str(number) for number in bare)

    def written(cell: str) -> str:
        if not _NUMBER.fullmatch(cell.strip()):
            return cell
        number = Decimal(cell.strip())
        if are_fractions:
            return f"{_plain(number * 100)}%"
        # 0.3 between 80 and 95 is 30 or 0.3 per cent, and 1 between 40% and 80% is 1 or 100.
        is_doubtful = 0 < number < 1 and not are_fine
        is_doubtful |= number == 1 and not has_wholes
        return cell if is_doubtful else f"{_plain(number)}%"

    return [written(cell) for cell in cells]


def _plain(number: Decimal) -> str:
    return f"{round(number, 2).normalize():f}"


def _with_day(cell: str) -> str:
    if match := _COMPACT.fullmatch(cell.strip()):
        return "-".join(match.groups())
    if not _SERIAL.fullmatch(cell.strip()):
        return cell
    return (_EXCEL_DAY + timedelta(days=int(Decimal(cell.strip())))).isoformat()
