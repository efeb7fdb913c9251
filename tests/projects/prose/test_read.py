"""What holds for any text: no error, true places, time linear in the length."""

from __future__ import annotations

import time
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from projects.prose import Mentions, fold, read
from tests.examples import examples
from tests.tables import each_row

WEEK = date(2024, 6, 17)

SENTENCES: tuple[str, ...] = (
    "二手收银台：下单页改造预计6月25日上线，PC端7月初上线。",
    "1. 清结算：系统开发进度85%，主要依赖：专线进度",
    "- 整体进展14/44=31.8%，沉淀用例14个，发现问题13个",
    "  - 已于618在北京试点运行，目前已上线。",
    "累计转账笔数：13994笔，累计金额超过1.66亿元；退款金额为184759.15元",
    "入金有效成功率：99.996%（目标 99.99%）",
    "总体负责人：王小明、李雷；技术负责人：@韩梅梅",
    "整体进度**85%**（上周80%），预计 11.30 迁移完成",
    "原计划６月１０日上线，延期至7月15日",
    "對賬平台開發進度由６５％降到６０％",
    "Login page is 85% complete, due Jul 23, blocked by legal review.",
    "https://example.com/?q=%E5%85%B3 width: 50%; 灰度5%→20%→50%",
)

_FRAGMENTS = st.sampled_from(
    [piece for sentence in SENTENCES for piece in (sentence[:7], sentence[5:14], sentence[-9:])]
    + ["%", "月", "日", "/", ".", "：", "，", "\n", "（", "）", "**", "\u200b", "预计", "99", "1e9"]
)
_MUTATED = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=3)), max_size=25).map("".join)


def _all(mentions: Mentions) -> list[tuple[int, int, str]]:
    kinds = (
        mentions.percents,
        mentions.dates,
        mentions.readings,
        mentions.states,
        mentions.owners,
        mentions.dependencies,
    )
    return [(mention.start, mention.end, mention.text) for kind in kinds for mention in kind]


def _check(text: str, week: date) -> None:
    mentions = read(text, week=week)
    for start, end, words in _all(mentions):
        assert 0 <= start < end <= len(text)
        assert text[start:end] == words
    assert all(0 <= percent.value <= 100 for percent in mentions.percents)
    for kind in (mentions.percents, mentions.readings, mentions.states):
        places = [mention.start for mention in kind]
        assert places == sorted(places)


@given(st.text(max_size=300))
@example("１" * 50 + "％")
@example("²月³日 ٣٪ ٣月٣日上线 预计٣/٣")
@example("\x00%\x00预计\x00")
@example("İ 85% complete ﬁ")
@examples(3)
def test_any_text_can_be_read(text: str) -> None:
    _check(text, WEEK)


@given(_MUTATED)
@examples(5)
def test_mutated_sentences_can_be_read(text: str) -> None:
    _check(text, WEEK)


@given(st.sampled_from(SENTENCES), st.data())
@examples(3)
def test_a_sentence_cut_and_rejoined_can_be_read(sentence: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sentence)))
    other = data.draw(st.sampled_from(SENTENCES))
    _check(sentence[at:] + other + sentence[:at], WEEK)


@given(st.dates(), st.sampled_from(SENTENCES))
@example(date.min, "预计2月29日上线，Q1完成，年底前交付，月底上线")
@example(date.max - timedelta(days=4), "预计2月29日上线，Q1完成，明年3月交付，月底上线")
def test_any_week_is_accepted(week: date, sentence: str) -> None:
    _check(sentence, week)


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_an_empty_text_says_nothing() -> None:
    assert read("", week=WEEK) == Mentions()
    assert read("\n \u3000\t", week=WEEK) == Mentions()


def test_all_kinds_in_one_text() -> None:
    mentions = read("\n".join(SENTENCES), week=WEEK)
    assert [str(percent.value) for percent in mentions.percents] == ["85", "31.8", "85", "60", "85"]
    assert [f"{due.date:%m-%d}" for due in mentions.dates] == [
        "06-25", "07-10", "06-18", "11-30", "07-15", "07-23",
    ]  # fmt: skip
    assert [owner.names for owner in mentions.owners] == [("王小明", "李雷"), ("韩梅梅",)]
    assert [dependency.on for dependency in mentions.dependencies] == ["专线进度", "legal review"]


# What is repeated; after a bar, what is repeated behind the first and a colon.
ADVERSARIAL: dict[str, str] = {
    "rows of a sheet": "夹具,林涛,60%,6/12,正常\n",
    "listed days": "6/6、6/13、",
    "one line of cells": "夹具,60%,",
    "digits": "9",
    "grouped digits": "1,234",
    "months": "月",
    "Chinese numerals": "一",
    "percent signs": "%",
    "percentages": "99%",
    "chained percentages": "5%→",
    "fractions": "1/",
    "brackets": "((",
    "closed brackets": "（）",
    "spaces": " ",
    "new lines": "\n",
    "colons": "：",
    "tabs": "\t",
    "compact dates": "617上线",
    "dates": "7月1日",
    "dates and plans": "预计7月1日",
    "plans": "预计",
    "events": "上线",
    "states": "已完成",
    "addresses": "http://",
    "URL codes": "%E5",
    "marks": "**",
    "owners": "负责人：",
    "names": "负责人：李雷、",
    "dependencies": "依赖",
    "letters": "a",
    "words": "complete ",
    "list marks": "- 1. ",
    "dots": "1.",
    "months in English": "May ",
    "negative numbers": "-5%",
    "earlier values": "上周5%，",
    "numbers behind a long opener": "字|5%，",
    "dates behind a long opener": "字|7月1日上线，",
    "states behind a long opener": "字|已上线，",
    "amounts behind a long opener": "字|5万元，",
    "owners behind a long opener": "负责人：李雷 |依赖李雷，",
}


# In CI longer texts, in which what is slow shows sooner.
SIZE = 3_000 if settings.get_current_profile_name() in ("ci", "explore") else 2_000


def _adversarial(shape: str, size: int) -> str:
    first, _, second = ADVERSARIAL[shape].partition("|")
    if not second:
        return first * (size // len(first))
    half = size // 2
    return first * (half // len(first)) + "：" + second * (half // len(second))


def _seconds(text: str) -> float:
    start = time.process_time()
    read(text, week=WEEK)
    return time.process_time() - start


def _is_linear(shape: str) -> bool:
    half, whole = (_seconds(_adversarial(shape, size)) for size in (SIZE, 2 * SIZE))
    return whole < 3 * half + 0.01


@each_row("shape", ADVERSARIAL)
def test_twice_the_text_takes_twice_the_time(shape: str) -> None:
    """Quadratic reading would take four times as long; 200 kB of it, minutes."""
    # Whatever else the machine does at that moment may slow one attempt down, hardly three.
    assert any(_is_linear(shape) for _ in range(3))
