"""What a mention rests on, and what the names that a caller knows change."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date

from projects.prose import Rule, fold, read
from projects.prose.dates.weighing import DATES as DATE_WEIGHTS
from projects.prose.percents.kinds import WEIGHTS
from projects.prose.percents.weighing import ROLES
from tests.projects.prose.training import dates, roles, train
from tests.projects.prose.training.trained import is_noted
from tests.tables import each_row

WEEK = date(2024, 6, 17)
TRAINS = os.environ.get("TRAIN") == "1"  # make test-long; else what they were trained on is enough

# text, the rule that its one percentage rests on
PERCENTS: list[tuple[str, Rule]] = [
    ("对账开发进度 85%", Rule.PROGRESS_WORD),
    ("整体 60%", Rule.WHOLE),
    ("联调 60%", Rule.STAGE),
    ("各端进度：安卓 80%", Rule.OPENER),
    ("课桌 120 张已换 90 张", Rule.COUNT),
    ("回访跑完 3/9", Rule.DONE),
    ("Two thirds of the valves are fitted", Rule.DONE),
    ("脚手架拆除还剩两成", Rule.REMAINDER),
    ("短信网关 60%", Rule.WORK),
    ("护理文书 60%", Rule.NAME),
    ("目前 80%", Rule.ALONE),
    ("[40%] 云杉二号", Rule.BRACKETS),
    ("云杉二号\t王芳\t40%\t进行中", Rule.ROW),
]


@each_row(("text", "rule"), PERCENTS)
def test_a_percentage_says_on_which_rule_it_rests(text: str, rule: Rule) -> None:
    (percent,) = read(text, week=WEEK).percents
    assert percent.rule == rule
    assert text[percent.start : percent.end] == percent.text


# text, the rule by which its one number is no progress
READINGS: list[tuple[str, Rule]] = [
    ("身份证识别成功率 97%", Rule.MEASURED),
    ("近视检出 53%", Rule.MEASURED),
    ("初审效率提升 28%", Rule.CHANGE),
    ("整体进度目标 90%", Rule.TARGET),
    ("灰度 10%", Rule.STEP),
    ("男生 60%", Rule.MEASURED),
    ("退款金额 98 万元", Rule.QUANTITY),
]


@each_row(("text", "rule"), READINGS)
def test_a_number_says_why_it_is_no_progress(text: str, rule: Rule) -> None:
    mentions = read(text, week=WEEK)
    assert mentions.percents == ()
    assert [reading.rule for reading in mentions.readings] == [rule]


# text, the rule that its one date rests on
DATES: list[tuple[str, Rule]] = [
    ("预计 7 月 23 日完工", Rule.PLAN),
    ("上线时间：7 月 23 日", Rule.MOMENT),
    ("7 月 23 日上线", Rule.EVENT),
    ("8 月 31 日前", Rule.LIMIT),
    ("由 6/10 延期至 6/25", Rule.MOVED),
    ("脚手架 6 月 28 日拆掉", Rule.AHEAD),
    ("云杉二号\t80%\t6月28日", Rule.ROW),
    ("事项\t计划完成\n门禁更换\t6/28", Rule.ROW),
    ("Tender closes 6/28", Rule.WORDS),
]


@each_row(("text", "rule"), DATES)
def test_a_date_says_on_which_rule_it_rests(text: str, rule: Rule) -> None:
    (mention,) = read(text, week=WEEK).dates
    assert mention.rule == rule
    assert text[mention.start : mention.end] == mention.text


# text, a name that the caller knows, what the percentage is then of
KNOWN: list[tuple[str, str, str]] = [
    ("满意度 60%", "满意度", "满意度"),
    ("缓存命中率（60%）", "缓存命中率", "缓存命中率"),
    ("Ｃａｃｈｅ Hit Rate: 60%", "cache hit rate", "Ｃａｃｈｅ Hit Rate"),
]


@each_row(("text", "name", "subject"), KNOWN)
def test_a_known_name_beside_a_percentage_decides(text: str, name: str, subject: str) -> None:
    assert read(text, week=WEEK).percents == ()
    (percent,) = read(text, week=WEEK, names=(name,)).percents
    assert (percent.subject, percent.rule) == (subject, Rule.KNOWN_NAME)


@each_row("text", ["满意度提升 6%", "满意度灰度 10%", "满意度目标 60%", "满意度 60% 的用户"])
def test_a_known_name_makes_no_progress_of_changes_steps_and_targets(text: str) -> None:
    assert read(text, week=WEEK, names=("满意度",)).percents == ()


def test_names_that_do_not_stand_in_the_text_change_nothing() -> None:
    text = "对账开发进度 85%，满意度 60%，护理文书 40%，预计 7 月 1 日上线"
    assert read(text, week=WEEK, names=("支付", "", " ")) == read(text, week=WEEK)


def _differ(weights: Iterable[int], shipped: bytes) -> int:
    """By how many steps at most; a few roundings may differ between machines."""
    return max(abs((a - b + 128) % 256 - 128) for a, b in zip(weights, shipped, strict=True))


def test_the_weights_of_names_are_those_of_the_lists() -> None:
    """Whoever adds a name trains anew."""
    assert is_noted(WEIGHTS, train.examples_digest())
    if TRAINS:
        assert _differ(train.packed(train.trained(train.examples())), WEIGHTS.read_bytes()) <= 1


def test_the_weights_of_roles_are_those_of_the_corpus() -> None:
    """Whoever changes a rule or a sentence trains anew."""
    assert is_noted(ROLES, roles.examples_digest())
    if TRAINS:
        weights = roles.steps(roles.trained(roles.all_examples()))
        assert _differ(weights, ROLES.read_bytes()) <= 1


def test_the_weights_of_dates_are_those_of_the_corpus() -> None:
    """Whoever changes a rule of dates or a sentence trains anew."""
    assert is_noted(DATE_WEIGHTS, dates.examples_digest())
    if TRAINS:
        weights = roles.steps(dates.trained(dates.all_examples()))
        assert _differ(weights, DATE_WEIGHTS.read_bytes()) <= 1


def test_words_of_measuring_outweigh_a_rule_and_words_of_work_the_lack_of_one() -> None:
    measured = read("Calls answered 94%", week=WEEK)
    assert not measured.percents
    work = read("月嫂课程 30%", week=WEEK)
    assert [percent.value for percent in work.percents] == [30]


def test_lists_of_names_are_folded_and_judge_no_name_twice() -> None:
    names = [name for name, _ in train.examples()]
    assert len(names) == len(set(names))
    assert all(fold(name) == name for name in names)
