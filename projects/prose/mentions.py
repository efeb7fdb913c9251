"""What the prose parser reads in a text: values with their place, nothing of the database.

``start`` and ``end`` are offsets into the text that was given to ``read`` (``text[start:end]`` is
the mention's own ``text``), so a form can mark the place and an importer can name the line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

type Day = date  # a class that has a field `date` cannot name the type so


class Precision(StrEnum):
    """How exactly a date was said; the date itself is the last day that is meant."""

    DAY = "day"
    WEEK = "week"  # 下周, 7月第一周: its Sunday
    PART = "part"  # 7月初, 5月下旬: a third of a month
    MONTH = "month"
    QUARTER = "quarter"


class DateKind(StrEnum):
    DUE = "due"  # 预计7月23日上线
    DONE = "done"  # 已于6月18日上线
    START = "start"  # 6月18日开始检测: neither a promise of the end nor a result


class StateKind(StrEnum):
    """What a state word says, in the order of a project's life."""

    WAITING = "waiting"  # 待排期
    PLANNING = "planning"  # 方案评审中
    DEVELOPING = "developing"  # 研发中
    INTEGRATING = "integrating"  # 联调中
    TESTING = "testing"  # 提测, 测试中
    RELEASING = "releasing"  # 灰度, 上线中
    LAUNCHED = "launched"  # 已上线
    DONE = "done"  # 已完成, 完成
    PAUSED = "paused"  # 暂停
    ON_TRACK = "on_track"  # 正常, on track
    AT_RISK = "at_risk"  # 有风险
    OFF_TRACK = "off_track"  # 已延期


class Rule(StrEnum):
    """What a mention rests on; README.md lists which words each rule asks for."""

    # progress
    PROGRESS_WORD = "progress word"  # 进度85%, 完成 90%, 60% done
    WHOLE = "whole"  # 整体 60%
    STAGE = "stage"  # 联调 60%
    OPENER = "opener"  # 各端进度：安卓 80%
    KNOWN_NAME = "known name"  # beside a name that the caller gave
    COUNT = "count"  # 接口 30 个已改 12 个
    DONE = "done"  # 已迁 3/9, two thirds are signed
    REMAINDER = "remainder"  # 还剩两成
    WORK = "work"  # 短信网关 60%: the name ends in a word of work
    NAME = "name"  # 云杉二号 60%: any other name that nothing speaks against
    ALONE = "alone"  # 目前80%
    BRACKETS = "brackets"  # [40%] 商户标签
    ROW = "row"  # a cell of a row
    WORDS = "words"  # what the words around it are like, whatever the rules say
    # no progress
    TARGET = "target"
    STEP = "step"  # 灰度 10%
    CHANGE = "change"  # 提升3%
    SHARE = "share"  # 20%的商户, men 60 %, women 40 %
    MEASURED = "measured"  # 成功率 99%
    QUANTITY = "quantity"  # 退款98组
    UNCLEAR = "unclear"
    # dates
    PLAN = "plan"  # 预计7月23日
    MOMENT = "moment"  # 上线时间：7月23日
    EVENT = "event"  # 7月23日上线
    LIMIT = "limit"  # 8月31日前
    MOVED = "moved"  # 由6/10延期至6/25
    AHEAD = "ahead"  # 甲方7月23日确认: a day to come and what nothing speaks against


@dataclass(frozen=True, slots=True)
class Percent:
    """A progress percentage, 0 to 100; ``label`` is what it is about (系统开发进度), or empty."""

    start: int
    end: int
    text: str
    value: Decimal
    label: str = ""
    subject: str = ""  # what stands before the label in its clause: a milestone or project name
    before: Decimal | None = None  # 70% → 80% holds 70
    numerator: int | None = None  # 14/44=31.8% keeps both numbers
    denominator: int | None = None
    rule: Rule = Rule.UNCLEAR


@dataclass(frozen=True, slots=True)
class DateMention:
    """A due, done or start date; ``label`` is what happens then (上线), ``subject`` to what."""

    start: int
    end: int
    text: str  # with the words that make it a date of that kind: 预计6月25日上线
    date: date
    precision: Precision
    kind: DateKind
    label: str = ""
    subject: str = ""
    before: Day | None = None  # 由6/10延期至6/25 holds 6/10
    rule: Rule = Rule.UNCLEAR


@dataclass(frozen=True, slots=True)
class ReadingMention:
    """A number that is measured, not progress: 入金有效成功率 99.996 %, 累计金额 1.66 亿元."""

    start: int
    end: int
    text: str
    name: str
    value: Decimal  # as written, in ``unit``
    unit: str = ""
    note: str = ""  # 超过, 约, 下降 …: what the sentence says of the number
    before: Decimal | None = None
    is_target: bool = False  # 目标90%, SLA 99.9%, a limit: what should be, not what is
    rule: Rule = Rule.QUANTITY


@dataclass(frozen=True, slots=True)
class State:
    start: int
    end: int
    text: str
    kind: StateKind
    subject: str = ""
    is_future: bool = False  # 预计…上线, 将…: said of a time to come, or negated (未上线)


@dataclass(frozen=True, slots=True)
class Owner:
    start: int
    end: int
    text: str
    role: str  # 总体负责人
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependency:
    start: int
    end: int
    text: str
    on: str  # 专线进度


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that was read in one text, each kind in the order of the text."""

    percents: tuple[Percent, ...] = ()
    dates: tuple[DateMention, ...] = ()
    readings: tuple[ReadingMention, ...] = ()
    states: tuple[State, ...] = ()
    owners: tuple[Owner, ...] = ()
    dependencies: tuple[Dependency, ...] = field(default=())
