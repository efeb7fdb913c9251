"""Weights by logistic regression: what the two small models of the parser are trained with."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

type Example = tuple[list[int], float]  # the buckets of its features, and 1 for what is sought


def descend(
    examples: Iterable[Example],
    buckets: int,
    *,
    epochs: int,
    rate: float,
    decay: float,
    seed: int = 1,
) -> list[float]:
    """The weights, the bias first: stochastic gradient descent, the same on every run."""
    weights = [0.0] * buckets
    data = list(examples)
    shuffler = random.Random(seed)
    for epoch in range(epochs):
        shuffler.shuffle(data)
        step = rate / (1 + epoch * 0.3)
        for features, wanted in data:
            total = weights[0] + sum(weights[feature] for feature in features)
            error = wanted - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            weights[0] += step * error * 0.1
            for feature in features:
                weights[feature] += step * (error - decay * weights[feature])
    return weights


def averaged(runs: Iterable[list[float]]) -> list[float]:
    """The mean of the weights of several runs: one run turns on the order of its examples."""
    return [sum(weights) / len(weights) for weights in zip(*runs, strict=True)]
