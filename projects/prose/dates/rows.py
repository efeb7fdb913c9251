"""Dates in the cells of a row: 退款\\t80%\\t6月28日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from projects.prose import lazy
from projects.prose.cells import cells, heading
from projects.prose.clauses import Page
from projects.prose.dates.days import Shape, Written
from projects.prose.mentions import DateKind

#: What a row of work has beside its name: a percentage, a count, a state.
_HOW_FAR: Final = lazy.compile(
    r"%|[0-9] ?/ ?[0-9]+ ?[\u4e00-\u9fff]? ?\Z|进行中|推进中|开发中|联调中|测试中|施工中|"
    r"待[\u4e00-\u9fff]|"
    r"(?:未|已)(?:开始|启动|完成)|正常|延期|滞后|in progress|on track|delayed|at risk|not started",
    re.IGNORECASE,
)
_DONE: Final = lazy.compile(
    r"(?<![0-9.])100 ?%|已(?:完成|上线|验收|交付|到货|发布|结项|关闭|投产|切换)|"
    r"(?:done|live|delivered|shipped|completed?|closed)",
    re.IGNORECASE,
)
_LONGEST_DATE: Final = 12
#: What heads a column of days on which work was done, is due, or something else is told of.
HEADS_DONE: Final = lazy.compile(
    r"实际|已?(?:完成|上线|交付|验收)于|(?<![A-Za-z])(?:actual|(?:done|completed|delivered|closed|"
    r"finished|shipped) ?(?:on|at|date))",
    re.IGNORECASE,
)
HEADS_DUE: Final = lazy.compile(
    r"计划|预计|目标|截止|到期|期限|限期|时限|里程碑|节点|死线|(?<![A-Za-z])(?:due|deadline|eta|target|"
    r"plan(?:ned)?|milestone|ddl)(?![A-Za-z])",
    re.IGNORECASE,
)
HEADS_EVENT: Final = lazy.compile(
    r"(?:完成|上线|交付|提测|验收|投产|发布|竣工|到货|交货)(?:时间|日期|日)?\Z|"
    r"(?<![A-Za-z])(?:finish|delivery|go-live|launch|release)(?![A-Za-z])",
    re.IGNORECASE,
)
HEADS_OTHER: Final = lazy.compile(
    r"(?:提出|报修|报障|上报|反馈|发现|发生|故障|入职|离职|出生|创建|新建|更新|修改|登记|记录|填报|会议|受理|收到|"
    r"申请|立项|开始|启动|开工|起始|签订|签署|开票|采购|下单|到访|生效|失效|报告|统计)"
    r"(?:时间|日期|日)?\Z|(?<![A-Za-z])(?:incident|created|updated|raised|reported|opened|"
    r"started?|begins?|born|hired|joined|meeting|expires|expiry|logged|seen)(?![A-Za-z])",
    re.IGNORECASE,
)


def is_alone(page: Page, written: Written) -> bool:
    """Whether a date is all of its cell or clause."""
    clause = page.clause_at(written.start)
    cell = page.folded[clause.start : clause.end].strip()
    return len(cell) <= _LONGEST_DATE and cell == page.folded[written.start : written.end]


def is_date_cell(page: Page, written: Written) -> bool:
    """Whether a date stands alone in a cell of a row that tells how far something is."""
    if not is_alone(page, written):
        return False
    if written.shape is Shape.COMPACT and "-" not in page.folded[written.start : written.end]:
        return False
    return any(map(_HOW_FAR.search, _others(page, written)))


def column_of(page: Page, written: Written) -> re.Pattern[str] | None:
    """What heads the column of a date that is all of its cell: ``HEADS_DUE`` …, if it says so."""
    title = heading(page, written.start) if is_alone(page, written) else ""
    heads = (HEADS_OTHER, HEADS_DONE, HEADS_DUE, HEADS_EVENT)
    return next((each for each in heads if title and each.search(title)), None)


def kind_in_column(page: Page, written: Written, heads: re.Pattern[str], week: date) -> DateKind:
    """The kind of a date in a column that is headed so; one that is over may have been kept."""
    if heads is HEADS_DONE or (heads is HEADS_EVENT and written.day < week):
        return DateKind.DONE
    is_over = written.day < week + timedelta(days=7)
    return DateKind.DONE if is_over and is_of_done_work(page, written) else DateKind.DUE


def is_of_done_work(page: Page, written: Written) -> bool:
    """Whether another cell of its row says that the work is done."""
    return any(map(_DONE.fullmatch, _others(page, written)))


def _others(page: Page, written: Written) -> Iterator[str]:
    for start, end in cells(page, written.start):
        if not start <= written.start < end:
            yield page.folded[start:end].strip()
