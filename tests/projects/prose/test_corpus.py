"""Precision and recall of the parser over ``corpus/*.jsonl``: labelled sentences of many trades.

A line has ``text``, ``week`` (its Monday), ``percents`` (values), ``dates`` (``[day, kind]``) and,
where they matter, ``before`` (the due dates that were replaced) and ``subject`` (by percent, the
words that its label or subject must hold). Start dates that are read beside them are no fault.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from projects.prose import Mentions, read

_CORPUS: Final = Path(__file__).parent / "corpus"
_NEAR: Final = 0.5  # 66.7 for two thirds


@cache
def counts() -> Counter[str]:
    total: Counter[str] = Counter()
    for path in sorted(_CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            total.update(judged(json.loads(line)))
    return total


def judged(case: dict[str, Any]) -> Counter[str]:
    mentions = read(case["text"], week=date.fromisoformat(case["week"]))
    result: Counter[str] = Counter()
    expected = list(case["percents"])
    for percent in mentions.percents:
        value = next((v for v in expected if abs(v - float(percent.value)) < _NEAR), None)
        result["percent right" if value is not None else "percent invented"] += 1
        if value is not None:
            expected.remove(value)
    result["percent missed"] += len(expected)
    wanted = [tuple(pair) for pair in case["dates"]]
    for mention in mentions.dates:
        pair = (mention.date.isoformat(), str(mention.kind))
        if pair in wanted:
            wanted.remove(pair)
            result["date right"] += 1
        elif mention.kind != "start":
            result["date invented"] += 1
    result["date missed"] += len(wanted)
    for value, words in case.get("subject", {}).items():
        is_right = words in _about(mentions, float(value))
        result["subject right" if is_right else "subject missed"] += 1
    return result


def _about(mentions: Mentions, value: float) -> str:
    near = (p for p in mentions.percents if abs(float(p.value) - value) < _NEAR)
    return " ".join(f"{percent.subject}{percent.label}" for percent in near)


@pytest.mark.parametrize(
    ("kind", "precision", "recall"), [("percent", 0.98, 0.96), ("date", 0.98, 0.96)]
)
def test_what_is_read_is_right_and_little_is_missed(
    kind: str, precision: float, recall: float
) -> None:
    right, invented, missed = (counts()[f"{kind} {how}"] for how in ("right", "invented", "missed"))
    assert right / (right + invented) >= precision
    assert right / (right + missed) >= recall


def test_a_percentage_knows_what_it_is_of() -> None:
    right, missed = counts()["subject right"], counts()["subject missed"]
    assert right / (right + missed) >= 0.9
