"""Trains the model of dates: ``python -m tests.projects.prose.training.dates`` writes its weights.

It learns from the files of ``corpus/``: each written date of a sentence is one of the work or none.
With ``--judge`` it prints for each file that was written blind what the parser reads of it when
the model has not seen it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from projects.prose.clauses import cut
from projects.prose.dates import weighing
from projects.prose.dates.forms import written_dates
from projects.prose.dates.lists import Lists
from projects.prose.dates.reading import promised
from projects.prose.dates.weighing import DATES, Weights
from projects.prose.fold import fold
from projects.prose.hashed import BUCKETS
from projects.prose.marks import without_code, without_marks
from projects.prose.mentions import Precision
from projects.prose.read import read
from tests.projects.prose.training.descent import Example, averaged, descend
from tests.projects.prose.training.roles import CORPUS, cases, steps
from tests.projects.prose.training.trained import digest, note

#: Nobody looked at these, and nothing is learnt from them.
CLOSED: Final = frozenset({"unseen_c", "unseen_k"})
_EPOCHS: Final = 12
_RATE: Final = 0.15
_DECAY: Final = 0.005
_RUNS: Final = 3
_SAMPLE: Final = 8
_FOLDS: Final = 4
_ORDER: Final = tuple(Precision)


def files() -> list[str]:
    return sorted(path.stem for path in CORPUS.glob("*.jsonl") if path.stem not in CLOSED)


def of_file(name: str, every: int = 1) -> Iterator[Example]:
    """Each written date of a file of the corpus, and whether it is a due or done one."""
    for case in cases(name)[::every]:
        week = date.fromisoformat(case["week"])
        expected = [day for day, kind in case["dates"] if kind != "start"]
        # What begins and what was replaced are judged by the rules alone.
        others = {day for day, kind in case["dates"] if kind == "start"} | {*case.get("before", ())}
        plain, _ = without_marks(case["text"])
        page = cut(plain, without_code(fold(plain)))
        lists = Lists.of(page.folded, written_dates(page.folded, week), week)
        weights = Weights(page, lists, week)
        # Q1 goal: close all by March 31: the day is the date, not the quarter that ends on it.
        by_precision = sorted(
            range(len(lists.dates)), key=lambda at: _ORDER.index(lists.dates[at].precision)
        )
        for place in by_precision:
            written = lists.dates[place]
            days = {written.day.isoformat(), promised(written, week).isoformat()}
            day = next((day for day in expected if day in days), None)
            if day is not None:
                expected.remove(day)
            if day is not None or not days & others:
                yield sorted(weights.features(place)), float(day is not None)


def all_examples() -> list[Example]:
    return [example for name in files() for example in of_file(name)]


def examples_digest() -> str:
    """What stands for all that is learnt from: every text, and the examples of each eighth."""
    corpus = ((CORPUS / f"{name}.jsonl").read_bytes() for name in files())
    return digest([*corpus, *(each for name in files() for each in of_file(name, _SAMPLE))])


def trained(examples: list[Example], runs: int = _RUNS) -> list[float]:
    """The weights, the bias first: logistic regression by stochastic gradient descent."""
    return averaged(
        descend(examples, BUCKETS, epochs=_EPOCHS, rate=_RATE, decay=_DECAY, seed=seed)
        for seed in range(1, runs + 1)
    )


def judge() -> None:
    """Print what is read of each file by a model that has seen none of its fold's files."""
    blind = [name for name in files() if name.startswith("unseen")]
    examples = {name: list(of_file(name)) for name in files()}
    for fold_number in range(_FOLDS):
        judged = blind[fold_number::_FOLDS]
        others = [each for name in files() if name not in judged for each in examples[name]]
        weights = steps(trained(others, runs=1))
        weighing.weights = partial(list, weights)
        weighing.weight_of_words.cache_clear()
        for name in judged:
            right, invented, missed = (
                counted(name)[how] for how in ("right", "invented", "missed")
            )
            precision, recall = right / (right + invented), right / (right + missed)
            print(
                f"{name:14} precision {precision:.3f} recall {recall:.3f} (+{invented} -{missed})"
            )


def counted(name: str) -> Counter[str]:
    """How many dates of a file are read right, invented and missed."""
    counts: Counter[str] = Counter()
    for case in cases(name):
        expected = [(day, kind) for day, kind in case["dates"] if kind != "start"]
        # A blank behind the text, so that no remembered answer is taken.
        for mention in read(f"{case['text']} ", week=date.fromisoformat(case["week"])).dates:
            pair = (mention.date.isoformat(), str(mention.kind))
            if pair in expected:
                expected.remove(pair)
                counts["right"] += 1
            elif mention.kind != "start":
                counts["invented"] += 1
        counts["missed"] += len(expected)
    return counts


def main() -> None:
    if "--judge" in sys.argv:
        judge()
        return
    examples = all_examples()
    DATES.write_bytes(bytes(step % 256 for step in steps(trained(examples))))
    note(DATES, examples_digest())
    print(f"{DATES.name}: {len(examples)} dates")


if __name__ == "__main__":
    main()
