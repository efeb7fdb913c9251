"""Which metric a measured number in a text is of: 累计签约 1,286 户 is 累计签约户数. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from projects.prose import Mentions, ReadingMention
from projects.text.names import key

# Folded; what is shorter may stand in any name.
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class MetricNow:
    """A metric that a text may tell; ``now`` is its value of the week, ``last`` the one before."""

    id: int
    name: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    now: Decimal | None = None
    last: Decimal | None = None

    @property
    def keys(self) -> set[str]:
        return {key(name) for name in (self.name, *self.aliases)}


def placed(
    mentions: Mentions, metrics: Sequence[MetricNow]
) -> tuple[tuple[ReadingMention, MetricNow], ...]:
    """The last reading of each metric; a goal, a limit or an estimate (约, 超过) is none."""
    by_metric: dict[int, tuple[ReadingMention, MetricNow]] = {}
    for reading in mentions.readings:
        if reading.is_target or reading.note:
            continue
        metric = _meant(reading, metrics)
        if metric is not None:
            by_metric[metric.id] = (reading, metric)
    return tuple(by_metric.values())


def _meant(reading: ReadingMention, metrics: Iterable[MetricNow]) -> MetricNow | None:
    """By its name; else the only one whose name it begins, in the same unit."""
    wanted = key(reading.name)
    fitting = [m for m in metrics if not m.unit or not reading.unit or m.unit == reading.unit]
    exact = [m for m in fitting if wanted in m.keys]
    if exact or len(wanted) < _SHORTEST:
        return exact[0] if len(exact) == 1 else None
    alike = [m for m in fitting if any(wanted in name or name in wanted for name in m.keys)]
    return alike[0] if len(alike) == 1 else None
