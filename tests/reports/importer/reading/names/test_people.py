"""Pages that go by person."""

from __future__ import annotations

from reports.importer.reading.names.people import looks_like_a_person
from tests.reports.importer.pages import parsed
from tests.tables import each_row

_HEADED = """\
# 前端组周报 2024年6月第3周
## 林小满
本周：
1. 商家后台：完成订单页，进度60%
下周：
1. 商品页
## 陈一
本周：
1. 组件库：预计6月28日发布
"""
_INLINE = """\
运维组周报 2024.06.17~2024.06.21
林小满：机房搬迁：方案评审通过，7月5日完成
陈一：休假
下周计划：
林小满：第一批搬迁
"""
_ENGLISH = """\
Week 24 (June 10 - June 14, 2024)

**Alice**
- Billing migration: 80% complete, cutover on June 20
- Reviewed 12 PRs

**Bob**
- Fraud model: training finished
"""


@each_row(
    ("text", "owned"),
    [
        (_HEADED, [("商家后台", "林小满"), ("组件库", "陈一")]),
        (_INLINE, [("机房搬迁", "林小满")]),
        (_ENGLISH, [("Billing migration", "Alice"), ("Fraud model", "Bob")]),
    ],
)
def test_a_person_owns_the_projects_below(text: str, owned: list[tuple[str, str]]) -> None:
    page = parsed(text)
    assert [(p.name, *p.owners) for p in page.projects] == owned


def test_one_name_alone_is_a_project() -> None:
    page = parsed("# 2024-W25\n## O1 业务\n1. 方圆：开发完成\n2. 收银台：测试中\n")
    assert [p.name for p in page.projects] == ["方圆", "收银台"]


@each_row("name", ["钱包", "路由", "安全治理", "余额", "Atlas", "收银台"])
def test_words_of_the_trade_are_not_taken_for_people(name: str) -> None:
    assert not looks_like_a_person(name)
