"""Which line begins a section, in every dress."""

from __future__ import annotations

from reports.importer.reading import heading_words
from reports.importer.reading.headings import heading_of, kind_of, objective_of
from reports.importer.reading.outline import outline
from reports.importer.source import SourceLine
from reports.weekly.sections import STORED, Kind
from tests.tables import each_row


def test_headings_name_only_kinds_that_a_row_can_have() -> None:
    assert {words.kind for words in heading_words._WORDS} < {section.kind for section in STORED}


@each_row(
    ("text", "kind"),
    [
        ("【系统运行数据】", Kind.METRICS),
        ("四、核心指标：", Kind.METRICS),
        ("Key metrics", Kind.METRICS),
        ("**【生产事件】**", Kind.INCIDENTS),
        ("线上故障及处理", Kind.INCIDENTS),
        ("生产事故回顾（6.17-6.21）", Kind.INCIDENTS),
        ("其它事项", Kind.OTHER),
        ("收获与反思", Kind.REFLECTION),
        ("总结与思考", Kind.REFLECTION),
        ("Lessons learned", Kind.REFLECTION),
        ("下周工作及目标", Kind.PLAN),
        ("下周計劃", Kind.PLAN),
        ("六、下一步工作安排", Kind.PLAN),
        ("Next week's plan", Kind.PLAN),
        ("日报合集", Kind.DAILY),
        ("重点项目进展", Kind.FOCUS),
        ("重点项目 · 贝易转 · POS", Kind.FOCUS),
        ("本周工作总结", Kind.WORK),
        ("一、本周工作内容", Kind.WORK),
        ("风险与问题", Kind.CUSTOM),
        ("收银台改版", None),
        ("数据平台", None),
        ("项目管理系统", None),
        ("", None),
    ],
)
def test_kind_of(text: str, kind: Kind | None) -> None:
    assert kind_of(text) == kind


@each_row(
    ("text", "objective"),
    [
        ("【O1 业务服务】", ("O1", "业务服务")),
        ("【O2系统升级】", ("O2", "系统升级")),
        ("**【O3** 平台治理】", ("O3", "平台治理")),
        ("O4：支付 × AI", ("O4", "支付 × AI")),
        ("Objective 2: Grow", ("O2", "Grow")),
        ("目标一：提升稳定性", ("O1", "提升稳定性")),
        ("Ｏ１　业务服务", ("O1", "业务服务")),
        ("O2O业务拓展", None),
        ("目标90%以上", None),
        ("OKR管理", None),
    ],
)
def test_objective_of(text: str, objective: tuple[str, str] | None) -> None:
    assert objective_of(text) == objective


def test_a_letter_is_a_code_only_in_a_sure_heading() -> None:
    assert objective_of("A. 支付账户2.0升级", lettered=True) == ("A", "支付账户2.0升级")
    assert objective_of("A. 支付账户2.0升级") is None


@each_row(
    ("text", "dressed", "is_heading"),
    [
        ("## 收银台", False, True),
        ("【任意】", False, True),
        ("- 【任意】", False, True),
        ("1. 其他", False, True),
        ("1. 其他", True, False),
        ("三、生产事件", False, True),
        ("系统运行数据", True, True),
        ("- 下周计划", False, False),
        ("农行存管：开发完成", False, False),
        ("        【深处】", False, False),
        ("| 其他 | 其他 |", False, False),
        ("【解决办法】：扩容", False, False),
    ],
)
def test_heading_of(text: str, dressed: bool, is_heading: bool) -> None:
    (line,) = outline([SourceLine(1, text)])
    assert (heading_of(line, dressed=dressed) is not None) == is_heading
