"""The head of the page: its news, objectives and metrics, as the mail of the page begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reports.render.mail import headline
from reports.weekly.comparison import ObjectiveCard, objectives_of
from reports.weekly.document import MetricState, WeeklyDocument

_METRICS: Final = 8


@dataclass(frozen=True, slots=True)
class Head:
    """What a reader sees first; all of it is in the sections below."""

    lines: tuple[headline.Line, ...]  # those with news
    quiet: tuple[str, ...]  # the sentences of those without
    objectives: tuple[ObjectiveCard, ...]
    metrics: tuple[MetricState, ...]  # with a value of the week

    def __bool__(self) -> bool:
        return bool(self.lines or self.objectives or self.metrics)


def head_of(document: WeeklyDocument) -> Head:
    """The head of the page, in the active language."""
    lines = headline.lines(document)
    blocks = (block for section in document.sections for block in section.blocks)
    metrics = (metric for block in blocks for metric in block.metrics if metric.value is not None)
    return Head(
        lines=tuple(line for line in lines if line.items),
        quiet=tuple(line.empty for line in lines if not line.items),
        objectives=tuple(card for card in objectives_of(document) if _says_something(card)),
        metrics=tuple(metrics)[:_METRICS],
    )


def _says_something(card: ObjectiveCard) -> bool:
    return card.percent is not None or card.score is not None
