"""Owners and dependencies."""

from __future__ import annotations

from datetime import date

from projects.prose import read
from tests.tables import each_row

WEEK = date(2024, 6, 17)


@each_row(
    ("text", "role", "names"),
    [
        ("总体负责人：王小明", "总体负责人", ("王小明",)),
        ("總體負責人：王小明", "總體負責人", ("王小明",)),
        ("技术负责人：李雷、韩梅梅", "技术负责人", ("李雷", "韩梅梅")),
        ("负责人: 李雷 韩梅梅", "负责人", ("李雷", "韩梅梅")),
        ("负责人：@李雷", "负责人", ("李雷",)),
        ("负责人：李雷（后端）、韩梅梅（前端）", "负责人", ("李雷", "韩梅梅")),
        ("对账平台（负责人：李雷）", "负责人", ("李雷",)),
        ("负责人：李雷，预计周五完成", "负责人", ("李雷",)),
        ("**负责人**：李雷", "负责人", ("李雷",)),
        ("owner: Tom Lee", "owner", ("Tom Lee",)),
        ("Owner: alice, bob", "Owner", ("alice", "bob")),
    ],
)
def test_owners(text: str, role: str, names: tuple[str, ...]) -> None:
    (owner,) = read(text, week=WEEK).owners
    assert (owner.role.replace("*", ""), owner.names) == (role, names)


@each_row(
    "text",
    [
        "负责人待定",
        "负责人：",
        "与负责人沟通方案",
        "负责人：待定",
        "POS：首批已铺设",
        "leadership: all",
    ],
)
def test_no_owner(text: str) -> None:
    assert read(text, week=WEEK).owners == ()


@each_row(
    ("text", "on"),
    [
        ("依赖专线进度", "专线进度"),
        ("主要依赖：专线进度", "专线进度"),
        ("上线依赖于银行侧排期，暂无风险", "银行侧排期"),
        ("依赖方：风控、账务", "风控、账务"),
        ("依赖项：单点登录", "单点登录"),
        ("卡在法务审核", "法务审核"),
        ("关注迁移依赖的网络配置", "网络配置"),
        ("blocked by legal review.", "legal review"),
        ("depends on the SSO team", "SSO team"),
    ],
)
def test_dependencies(text: str, on: str) -> None:
    (dependency,) = read(text, week=WEEK).dependencies
    assert dependency.on == on


@each_row(
    "text",
    [
        "已完成依赖解耦",
        "无依赖",
        "不依赖银行侧",
        "已解除依赖",
        "依赖包升级",
        "依赖：无",
        "梳理依赖关系",
        "去除依赖",
        "依赖方延期",
    ],
)
def test_no_dependency(text: str) -> None:
    assert read(text, week=WEEK).dependencies == ()
