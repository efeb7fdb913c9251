"""Names that mean one project, and names that are only alike."""

from __future__ import annotations

import pytest

from projects.text.names import key, keys, likeness, places


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("实时数仓", "实时数仓项目"),
        ("POS", "pos系统"),
        ("银企直联", "【银企直联】"),
        ("金融M6v机房迁移", "金融 M6V 机房迁移"),
        ("ＰＯＳ", "POS"),
        ("裝修存管", "装修存管"),
        ("Checkout-Redesign", "checkout redesign"),
    ],
)
def test_spellings_of_one_name_have_one_key(name: str, other: str) -> None:
    assert key(name) == key(other)


def test_an_acronym_in_brackets_is_another_name() -> None:
    assert keys("AI影像数字化（DocAI）项目") == ("ai影像数字化docai", "ai影像数字化", "docai")
    assert set(keys("DocAI")) & set(keys("AI影像数字化（DocAI）项目"))


@pytest.mark.parametrize(
    "name", ["收银台（一期）", "收银台（P0）", "收银台（80%）", "收银台（WIP）"]
)
def test_a_remark_in_brackets_gives_no_further_name(name: str) -> None:
    assert len(keys(name)) == 1
    assert keys(name) != keys("收银台")


def test_a_kind_word_alone_stays_a_name() -> None:
    assert key("项目") == "项目"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("自建POS", "POS收单系统建设"),
        ("密钥轮换", "密钥轮换演练"),
        ("银企M6V机房迁移", "金融M6v机房迁移"),
    ],
)
def test_alike(name: str, other: str) -> None:
    assert 0.6 <= likeness(name, other) < 1


@pytest.mark.parametrize(
    ("name", "other"),
    [("农行存管", "平安存管"), ("收银台", "实时数仓"), ("", "POS"), ("A", "AB测试")],
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
