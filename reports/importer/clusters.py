"""Names of projects that may be one, in groups that a person looks through once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from projects.text.names import Alike
from reports.importer.decisions import DecidedNames

_MOST_NAMES: Final = 8  # in one group; a chain of names that are each a little alike says nothing


@dataclass(frozen=True, slots=True)
class NameExample:
    """One line that bears a name."""

    source: str
    line: int
    text: str


@dataclass(slots=True)
class NameTally:
    """How often pages report a project under a name, and the first such line."""

    count: int = 0
    example: NameExample | None = None


@dataclass(frozen=True, slots=True)
class ClusterName:
    name: str
    count: int
    likeness: float  # to the cluster's name
    example: NameExample | None


@dataclass(frozen=True, slots=True)
class NameCluster:
    """A project's name, and others that may mean it."""

    name: str  # a known project's, else the one that most lines bear
    count: int
    others: tuple[ClusterName, ...]

    def as_plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name,
            "count": self.count,
            "others": [
                {
                    "name": other.name,
                    "count": other.count,
                    "likeness": other.likeness,
                    "example": _plain(other.example),
                }
                for other in self.others
            ],
        }


def _plain(example: NameExample | None) -> dict[str, Any] | None:
    if example is None:
        return None
    return {"source": example.source, "line": example.line, "text": example.text}


def groups_of(pairs: Iterable[Alike], decided: DecidedNames) -> list[list[str]]:
    """Names that hang together by likeness, the most alike first, each in one group."""
    group_of: dict[str, list[str]] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.likeness):
        if decided.is_settled(pair.name, pair.other):
            continue
        mine = group_of.setdefault(pair.name, [pair.name])
        theirs = group_of.setdefault(pair.other, [pair.other])
        if mine is theirs or len(mine) + len(theirs) > _MOST_NAMES:
            continue
        mine += theirs
        for name in theirs:
            group_of[name] = mine
    groups = {id(group): group for group in group_of.values()}
    return [group for group in groups.values() if len(group) > 1]


def clusters_of(
    pairs: list[Alike],
    decided: DecidedNames,
    uses: Mapping[str, NameTally],
    known_names: frozenset[str] = frozenset(),
) -> list[NameCluster]:
    """The groups with the name that each goes by; those with the most lines come first."""
    scores = {frozenset((pair.name, pair.other)): pair.likeness for pair in pairs}
    clusters = []
    for group in groups_of(pairs, decided):
        ordered = sorted(group, key=lambda name: (name not in known_names, -_use(uses, name).count))
        main, *others = ordered
        rows = (
            ClusterName(
                name,
                _use(uses, name).count,
                scores.get(frozenset((main, name)), 0.0),
                _use(uses, name).example,
            )
            for name in others
        )
        clusters.append(NameCluster(main, _use(uses, main).count, tuple(rows)))
    return sorted(clusters, key=lambda c: -(c.count + sum(other.count for other in c.others)))


def _use(uses: Mapping[str, NameTally], name: str) -> NameTally:
    return uses.get(name, _UNUSED)


_UNUSED: Final = NameTally()
