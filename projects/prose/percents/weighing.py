"""The second opinion on each amount: a linear model on the words around it, beside the rules.

The rules know words; what a sentence of another trade says of 剖宫产 or 齐套 they cannot know. The
model has learnt from labelled sentences how progress is told and how other shares are. Its weight
is added to what the rule is worth: few rules are so sure that no words outweigh them, and an
amount that no rule knows is progress where its words are those of progress. ``roles.bin`` holds
one byte for each hashed feature; tests/projects/prose/training makes it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from projects.prose import lazy
from projects.prose.hashed import SCALE, bucket, pairs, tokens
from projects.prose.hashed import weights as weights_in
from projects.prose.mentions import Rule
from projects.prose.percents.amount import DONE, Amount, Form
from projects.prose.percents.around import Around
from projects.prose.percents.judged import Ruling, Sense
from projects.prose.percents.kinds import bare_name, likeness
from projects.prose.percents.words import (
    AFTER_DONE,
    ALONE,
    CHANGED,
    MEASURED,
    NO_NAME,
    NO_WORK,
    PLANNED,
    PLANNED_OPENER,
    READ,
    SHARE_AFTER,
    SPENT,
    TARGET,
    WORK,
)

ROLES: Final = Path(__file__).with_name("roles.bin")

#: What a rule is worth beside the model: it was made for sentences that it was seen to be right on.
_SURE: Final = 2.0
_UNLIKELY: Final = -0.5
_WORTH: Final = {
    Rule.PROGRESS_WORD: 3.0,
    Rule.WHOLE: 3.0,
    Rule.NAME: 0.5,
    Rule.ALONE: 0.5,
    Rule.SHARE: -1.5,
}
_MOVED: Final = 1.25  # 石斑鱼投苗 48→54%
#: 有两成是脏数据, 三成订单是补录的
_IS_A: Final = lazy.compile(r" ?的?[\u4e00-\u9fff]{0,5}?都?(?:是(?!否)|来自|属于)")
_LEAST: Final = 0.5
#: Nothing outweighs these: the caller knows the name, a stage or a row says what it is of; what is
#: aimed at or a step is none. Nor does anything make progress of a rate (成功率 98.1%).
_SETTLED: Final = frozenset(
    {
        Rule.KNOWN_NAME,
        Rule.STAGE,
        Rule.ROW,
        Rule.OPENER,
        Rule.TARGET,
        Rule.STEP,
        Rule.CHANGE,
    }
)


def weighed(verdict: Ruling) -> Ruling:
    """``verdict``, or the other one where the words around the amount speak against it."""
    amount = verdict.amount
    if verdict.rule in _SETTLED or not 0 <= amount.value <= 100:
        return verdict
    is_progress = verdict.sense is Sense.PROGRESS
    if not is_progress and amount.form is Form.FRACTION and not (amount.has_unit or amount.is_far):
        return verdict  # 回板 9/11 may be a day
    worth = _WORTH.get(verdict.rule, _SURE if is_progress else _UNLIKELY)
    if verdict.rule is Rule.NAME and amount.before is not None:
        worth = _MOVED
    around = verdict.around
    named = around.core.strip() or around.previous  # 接口成功率，99%，正常
    is_share = amount.form is Form.WORDS and _IS_A.match(around.after)
    is_rate = READ.search(named.rstrip()) or READ.search(around.opener) or SPENT.search(named)
    if not is_progress and (is_share or is_rate):
        return verdict
    of_words = weight(amount, around)
    if (worth + of_words > _LEAST) is is_progress:
        return verdict
    sense = Sense.READING if is_progress else Sense.PROGRESS
    return replace(verdict, sense=sense, rule=Rule.WORDS, weight=of_words)


def weight(amount: Amount, around: Around) -> float:
    """How much the words speak for progress (above 0) or against it."""
    steps = weights()
    return (steps[0] + sum(map(steps.__getitem__, features(amount, around)))) / SCALE


def features(amount: Amount, around: Around) -> set[int]:
    """The buckets of what stands around ``amount``, none of them 0, which is the bias."""
    words = _Words(
        around.before,
        around.core,
        around.after,
        around.opener,
        around.head,
        around.previous,
        around.follows_progress,
    )
    return {*map(bucket, _of_amount(amount)), *_buckets_of_words(words)}


class _Words(NamedTuple):
    """The words around an amount, without their places."""

    before: str
    core: str
    after: str
    opener: str
    head: str
    previous: str
    follows_progress: bool


@lru_cache(maxsize=1024)
def _buckets_of_words(words: _Words) -> frozenset[int]:
    """Remembered: from week to week an amount changes, and the words around it stay."""
    return frozenset(map(bucket, _of_words(words) + _of_patterns(words)))


def _of_amount(amount: Amount) -> list[str]:
    value, form = amount.value, amount.form.name
    change = "" if amount.before is None else "-" if amount.before < value else "+"
    if value in (0, 100):
        size = str(value)
    else:
        size = "fives" if value % 5 == 0 else "ones" if value % 1 == 0 else "part"
    return [
        f"form{form}",
        f"change{change}",
        f"values{min(amount.values, 3)}",
        f"far{amount.is_far}",
        f"left{amount.is_remainder}",
        f"unit{amount.has_unit}",
        f"fraction{amount.fraction is not None}",
        f"size{size}{form}",
        f"small{value < 5}{size}",
    ]


def _of_words(around: _Words) -> list[str]:
    before = tokens(around.before)[-14:]
    after = tokens(around.after[:20])[:8]
    core = tokens(around.core)[-8:]
    names = [f"b{place}{token}" for place, token in enumerate(before[:-4:-1])]
    names += [f"a{place}{token}" for place, token in enumerate(after[:3])]
    names += ["w" + token for token in before]
    names += ["x" + token for token in after]
    names += pairs("ww", before) + pairs("xx", after)
    names += [
        "B2" + " ".join(before[-2:]),
        "B3" + " ".join(before[-3:]),
        "A2" + " ".join(after[:2]),
        "A3" + " ".join(after[:3]),
        f"first{not around.before.strip()}",
        f"follows{around.follows_progress}",
        f"last{not around.after.strip()}",
    ]
    names += [f"c{length}" + "".join(core[-length:]) for length in (1, 2, 3)]
    if around.opener or around.head:
        names += pairs("h", tokens(around.opener + " " + around.head)[-12:])
    return names + pairs("p", tokens(around.previous)[-10:])


def _of_patterns(around: _Words) -> list[str]:
    core = around.core
    name = bare_name(core.strip(" ([<-·•"))
    likely = f"like{max(-6, min(6, round(likeness(name))))}" if name else "like"
    planned = around.opener + around.head
    signs = (
        ("is measured", MEASURED.search(core)),
        ("is read", READ.search(core.rstrip())),
        ("is work", WORK.search(core)),
        ("is no work", NO_WORK.search(core)),
        ("is no name", NO_NAME.search(core)),
        ("is target", TARGET.search(around.before)),
        ("is changed", CHANGED.search(around.before)),
        ("is done", DONE.search(core[-12:])),
        ("is done after", DONE.search(around.after[:12])),
        ("is planned", PLANNED.search(around.before)),
        ("is plan", PLANNED_OPENER.search(planned) if planned else None),
        ("then share", SHARE_AFTER.match(around.after)),
        ("then done so", AFTER_DONE.match(around.after)),
        ("then alone", ALONE.match(around.after)),
    )
    return [likely, *(name for name, sign in signs if sign)]


def weights() -> list[int]:
    """The weights, the bias first, in steps of their byte."""
    return weights_in(ROLES)
