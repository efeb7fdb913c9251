"""Names that mean one project, and names that are only alike."""

from __future__ import annotations

import pytest

from projects.text import names
from projects.text.names import alike, key, keys, likeness, places
from tests.tables import each_row


@each_row(
    ("name", "other"),
    [
        ("实时数仓", "实时数仓项目"),
        ("POS", "pos系统"),
        ("银企直联", "【银企直联】"),
        ("金融M6v机房迁移", "金融 M6V 机房迁移"),
        ("ＰＯＳ", "POS"),
        ("裝修存管", "装修存管"),
        ("Checkout-Redesign", "checkout redesign"),
        ("收\u200b银\ufeff台", "收银台"),
        ("🔥 收银台", "收银台"),
        ("收银台Ⅱ", "收银台II"),
        ("收銀臺　２.０", "收银台2.0"),
        ("ﬁnance", "Finance"),
    ],
)
def test_spellings_of_one_name_have_one_key(name: str, other: str) -> None:
    assert key(name) == key(other)


def test_an_acronym_in_brackets_is_another_name() -> None:
    assert keys("AI影像数字化（DocAI）项目") == ("ai影像数字化docai", "ai影像数字化", "docai")
    assert set(keys("DocAI")) & set(keys("AI影像数字化（DocAI）项目"))


@each_row("name", ["收银台（一期）", "收银台（P0）", "收银台（80%）", "收银台（WIP）"])
def test_a_remark_in_brackets_gives_no_further_name(name: str) -> None:
    assert len(keys(name)) == 1
    assert keys(name) != keys("收银台")


def test_a_kind_word_alone_stays_a_name() -> None:
    assert key("项目") == "项目"


@each_row(
    ("name", "other"),
    [
        ("自建POS", "POS收单系统建设"),
        ("密钥轮换", "密钥轮换演练"),
        ("银企M6V机房迁移", "金融M6v机房迁移"),
        ("AML名单筛查", "反洗钱名单筛查"),
        ("客户身份核验流程", "KYC核验流程"),
    ],
)
def test_alike(name: str, other: str) -> None:
    assert 0.6 <= likeness(name, other) < 1


@each_row(
    ("name", "other"),
    [
        ("农行存管", "平安存管"),
        ("收银台", "实时数仓"),
        ("", "POS"),
        ("A", "AB测试"),
        ("备付金迁移一期", "备付金迁移二期"),
        ("收单网关 1.0", "收单网关 2.0"),
        ("风控系统升级", "账务系统升级"),
        ("会员 APP", "商户 APP"),
        ("POS系统建设", "风控系统建设"),
        ("CRM客户", "会员客户"),
    ],
)
def test_not_alike(name: str, other: str) -> None:
    assert likeness(name, other) < 0.6


def test_places_of_names_ignore_case_width_and_marks() -> None:
    text = "本周：收银台（2.0）评审，POS 联调；pos\n終端試點开始"
    result = places(text, ["收银台20", "收银台", "pos", "终端试点", "二", "2024"])
    assert [(text[p.start : p.end], p.key) for p in result] == [
        ("收银台（2.0", "收银台20"),
        ("POS", "pos"),
        ("pos", "pos"),
        ("終端試點", "终端试点"),
    ]
    assert places("二二二 2024", ["二", "2024"]) == []


def test_nothing_is_left_of_marks_alone() -> None:
    assert [key(name) for name in ("🔥", "——", "\u200b", " （） ", "①")] == ["", "", "", "", "1"]


def test_places_are_found_around_invisible_and_composed_characters() -> None:
    text = "收\u200b银台 Ⅱ 期上线"
    (place,) = places(text, [key("收银台II期")])
    assert text[place.start : place.end] == "收\u200b银台 Ⅱ 期"


def test_names_that_are_alike_come_as_pairs_the_most_alike_first() -> None:
    pairs = alike(["自建POS", "农行存管", "POS收单系统建设"], known_names=["农行存管二期"])
    assert [(pair.name, pair.other) for pair in pairs] == [
        ("农行存管", "农行存管二期"),
        ("POS收单系统建设", "自建POS"),
    ]


def test_of_thousands_of_names_few_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    def compare(a: str, b: str) -> float:
        compared.append((a, b))
        return 0.0

    monkeypatch.setattr(names, "_likeness", compare)
    things = [chr(0x5200 + place) for place in range(60)]  # any characters
    every = [f"{a}{b}改造" for a in things for b in things[:34]]
    assert len(every) > 2000
    alike(every)
    assert len(compared) < 100 * len(every)


@each_row(
    ("typed", "written"),
    [
        *((text, "O1") for text in ("O1", "o1", "Ｏ１", "O 1", "o-1", "O\u200b1")),
        ("KR12", "KR12"),
        ("业务 A", "业务 A"),
        ("2024H1", "2024H1"),
    ],
)
def test_a_code_is_written_in_one_way(typed: str, written: str) -> None:
    assert names.code(typed) == written


@each_row(
    ("typed", "meant"),
    [
        ("zhang＠example.com", "zhang@example.com"),
        ("张三 ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "张三 zhang@example.com"),
        ("zhang@example。com", "zhang@example.com"),
        ("张三（甲）zhang@example.com", "张三（甲）zhang@example.com"),
        ("已通知。请看", "已通知。请看"),
    ],
)
def test_a_mail_address_may_be_typed_in_full_width(typed: str, meant: str) -> None:
    assert names.mail_address(typed) == meant
