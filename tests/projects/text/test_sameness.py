"""Names that are one project's by default, and those of which a person decides."""

from __future__ import annotations

from projects.text.sameness import is_surely_one
from tests.tables import each_row


@each_row(
    ("name", "other"),
    [
        ("票据池", "票据池项目"),
        ("票据池", "票据池系统改造"),
        ("账务中台建设", "账务中台"),
        ("推进账务中台", "账务中台"),
        ("密钥轮换", "密钥轮换的开发"),
        ("Payout", "Payout rewrite"),
        ("the Payout", "Payout"),
        ("Reconciliation", "Reconcilliation"),
        ("海外收单（原跨境收单）", "跨境收单平台"),
        ("海外收单（原跨境收单）", "海外收单"),
        ("Atlas (formerly Payout)", "Payout"),
    ],
)
def test_words_that_say_nothing_of_which_project_do_not_part_names(name: str, other: str) -> None:
    assert is_surely_one(name, other)
    assert is_surely_one(other, name)


@each_row(
    ("name", "other"),
    [
        ("票据池", "票据池二期"),
        ("票据池项目", "票据池（二期）"),
        ("票据池一期", "票据池二期"),
        ("票据池", "票据池2.0"),
        ("票据池", "票据池 V2"),
        ("会员中心", "新会员中心"),
        ("会员中心", "旧会员中心下线"),
        ("会员中心", "会员中心国际版"),
        ("会员中心", "企业会员中心"),
        ("门店收款", "华东门店收款"),
        ("农商行存管", "工商行存管"),
        ("会员中心", "会员中心（恒通）"),
        ("会员中心", "会员中心积分清零"),
        ("Payout", "Payout phase 2"),
        ("Payout", "Payout EU"),
        ("Payout", "New Payout"),
        ("Payout v1", "Payout v2"),
        ("Warehouse A", "Warehouse B"),
        ("", "票据池"),
    ],
)
def test_phases_versions_regions_customers_and_parts_do(name: str, other: str) -> None:
    assert not is_surely_one(name, other)
    assert not is_surely_one(other, name)
