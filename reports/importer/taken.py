"""What a week has already, and which metric a name means, while pages are planned. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from projects.text.names import key
from reports.importer.decisions import Decisions

if TYPE_CHECKING:
    from reports.importer.plan import ImportPlan, KnownFacts, Ref

_MAX_NAME: Final = 120


class TakenFacts:
    """What a week has already, in the database or by an earlier page of this import."""

    def __init__(self, known_facts: KnownFacts) -> None:
        self.entries: set[tuple[Ref, date]] = set(known_facts.entries)
        self.readings: set[tuple[Ref | None, str, date]] = set(known_facts.readings)
        self.counts = set(known_facts.counts)
        self.units: dict[tuple[Ref | None, str], str] = {
            **{(None, name): unit for name, unit in known_facts.metrics.items()},
            **{(ref, name): unit for (ref, name), unit in known_facts.project_metrics.items()},
        }
        self.last_lines = dict(known_facts.last_lines)


class MetricNames:
    """Which metric a name means: by its other names, and by what a person decided."""

    def __init__(self, known_facts: KnownFacts, plan: ImportPlan, decisions: Decisions) -> None:
        self.plan = plan
        self.known: dict[tuple[Ref | None, str], str] = {}
        self.known.update(known_facts.metric_names.items())
        self.decided = {key(name): main for name, main in decisions.metrics.items()}

    def metric(self, ref: Ref | None, name: str) -> str:
        """The metric's name; another name that is new becomes an alias of it."""
        name = name[:_MAX_NAME]
        folded = key(name)
        if (ref, folded) in self.known:
            return self.known[ref, folded]
        main = self.decided.get(folded) if ref is None else None
        if main is None or main == name:
            return name
        main = self.known.get((ref, key(main)), main[:_MAX_NAME])
        if folded:
            self.plan.metric_aliases.setdefault((ref, main), {})[folded] = name
        return main
