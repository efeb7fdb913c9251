"""Precision and recall of the parser, for each file of ``corpus/``: sentences of many trades.

``corpus/README.md`` says what the files are and what a line has. Start dates that are read beside
those of a line are no fault.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from projects.prose import Mentions, read
from tests.tables import each_row

_CORPUS: Final = Path(__file__).parent / "corpus"
_NEAR: Final = 0.5  # 66.7 for two thirds


class Floors(NamedTuple):
    """The least that a file has to reach: (precision, recall) of percents and of dates."""

    percent: tuple[float, float] = (0.98, 0.96)
    date: tuple[float, float] = (0.98, 0.96)
    subject: float = 0.9
    before: float = 0.88
    states_invented: int = 0  # the most: what is not done and still read as done


# A floor is what was reached when the file came or the parser got better at it: it only rises.
_FLOORS: Final = {
    "dev_trades": Floors((0.99, 0.99), (0.99, 0.99), 0.97, 0.99),
    "dev_trades_2": Floors((0.99, 0.99), (0.99, 0.97), 0.98, 0.99),
    "dev_trades_3": Floors((0.99, 0.98), (0.99, 0.95), 0.96, 0.99),
    "dev_trades_4": Floors((0.99, 0.96), (0.98, 0.98), 0.84, 0.86),
    "dev_trades_5": Floors((0.99, 0.98), (0.99, 0.99), 0.92, 1.0),
    "dev_trades_6": Floors((0.99, 0.86), (0.98, 0.98), 0.86, 0.99),
    "dev_trades_7": Floors((0.99, 0.97), (1.0, 1.0), 0.92, 1.0),
    "dev_trades_8": Floors((0.99, 0.93), (0.98, 0.98), 0.9, 0.99),
    "dev_trades_9": Floors((0.99, 0.96), (0.99, 0.98), 0.96, 0.99),
    "dev_trades_10": Floors((0.99, 0.97), (0.99, 0.97), 0.88, 1.0),
    "dev_trades_11": Floors((0.99, 0.98), (0.98, 1.0), 0.93, 0.99),
    "dev_trades_12": Floors((1.0, 1.0), (0.97, 0.97), 1.0, 0.99),
    "dev_trades_13": Floors((0.99, 0.96), (0.99, 0.98), 0.87, 1.0),
    "dev_trades_14": Floors((0.99, 0.97), (0.98, 1.0), 0.87, 0.99),
    "dev_trades_15": Floors((0.99, 0.92), (0.98, 0.98), 0.82, 1.0),
    "dev_trades_16": Floors((0.99, 0.99), (0.99, 1.0), 0.99, 0.99),
    "dev_trades_17": Floors((0.99, 0.99), (0.99, 0.97), 0.99, 0.99),
    "dev_trades_18": Floors((0.99, 0.98), (0.99, 0.99), 0.97, 0.99),
    "dev_trades_19": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "dev_trades_20": Floors((0.99, 0.98), (0.99, 0.99), 0.98, 0.99),
    "dev_trades_21": Floors((0.66, 0.99), (0.97, 0.96), before=0.7),
    "dev_trades_22": Floors((0.5, 0.99), (0.97, 0.97), before=0.7),
    "dev_trades_23": Floors((0.5, 0.99), (0.98, 0.98), before=0.8),
    "dev_trades_24": Floors((0.93, 0.88), (0.99, 0.93)),
    "dev_trades_25": Floors((0.99, 0.99), (0.99, 0.99), 0.98),
    "dev_trades_26": Floors((0.99, 0.99), (0.99, 0.99), 0.98, 0.99),
    "dev_trades_27": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "dev_trades_28": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "dev_trades_29": Floors((0.99, 0.99), (0.99, 0.99), 0.97, 0.99),
    "dev_trades_30": Floors((0.99, 0.99), (0.99, 0.99)),
    "dev_trades_31": Floors((0.99, 0.97), (0.99, 0.99), 0.97, 0.99),
    "dev_trades_32": Floors((0.99, 0.94), (0.99, 0.99), 0.94, 0.99),
    "kinds": Floors((0.99, 0.98), (0.98, 0.98), 0.96, 0.95),
    "mixed_trades": Floors(),
    "unseen_a": Floors((0.99, 0.99), (0.99, 0.98), 0.97, 0.99),
    "unseen_b": Floors((0.99, 0.98), (0.98, 0.99), 0.94, 0.9),
    "unseen_c": Floors((0.91, 0.94), (0.95, 0.99), 0.94, 0.87),
    "unseen_d": Floors((0.97, 0.96), (0.99, 0.98), 0.94, 0.99, states_invented=1),
    "unseen_e": Floors((0.97, 0.97), (0.98, 0.98), 0.91, 0.99),
    "unseen_f": Floors((0.99, 0.98), (0.97, 0.99), 0.97, 0.99),
    "unseen_g": Floors((0.99, 0.99), (0.99, 0.99), 0.96, 0.99),
    "unseen_h": Floors((0.99, 0.96), (0.99, 0.98), 0.91, 0.99),
    "unseen_i": Floors((0.99, 0.98), (0.99, 0.98), 0.96, 0.99),
    "unseen_j": Floors((0.99, 0.97), (0.98, 0.99), 0.97, 0.99),
    "unseen_l": Floors((0.99, 0.98), (0.99, 0.99), 0.98, 0.99),
    "unseen_m": Floors((0.97, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_n": Floors((0.98, 0.98), (0.99, 0.99), 0.97, 0.99),
    "unseen_o": Floors((0.99, 0.99), (0.99, 0.99), 0.98, 0.99, states_invented=1),
    "unseen_p": Floors((0.99, 0.99), (0.99, 0.99), 0.98, 0.99),
    "unseen_q": Floors((0.99, 0.97), (0.99, 0.98), 0.95, 0.99),
    "unseen_r": Floors((0.99, 0.99), (0.99, 0.98), 0.99, 0.95),
    "unseen_s": Floors((0.99, 0.99), (0.98, 0.95), 0.99, 0.99),
    "unseen_t": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_u": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_v": Floors((0.99, 0.97), (0.99, 0.99), 0.89, 0.99),
    "unseen_w": Floors((0.99, 0.99), (0.99, 0.99), 0.94, 0.99),
    "unseen_x": Floors((0.99, 0.99), (0.99, 0.99), 0.86, 0.99),
    "unseen_y": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_z": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_aa": Floors((0.99, 0.98), (0.99, 0.99), 0.95, 0.99),
    "unseen_ab": Floors((0.99, 0.99), (0.99, 0.99), 0.95, 0.99),
    "unseen_ac": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_ad": Floors((0.99, 0.99), (0.99, 0.99), 0.97, 0.99),
    "unseen_ae": Floors((0.99, 0.99), (0.99, 0.99), 0.99, 0.99),
    "unseen_af": Floors((0.98, 0.99), (0.99, 0.97), 0.99, 0.99),
    "unseen_k": Floors((0.55, 1.0), (0.99, 0.99), 1.0, 0.0),
}


@cache
def counts(name: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for line in (_CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
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
    replaced = {mention.before.isoformat() for mention in mentions.dates if mention.before}
    for day in case.get("before", ()):
        result["before right" if day in replaced else "before missed"] += 1
    if case.get("no_state"):
        ends = [s for s in mentions.states if s.kind in ("done", "launched") and not s.is_future]
        result["state invented"] += len(ends)
    for value, words in case.get("subject", {}).items():
        is_right = words in _about(mentions, float(value))
        result["subject right" if is_right else "subject missed"] += 1
    return result


def _about(mentions: Mentions, value: float) -> str:
    near = (p for p in mentions.percents if abs(float(p.value) - value) < _NEAR)
    return " ".join(f"{percent.subject}{percent.label}" for percent in near)


def test_every_file_has_floors() -> None:
    assert {path.stem for path in _CORPUS.glob("*.jsonl")} == set(_FLOORS)


@each_row("kind", ["percent", "date"])
@each_row("name", _FLOORS)
def test_what_is_read_is_right_and_little_is_missed(name: str, kind: str) -> None:
    precision, recall = getattr(_FLOORS[name], kind)
    counted = counts(name)
    right, invented, missed = (counted[f"{kind} {how}"] for how in ("right", "invented", "missed"))
    assert right / (right + invented) >= precision
    assert right / (right + missed) >= recall


@each_row("name", _FLOORS)
def test_a_percentage_knows_what_it_is_of(name: str) -> None:
    right, missed = counts(name)["subject right"], counts(name)["subject missed"]
    assert right >= _FLOORS[name].subject * (right + missed)


@each_row("name", _FLOORS)
def test_a_moved_date_knows_the_one_before(name: str) -> None:
    right, missed = counts(name)["before right"], counts(name)["before missed"]
    assert right >= _FLOORS[name].before * (right + missed)


@each_row("name", _FLOORS)
def test_what_is_not_done_is_not_read_as_done(name: str) -> None:
    assert counts(name)["state invented"] <= _FLOORS[name].states_invented
