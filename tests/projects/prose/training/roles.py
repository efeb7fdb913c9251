"""Trains the model of roles: ``python -m tests.projects.prose.training.roles`` writes its weights.

It learns from the files of ``corpus/`` that are open, and from ``lines_*.txt``: each amount of a
line of work is progress, none of a line of what is measured is. With ``--judge`` it prints for each
file what the parser reads of it when the model has not seen that file, which says what to expect
of sentences that nobody has seen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from projects.prose.clauses import cut
from projects.prose.dates.reading import read_dates
from projects.prose.fold import fold
from projects.prose.hashed import BUCKETS, SCALE
from projects.prose.marks import without_code, without_marks
from projects.prose.mentions import Rule
from projects.prose.percents import weighing
from projects.prose.percents.judged import Ruling, Sense
from projects.prose.percents.judging import verdicts
from projects.prose.percents.weighing import ROLES, features
from projects.prose.percents.words import EARLIER
from projects.prose.read import read
from tests.projects.prose.training.descent import Example, averaged, descend
from tests.projects.prose.training.trained import digest, note

_FOLDER: Final = Path(__file__).parent
CORPUS: Final = _FOLDER.parent / "corpus"
#: Files that nothing is learnt from, so that something is left to judge by.
CLOSED: Final = frozenset(f"unseen_{letter}" for letter in "cdefghijkm") | {
    f"dev_trades_{number}"
    for number in range(21, 25)  # few amounts, most of them traps
}
_LINES: Final = (("work", True), ("work_en", True), ("measured", False), ("measured_en", False))
_WEEK: Final = date(2025, 6, 9)
_EPOCHS: Final = 20
_RATE: Final = 0.15
_DECAY: Final = 0.005
_RUNS: Final = 9
_NEAR: Final = 0.5
_SAMPLE: Final = 8


def files() -> list[str]:
    """The names of the files of the corpus that are open, and of the lines."""
    return sorted(path.stem for path in CORPUS.glob("*.jsonl") if path.stem not in CLOSED)


def cases(name: str) -> list[dict[str, Any]]:
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def of_file(name: str, every: int = 1) -> Iterator[Example]:
    """Each amount of a file of the corpus, and whether it is progress."""
    for case in cases(name)[::every]:
        expected = list(case["percents"] or [])
        # What the rules take for progress is matched first: 还剩 20% may stand beside 完成 80%.
        verdicts = _verdicts(case["text"], date.fromisoformat(case["week"]))
        for verdict in sorted(verdicts, key=lambda verdict: verdict.sense is not Sense.PROGRESS):
            value = next((v for v in expected if _is_near(v, verdict)), None)
            if value is not None:
                expected.remove(value)
            if value is not None or not EARLIER.search(verdict.around.before):
                yield _example(verdict, value is not None)


def of_lines() -> Iterator[Example]:
    """Each amount of the lines, and whether it is progress."""
    for kind, is_work in _LINES:
        for line in (_FOLDER / f"lines_{kind}.txt").read_text(encoding="utf-8").splitlines():
            for verdict in _verdicts(line, _WEEK):
                is_other = verdict.rule in (Rule.TARGET, Rule.CHANGE, Rule.STEP)
                if not EARLIER.search(verdict.around.before):
                    yield _example(verdict, is_work and not is_other)


def examples_digest() -> str:
    """What stands for all that is learnt from: every text, and the examples of each eighth.

    A rule that changes the features of no sentence among hundreds is seen by the long tests.
    """
    texts = (path.read_bytes() for path in sorted(_FOLDER.glob("lines_*.txt")))
    corpus = ((CORPUS / f"{name}.jsonl").read_bytes() for name in files())
    sample = (example for name in files() for example in of_file(name, _SAMPLE))
    return digest([*texts, *corpus, *sample])


def all_examples() -> list[Example]:
    return [*(example for name in files() for example in of_file(name)), *of_lines()]


def _is_near(value: float | list[float], verdict: Ruling) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(abs(each - float(verdict.amount.value)) < _NEAR for each in values)


def _verdicts(text: str, week: date) -> list[Ruling]:
    plain, _ = without_marks(text)
    page = cut(plain, without_code(fold(plain)))
    return list(verdicts(page, read_dates(page, week)[1], week))


def _example(verdict: Ruling, is_progress: bool) -> Example:
    return sorted(features(verdict.amount, verdict.around)), float(is_progress)


def trained(examples: Iterable[Example]) -> list[float]:
    """The weights, the bias first: logistic regression by stochastic gradient descent."""
    data = list(examples)
    return averaged(
        descend(data, BUCKETS, epochs=_EPOCHS, rate=_RATE, decay=_DECAY, seed=seed)
        for seed in range(1, _RUNS + 1)
    )


def steps(weights: list[float]) -> list[int]:
    """The weights as ``weighing`` holds them."""
    return [round(max(-127.0, min(127.0, weight * SCALE))) for weight in weights]


def judge(examples: dict[str, list[Example]], lines: list[Example]) -> None:
    """Print what is read of each file by a model that has not seen it."""
    for name in examples:
        others = [each for other in examples if other != name for each in examples[other]]
        weights = steps(trained([*others, *lines]))
        weighing.weights = partial(list, weights)
        right = invented = missed = 0
        for case in cases(name):
            expected = list(case["percents"] or [])
            # A blank behind the text, so that no remembered answer is taken.
            for percent in read(f"{case['text']} ", week=date.fromisoformat(case["week"])).percents:
                value = next((v for v in expected if abs(v - float(percent.value)) < _NEAR), None)
                invented += value is None
                right += value is not None
                if value is not None:
                    expected.remove(value)
            missed += len(expected)
        precision, recall = right / (right + invented), right / (right + missed)
        print(f"{name:14} precision {precision:.3f} recall {recall:.3f} (+{invented} -{missed})")


def main() -> None:
    if "--judge" in sys.argv:
        judge({name: list(of_file(name)) for name in files()}, list(of_lines()))
        return
    examples = all_examples()
    ROLES.write_bytes(bytes(step % 256 for step in steps(trained(examples))))
    note(ROLES, examples_digest())
    print(f"{ROLES.name}: {len(examples)} amounts")


if __name__ == "__main__":
    main()
