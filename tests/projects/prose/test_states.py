"""State words, what they are said of, and whether they are true yet."""

from __future__ import annotations

from datetime import date

from projects.prose import StateKind, read
from tests.tables import each_row

WEEK = date(2024, 6, 17)

# text, kind, subject
STATES: list[tuple[str, str, str]] = [
    ("存管一期已上线", "launched", "存管一期"),
    ("存管路由上线完成", "launched", "存管路由"),
    ("实时数仓：上线完成", "launched", "实时数仓"),
    ("对账平台已发布至生产环境", "launched", "对账平台"),
    ("本周三切换完成", "done", "切换"),
    ("6月18日完成压测", "done", "压测"),
    ("对账平台已全量上线", "launched", "对账平台"),
    ("新版协议已投产", "launched", "新版协议"),
    ("進件能力已上線", "launched", "進件能力"),
    ("进件能力上线，效果良好", "launched", "进件能力"),
    ("风控平台灰度中", "releasing", "风控平台"),
    ("小程序试运行中", "releasing", "小程序"),
    ("贴息产品测试中", "testing", "贴息产品"),
    ("贴息产品已提测", "testing", "贴息产品"),
    ("POS 进入测试阶段", "testing", "POS"),
    ("直联接口联调中", "integrating", "直联接口"),
    ("直联接口开发中", "developing", "直联接口"),
    ("装修存管：正在进行中", "developing", "装修存管"),
    ("清分规则方案评审中", "planning", "清分规则"),
    ("IOS版本正在审核中", "planning", "IOS版本"),
    ("清分规则待排期", "waiting", "清分规则"),
    ("清分规则未启动", "waiting", "清分规则"),
    ("牌照项目暂停", "paused", "牌照项目"),
    ("牌照项目已搁置", "paused", "牌照项目"),
    ("牌照项目延期", "off_track", "牌照项目"),
    ("牌照项目有延期风险", "at_risk", "牌照项目"),
    ("牌照项目风险较高", "at_risk", "牌照项目"),
    ("牌照项目进展顺利", "on_track", "牌照项目"),
    ("牌照项目无风险", "on_track", "牌照项目"),
    ("接口改造已完成", "done", "接口改造"),
    ("接口改造已经基本完成", "done", "接口改造"),
    ("已完成接口改造", "done", "接口改造"),
    ("完成了接口改造", "done", "接口改造"),
    ("验收通过", "done", ""),
    ("Payments: on track", "on_track", "Payments"),
    ("Search is at risk", "at_risk", "Search"),
    ("Search is delayed", "off_track", "Search"),
    ("The API is launched", "launched", "API"),
    ("Search paused", "paused", "Search"),
    ("Search in progress", "developing", "Search"),
    ("Search not started", "waiting", "Search"),
    ("Migration done", "done", "Migration"),
]


@each_row(("text", "kind", "subject"), STATES)
def test_kind_and_subject(text: str, kind: str, subject: str) -> None:
    got = [(s.kind, s.subject, s.is_future) for s in read(text, week=WEEK).states]
    assert got == [(StateKind(kind), subject, False)]


@each_row(
    ("text", "kind"),
    [
        ("清分规则未上线", "launched"),
        ("清分规则尚未上线", "launched"),
        ("清分规则预计下周上线", "launched"),
        ("清分规则准备上线", "launched"),
        ("清分规则待上线", "waiting"),
        ("清分规则预计6/25提测", "testing"),
        ("清分规则7月初上线", "launched"),
        ("清分规则没有完成", "done"),
        ("清分规则下周完成", "done"),
        ("Search is not launched", "launched"),
        ("Search will be launched next week", "launched"),
    ],
)
def test_a_state_to_come_is_marked_as_future(text: str, kind: str) -> None:
    (state,) = read(text, week=WEEK).states
    assert state.kind == StateKind(kind)
    assert state.is_future is (kind != "waiting")


@each_row(
    "text",
    [
        "上线后出现告警",
        "上线时间",
        "投产后的问题",
        "上线申请材料",
        "上线前检查",
        "送至检测中心",
        "完成90%",
        "60% done",
        "完成率",
        "灰度方案",
    ],
)
def test_a_word_that_only_names_a_state_gives_no_state(text: str) -> None:
    assert read(text, week=WEEK).states == ()


def test_a_plan_in_the_making_is_not_future() -> None:
    (state,) = read("落地计划制定中", week=WEEK).states
    assert (state.kind, state.is_future) == (StateKind.PLANNING, False)


def test_one_state_after_the_other() -> None:
    states = read("一期已上线，二期联调中，三期待排期", week=WEEK).states
    assert [(s.kind, s.subject) for s in states] == [
        (StateKind.LAUNCHED, "一期"),
        (StateKind.INTEGRATING, "二期"),
        (StateKind.WAITING, "三期"),
    ]
