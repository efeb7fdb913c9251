"""Where a project's name ends."""

from __future__ import annotations

from datetime import date

from reports.importer.reading.names.after_verb import head_after_verb
from reports.importer.reading.names.head_words import is_generic
from reports.importer.reading.names.heads import project_head
from reports.importer.reading.outline import outline
from reports.importer.source import SourceLine
from tests.tables import each_row


@each_row(
    ("text", "name", "rest"),
    [
        ("1. 农行存管：系统开发进度85%", "农行存管", "系统开发进度85%"),
        ("- 云闪付：：计划月底启动", "云闪付", "计划月底启动"),
        ("WAF迁移，域名切换完毕，开始下线", "WAF迁移", "域名切换完毕，开始下线"),
        ("「小贝」问答准确率91%", "小贝", "问答准确率91%"),
        ("【小贝】问答准确率91%", "小贝", "问答准确率91%"),
        ("P**OS收单建设**主要开发完成", "POS收单建设", "主要开发完成"),
        ("**容灾演练** 方案评审通过", "容灾演练", "方案评审通过"),
        ("实时数仓**：**方案有调整", "实时数仓", "方案有调整"),
        ("实时数仓项目进度98%，补数中。", "实时数仓项目", "进度98%，补数中。"),
        ("实时数仓项目进度：98%", "实时数仓项目", "进度：98%"),
        ("账单中心预计6月28日上线，文档齐备", "账单中心", "预计6月28日上线，文档齐备"),
        ("AI影像（DocAI）项目：一期上线", "AI影像（DocAI）项目", "一期上线"),
        ("支付共享中心：方案评审", "支付共享中心", "方案评审"),
        ("Checkout redesign: 80% complete", "Checkout redesign", "80% complete"),
        ("Ledger migration - on track", "Ledger migration", "on track"),
        ("对账平台——完成重构", "对账平台", "完成重构"),
        ("**二手收银**台：改版完成", "二手收银台", "改版完成"),
        ("***企业支付***：白名单", "企业支付", "白名单"),
        ("账户2.0：20250115上线", "账户2.0", "20250115上线"),
        ("上线质量平台：一期已交付", "上线质量平台", "一期已交付"),
        ("资金存管平稳运行", "资金存管", "平稳运行"),
        ("存管二期（负责人：甲）开发中", "存管二期", "（负责人：甲）开发中"),
        ("数据库拆分【暂停】，等待资源", "数据库拆分", "【暂停】，等待资源"),
        ("商户进件（90%）：联调中", "商户进件", "（90%）：联调中"),
    ],
)
def test_project_head(text: str, name: str, rest: str) -> None:
    (line,) = outline([SourceLine(1, text)])
    head = project_head(line)
    assert head is not None
    assert (head.name, head.rest) == (name, rest)


@each_row(
    "text",
    [
        "本周完成：收银台联调",
        "风险：人力不足",
        "负责人：甲",
        "12:03 收银台响应变慢",
        "完成收银台改版，联调通过",
        "本周处理商户咨询32起，均已答复",
        "参加架构评审，输出结论",
        "https://example.org/a: 链接",
        "6月18日，系统切换",
        "Finished the rollout, no issues",
        "完成城市开通3个：济南、烟台",
        "Hi all，",
        "汇报人：某人",
        "：没有名字",
        "。。。",
        "",
    ],
)
def test_lines_that_name_no_project(text: str) -> None:
    (line,) = outline([SourceLine(1, text)])
    assert project_head(line) is None


def test_a_known_name_is_read_without_a_mark() -> None:
    (line,) = outline([SourceLine(1, "实时数仓历史数据补齐")])
    assert project_head(line) is None
    head = project_head(line, known_names=("实时数仓",))
    assert head is not None
    assert (head.name, head.rest) == ("实时数仓", "历史数据补齐")


@each_row(
    ("text", "name", "written"),
    [
        ("1. 完成商家后台改版，进度60%", "商家后台改版", "完成商家后台改版"),
        ("1. 对接平安银行（开发中 50%）", "对接平安银行", "对接平安银行"),
        ("1. 推进账单下载功能，预计6月28日上线", "账单下载功能", "推进账单下载功能"),
    ],
)
def test_a_line_that_begins_with_a_verb_and_has_a_number_names_its_project(
    text: str, name: str, written: str
) -> None:
    (line,) = outline([SourceLine(1, text)])
    head = head_after_verb(line, week=date(2024, 6, 17))
    assert head is not None
    assert (head.name, head.written) == (name, written)


@each_row("text", ["1. 完成两次评审", "1. 整体进度60%", "1. 完成80%，预计7月上线"])
def test_a_line_that_begins_with_a_verb_without_numbers_names_no_project(text: str) -> None:
    (line,) = outline([SourceLine(1, text)])
    assert head_after_verb(line, week=date(2024, 6, 17)) is None


@each_row("label", ["进展", "本周进展", "KR1", "产研", "风险与问题", "周三", ""])
def test_generic(label: str) -> None:
    assert is_generic(label)


@each_row("label", ["收银台", "POS", "账务核心", "小贝"])
def test_not_generic(label: str) -> None:
    assert not is_generic(label)
