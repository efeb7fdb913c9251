"""Trains the model of names: ``python -m tests.projects.prose.training.train`` writes its weights.

``work*.txt`` are names that progress is told of, ``measured*.txt`` names of what is measured; the
Chinese ones are parted by spaces, the English ones by commas. Logistic regression by stochastic
gradient descent; the seed is fixed, so the same lists give the same weights. With ``--judge`` it
prints how many names of a tenth are judged wrongly that it was not trained on, ten times over.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from projects.prose.hashed import BUCKETS
from projects.prose.percents.kinds import LEAST, SCALE, WEIGHTS, features
from tests.projects.prose.training.descent import averaged, descend
from tests.projects.prose.training.trained import digest, note

_FOLDER: Final = Path(__file__).parent
_EPOCHS: Final = 20
_COMPOUNDS: Final = 2
_RATE: Final = 0.2
_DECAY: Final = 0.002
_RUNS: Final = 5

type Example = tuple[str, bool]


def examples() -> list[Example]:
    """Every name of the lists, and whether it is one of work; shuffled, always the same way."""
    listed: set[Example] = set()
    for kind, is_work in (("work", True), ("measured", False)):
        chinese = (_FOLDER / f"{kind}.txt").read_text(encoding="utf-8").split()
        english = (_FOLDER / f"{kind}_en.txt").read_text(encoding="utf-8").split(",")
        listed.update((name.strip(), is_work) for name in (*chinese, *english) if name.strip())
    ordered = sorted(listed)
    random.Random(0).shuffle(ordered)
    return ordered


def compounded(names: list[Example], seed: int) -> Iterator[Example]:
    """The names, each also behind words of others: what a name ends in says of what kind it is."""
    chooser = random.Random(seed)
    for name, is_work in names:
        yield name, is_work
        for _ in range(_COMPOUNDS):
            other = chooser.choice(names)[0]
            if name.isascii() == other.isascii():
                begin = other.split()[0] + " " if name.isascii() else other[:3]
                yield begin + name, is_work


def trained(names: list[Example]) -> list[float]:
    """The weights, the bias first."""
    return averaged(_run(names, seed) for seed in range(1, _RUNS + 1))


def _run(names: list[Example], seed: int) -> list[float]:
    data = [(sorted(features(name)), float(is_work)) for name, is_work in compounded(names, seed)]
    return descend(data, BUCKETS, epochs=_EPOCHS, rate=_RATE, decay=_DECAY, seed=seed)


def examples_digest() -> str:
    """What stands for all that is learnt from: the names and their features."""
    return digest((name, is_work, sorted(features(name))) for name, is_work in examples())


def packed(weights: list[float]) -> bytes:
    """One byte for each weight, as ``kinds`` reads them."""
    return bytes(round(max(-127.0, min(127.0, weight * SCALE))) % 256 for weight in weights)


def judge(names: list[Example]) -> None:
    """Print how the model judges names that it was not trained on."""
    lost = let_through = 0
    for part in range(10):
        weights = trained([name for at, name in enumerate(names) if at % 10 != part])
        for name, is_work in names[part::10]:
            takes = weights[0] + sum(weights[bucket] for bucket in features(name)) >= LEAST
            lost += is_work and not takes
            let_through += takes and not is_work
    works = sum(is_work for _, is_work in names)
    print(f"of {works} names of work {lost} taken for measured")
    print(f"of {len(names) - works} names of measured things {let_through} taken for work")


def main() -> None:
    names = examples()
    if "--judge" in sys.argv:
        judge(names)
        return
    WEIGHTS.write_bytes(packed(trained(names)))
    note(WEIGHTS, examples_digest())
    print(f"{WEIGHTS.name}: {len(names)} names, {WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
