"""Bytes to text: every encoding that old pages come in, and no character lost."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.importer.formats.encoding import decode
from reports.importer.formats.problems import NotTextError
from tests.tables import each_row

SIMPLIFIED = """# 支付平台周报

1、收银台改造：接口联调已完成，整体进度85%，预计7月23日上线；
2、清分对账：修复两处差异，日终跑批提前到凌晨四点，人工核对量下降三成。
3、存管迁移——方案评审通过，本周启动环境搭建，风险：专线扩容依赖机房排期。
【系统运行数据】入金成功率99.98%（上周99.95%），出金成功率99.96%。
【其他】新同事到岗两名；组内完成一次故障演练，暴露告警阈值偏高的问题，已调整。
收获与反思：变更前多看一眼监控，比事后写十页复盘更有用。
"""
TRADITIONAL = """# 支付平臺週報

1、收銀臺改造：介面聯調已完成，整體進度85%，預計7月23日上線；
2、清分對賬：修復兩處差異，日終跑批提前到凌晨四點，人工核對量下降三成。
3、存管遷移——方案評審通過，本週啟動環境搭建，風險：專線擴容依賴機房排期。
【系統運行數據】入金成功率99.98%（上週99.95%），出金成功率99.96%。
【其他】新同事到崗兩名；組內完成一次故障演練，暴露告警閾值偏高的問題，已調整。
收穫與反思：變更前多看一眼監控，比事後寫十頁覆盤更有用。
"""


@each_row("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@each_row("text", [SIMPLIFIED, TRADITIONAL])
def test_unicode(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@each_row(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "big5hkscs"),
    ],
)
def test_chinese_encodings_are_distinguished(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@each_row(("text", "encoding"), [(SIMPLIFIED, "gbk"), (TRADITIONAL, "big5")])
def test_chinese_encodings_are_distinguished_by_single_lines(text: str, encoding: str) -> None:
    for line in text.splitlines():
        assert decode(line.encode(encoding)) == line


def test_characters_beyond_gbk_survive() -> None:
    text = SIMPLIFIED + "负责人：𠮷野、㛃，图标😀"
    assert decode(text.encode("gb18030")) == text


def test_english_from_windows() -> None:
    text = "Week 25 – the team’s “done” list: café rollout 80%"
    assert decode(text.encode("cp1252")) == text


def test_line_ends_stay() -> None:
    assert decode("甲\r\n乙\r丙\u2028丁\f戊".encode()) == "甲\r\n乙\r丙\u2028丁\f戊"


@each_row("position", [1, 4, 7])
def test_a_damaged_byte_in_utf8_names_its_line(position: int) -> None:
    lines = SIMPLIFIED.encode().splitlines(keepends=True)
    lines[position] = b"\xff" + lines[position]
    with pytest.raises(NotTextError) as caught:
        decode(b"".join(lines))
    assert caught.value.line == position + 1
    assert "UTF-8" in str(caught.value)


def test_damaged_gbk_names_its_line() -> None:
    lines = SIMPLIFIED.encode("gbk").splitlines(keepends=True)
    lines[3] = b"\xff\xff" + lines[3]
    with pytest.raises(NotTextError) as caught:
        decode(b"".join(lines))
    assert caught.value.line == 4


def test_damaged_utf16_names_its_line() -> None:
    data = codecs.BOM_UTF16_LE + "一\n二\n".encode("utf-16-le") + b"\x00\xd8"
    with pytest.raises(NotTextError) as caught:
        decode(data)
    assert caught.value.line == 3


@each_row(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        bytes(range(256)),
        b"PK\x03\x04" + bytes(26),
        bytes(range(1, 32)) * 20,
    ],
)
def test_bytes_that_are_not_text_are_refused(data: bytes) -> None:
    with pytest.raises(NotTextError):
        decode(data)


def test_a_stray_control_character_is_kept() -> None:
    assert decode("进度\x0885%".encode()) == "进度\x0885%"


def test_a_declared_encoding_counts_only_where_the_bytes_are_ambiguous() -> None:
    assert decode("周报".encode(), declared="gb2312") == "周报"
    assert decode("週報".encode("big5"), declared="Big5") == "週報"
    assert decode("日本語の週報".encode("shift_jis"), declared="Shift_JIS") == "日本語の週報"
    assert decode("周报".encode("gbk"), declared="no-such-encoding") == "周报"


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        text = decode(data)
    except NotTextError:
        return
    assert "\x00" not in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_utf8_comes_back_unchanged(text: str) -> None:
    data = text.encode()
    if not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode(data) == text


@each_row("text", ["第25周 收银台：进度85%", "第25周 收银台：进度85%。"])
def test_a_stray_zero_byte_is_left_out(text: str) -> None:
    assert decode(text.encode() + b"\x00 ") == f"{text} "


def test_utf_16_without_its_mark_is_still_read() -> None:
    assert decode("Week 25: checkout at 85%\n".encode("utf-16-le")) == "Week 25: checkout at 85%\n"
