"""The structure of a page: headings, projects, and everything in its place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reports.importer.page import ParsedPage
from reports.weekly.sections import Kind
from tests.reports.importer import pages
from tests.reports.importer.pages import parsed
from tests.tables import each_row


def at(day: int, hour: int, minute: int) -> datetime:
    """A moment of June 2024 on the team's wall clock, as pages write it: without a zone."""
    return datetime(2024, 6, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def names(page: ParsedPage) -> list[tuple[str, str | None, bool]]:
    return [(p.name, p.code, p.is_focus) for p in page.projects]


def test_notion_page_has_its_objectives_and_projects() -> None:
    page = parsed(pages.NOTION)
    assert page.title == "2024-W25"
    assert [(o.code, o.name) for o in page.objectives] == [
        ("O1", "业务服务"),
        ("O2", "系统升级"),
        ("O4", "支付 × AI"),
    ]
    assert names(page) == [
        ("聚合收单", None, True),
        ("密钥轮换", None, True),
        ("农行存管", "O1", False),
        ("账单中心", "O1", False),
        ("小贝", "O1", False),
        ("POS路由改造", "O2", False),
        ("实时数仓", "O2", False),
        ("AI影像数字化（DocAI）", "O4", False),
    ]


def test_plain_text_page_is_nested_by_its_marks() -> None:
    page = parsed(pages.PLAIN)
    assert names(page) == [
        ("银企直联", None, True),
        ("备付金迁移", None, True),
        ("收银台改版", "O1", False),
        ("商户自助平台", "O1", False),
        ("网关重构", "O2", False),
        ("账务核心", "O2", False),
    ]
    assert page.projects[0].text == (
        "（1）工行直联开发完成，整体进度70%，预计7月28日上线。\n（2）建行证书申请中"
    )


def test_numbers_belong_to_the_project_whose_text_holds_them() -> None:
    page = parsed(pages.NOTION)
    percents = {(p.name, progress.percent) for p in page.projects for progress in p.progress}
    assert percents == {
        ("聚合收单", Decimal(70)),
        ("密钥轮换", Decimal(35)),
        ("农行存管", Decimal(85)),
        ("POS路由改造", Decimal(60)),
        ("实时数仓", Decimal(40)),
    }


def test_a_nested_name_becomes_the_part_of_its_numbers() -> None:
    page = parsed(pages.NOTION)
    pos = next(p for p in page.projects if p.name == "POS路由改造")
    assert [progress.part for progress in pos.progress] == ["限额配置"]
    assert [(dated.part, dated.date.isoformat()) for dated in pos.dates] == [
        ("限额配置", "2024-07-10")
    ]


def test_table_rows_become_projects_and_an_empty_name_continues_one() -> None:
    page = parsed(pages.TABLE)
    assert [(o.code, o.name) for o in page.objectives] == [
        ("A", "支付账户2.0升级"),
        ("B", "稳定性建设"),
    ]
    model = page.projects[0]
    assert model.name == "账户模型"
    assert model.text.count("\n") == 3  # the table's head, and two rows
    assert [progress.percent for progress in model.progress] == [60, 30]
    assert [dated.date.isoformat() for dated in model.dates] == ["2024-07-20", "2024-08-10"]


def test_english_page() -> None:
    page = parsed(pages.ENGLISH)
    assert names(page) == [
        ("Checkout redesign", None, False),
        ("Ledger migration", None, False),
    ]
    assert [(m.name, m.value, m.unit) for m in page.metrics] == [
        ("Success rate", Decimal("99.95"), "%"),
        ("p99 latency", Decimal(320), "ms"),
    ]
    incident = page.incidents[0]
    assert incident.occurred_at == at(18, 9, 15)
    assert incident.recovered_at == at(18, 9, 40)
    assert incident.cause == "expired certificate."


def test_metrics_and_counts() -> None:
    page = parsed(pages.NOTION)
    assert [(m.name, m.value) for m in page.metrics] == [
        ("入金有效成功率", Decimal("99.97")),
        ("出金有效成功率", Decimal("99.98")),
    ]
    assert page.metrics[1].note == "含一次通道切换"
    assert [(c.severity, c.count) for c in page.counts] == [
        ("AB", 0),
        ("C", Decimal("0.5")),
        ("D", 1),
    ]


def test_a_label_inside_the_metrics_starts_no_section() -> None:
    page = parsed(pages.NOTION)
    assert [s.heading for s in page.sections if s.kind == Kind.METRICS and s.heading] == [
        "【系统运行数据】"
    ]


def test_incidents_hold_the_lines_below_them_but_not_a_closing_link() -> None:
    page = parsed(pages.NOTION)
    first, second = page.incidents
    assert first.occurred_at == at(18, 9, 12)
    assert first.recovered_at == at(18, 9, 40)
    assert (first.detected_by, first.cause) == ("监控发现", "消费者线程耗尽")
    assert first.resolution == "扩容并限流"
    assert second.detected_by == "商户反馈"
    assert any("台账" in section.body for section in page.sections)


def test_empty_numbers_give_no_goals() -> None:
    assert [goal.text for goal in parsed(pages.NOTION).goals] == ["渠道甲开通", "密钥轮换收尾"]


def test_other_and_reflection_keep_their_text() -> None:
    page = parsed(pages.NOTION)
    assert page.other == ("预算复核", "新人培训")
    assert page.reflection == "发布前的演练值得坚持。"


def test_lines_that_name_no_project_stay_in_their_section() -> None:
    page = parsed(pages.NOTION)
    assert any(s.kind == Kind.OBJECTIVE and "咨询18起" in s.body for s in page.sections)
    assert "4. 本周接待商户咨询18起" in [text for _, text in page.unplaced]


# What two spellings of a line may differ in once it was taken apart and put together again;
# a NUL is dropped on reading, since no database keeps one.
_FOLDED = re.compile(r"[\s\0*_`「」【】\[\]()（）:：，,。.、；;《》“”\"'#>\-–—]")


def folded(text: str) -> str:
    return _FOLDED.sub("", text)


def reassembled(page: ParsedPage) -> str:
    """Everything the page was taken apart into, in the order of its lines, folded."""
    pieces = [(page.title_line, page.title)]
    pieces += [(s.line, f"{s.heading}\n{s.body}") for s in page.sections]
    pieces += [(p.line, f"{p.written}{p.text}") for p in page.projects]
    pieces += [(m.line, m.text) for m in page.metrics]
    pieces += [(c.line, c.text) for c in page.counts]
    pieces += [(i.line, i.text) for i in page.incidents]
    pieces += [(g.line, g.written) for g in page.goals]
    return "".join(folded(text) for _, text in sorted(pieces, key=lambda piece: piece[0]))


def lost_lines(text: str, back: str) -> list[str]:
    lines = (
        re.sub(r"^\s*(?:[-*+]|\d+[.、)]|#+|>)*\s*(?:\[[ x]\])?\s*", "", x)
        for x in text.splitlines()
    )
    return [line for line in lines if folded(line) not in back]


def doubled_lines(text: str, back: str) -> list[str]:
    """Lines that stand more often in ``back``; the heads of tables stand above each project."""
    source = folded(text)
    lines = (line for line in text.splitlines() if "|" not in line and len(folded(line)) >= 8)
    return [line for line in lines if back.count(folded(line)) > source.count(folded(line))]


@each_row("text", pages.ALL)
def test_no_line_is_lost(text: str) -> None:
    assert lost_lines(text, reassembled(parsed(text))) == []


_CORPUS = Path(__file__).parents[1] / "corpus"
_TEXTS = [*pages.ALL, *(path.read_text(encoding="utf-8") for path in sorted(_CORPUS.glob("*.md")))]
_LINES = [line for text in _TEXTS for line in text.splitlines()]
_SIGNS = (
    *("", "| a | b |", "【", "```", "1.", "①", "# ", "**x", "- [ ]", "——> ", "------40%", "=> 50%"),
    *("[P0] ", "@张三 ", "#话题# ", "KR1 ", "下周：", "(小沈)", " - 小陈", "2）", "1、1400", "A. "),
    *("🔥 ", "1️⃣ ", "June 18, 09:12 – down", "[x](https://example.org) | 40%", "６/18 12:03 失败"),
)
_MUTATION = st.tuples(
    st.sampled_from(("drop", "double", "swap", "cut", "insert", "indent", "join")),
    st.integers(0, 10**6),
    st.sampled_from([*_LINES, *_SIGNS]),
)


def mutated(text: str, mutations: list[tuple[str, int, str]]) -> str:
    """The page after some accidents: a hurried hand, a bad paste, a broken export."""
    lines = text.splitlines()
    for kind, at, other in mutations:
        place = at % len(lines) if lines else 0
        if not lines or kind == "insert":
            lines.insert(place, other)
        elif kind == "drop":
            del lines[place]
        elif kind == "double":
            lines.insert(place, lines[place])
        elif kind == "swap":
            lines[place], lines[-1 - place % len(lines)] = (
                lines[-1 - place % len(lines)],
                lines[place],
            )
        elif kind == "cut":
            lines[place] = lines[place][: at % (len(lines[place]) + 1)]
        elif kind == "indent":
            lines[place] = " " * (at % 9) + lines[place].lstrip()
        else:
            lines[place] += other
    return "\n".join(lines)


@given(st.sampled_from(_TEXTS), st.lists(_MUTATION, min_size=1, max_size=12))
def test_no_line_of_a_mutated_page_is_lost_or_doubled(
    text: str, mutations: list[tuple[str, int, str]]
) -> None:
    page = mutated(text, mutations)
    back = reassembled(parsed(page))
    assert lost_lines(page, back) == []
    assert doubled_lines(page, back) == []


@given(st.text(max_size=400))
def test_any_text_can_be_parsed(text: str) -> None:
    assert lost_lines(text, reassembled(parsed(text))) == []
