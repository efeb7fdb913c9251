"""What changed on projects and objectives since last week, or since any other week. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from projects.objectives import scores
from projects.standing import deciding, is_last_known
from projects.text.numbers import HUNDRED, mean_share
from projects.weeks import WEEK
from reports.weekly.document import (
    Entry,
    Finished,
    KeyResultState,
    PageSection,
    WeeklyDocument,
)
from reports.weekly.sections import Kind


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """How a project differs from the week that it is compared with."""

    before: Decimal | None = None  # its percent then
    percent: Decimal | None = None  # percent points since then
    # The week that ``percent`` counts from, where that is another than the one asked for: nobody
    # told a percent in last week.
    since: date | None = None
    due_days: int | None = None  # how far the due date moved; positive: later


NO_CHANGE: Final = ProjectChange()

type Compare = Callable[[Entry], ProjectChange]


def with_last_week(document: WeeklyDocument) -> Compare:
    """Compares with the last percent before the document's week, and with that week's moves."""
    last_week = document.week - WEEK

    def compare(entry: Entry) -> ProjectChange:
        told_in = entry.last_percent_week
        is_older = entry.change is not None and told_in is not None and told_in != last_week
        return ProjectChange(
            before=entry.last_percent,
            percent=entry.change,
            since=told_in if is_older else None,
            due_days=_moved_this_week(entry),
        )

    return compare


def with_objectives_of(old: WeeklyDocument, new: WeeklyDocument) -> WeeklyDocument:
    """``new``, its objectives known by the rows that they have in ``old``.

    A cycle that was made late has the objectives of the one before in rows of its own; to a reader
    they are the same where code and name are.
    """
    rows = {(s.code, s.name): s.objective_id for s in old.sections if s.objective_id}
    in_both = {s.objective_id for s in new.sections} & set(rows.values())

    def as_before(section: PageSection) -> PageSection:
        row = rows.get((section.code, section.name))
        is_other = (
            section.objective_id and section.objective_id not in in_both and row not in in_both
        )
        return replace(section, objective_id=row) if row and is_other else section

    return replace(new, sections=tuple(map(as_before, new.sections)))


def with_week(then: WeeklyDocument) -> Compare:
    """Compares with another week's page; a project that is not on it counts as unchanged."""
    earlier_entries = {entry.project_id: entry for entry in then.entries}

    def compare(entry: Entry) -> ProjectChange:
        before = earlier_entries.get(entry.project_id)
        if before is None:
            return NO_CHANGE
        return ProjectChange(
            before=before.percent,
            percent=_difference(entry.percent, before.percent),
            due_days=_days(before.due_on, entry.due_on),
        )

    return compare


def mean(percents: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of the known percents, in whole percent."""
    return mean_share(percents, places=0)


def _moved_this_week(entry: Entry) -> int | None:
    """Days by which the printed due date moved in the page's week."""
    milestone = deciding(entry.milestones)
    moves = [move for move in entry.moves if milestone and move.milestone == milestone.name]
    return _days(moves[0].old, moves[-1].new) if moves else None


def _difference(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    return None if new is None or old is None else new - old


def _days(old: date | None, new: date | None) -> int | None:
    """Days from old to new; ``None`` when unknown or unchanged."""
    return (new - old).days or None if old is not None and new is not None else None


# --- objectives -------------------------------------------------------------------------------

# Worst first, as an objective takes over the worst of its projects. Done and paused worry nobody.
_SEVERITY: Final = ("off_track", "at_risk", "on_track", "paused", "done", "")
_UNCONFIRMED: Final = 1  # between trouble and the rest


@dataclass(frozen=True, slots=True)
class Share:
    """A project's part in its objective's percent."""

    project: str
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class ObjectiveCard:
    code: str
    name: str
    percent: Decimal | None  # mean of its projects' percents, whole percent
    change: Decimal | None  # of what is printed now from what was printed then
    health: str  # the worst of its projects: see ``_worst``
    shares: tuple[Share, ...]  # its projects, those done earlier in its cycle included
    results: tuple[KeyResultState, ...]
    objective_id: int | None = None  # not in documents from before it was kept
    weeks_silent: int = 0  # since the health was told, where it is only last known
    time_gone: Decimal | None = None  # mean over its projects: where it would be as time goes
    anchor: str = ""  # of its section on the page

    @property
    def score(self) -> Decimal | None:
        return scores.mean(result.score for result in self.results)

    @property
    def key_results(self) -> int:
        return len(self.results)

    @property
    def reached(self) -> int:
        """Key results whose score is 1."""
        return sum(result.score == scores.REACHED for result in self.results)

    @property
    def projects(self) -> int:
        return len(self.shares)

    @property
    def unmeasured(self) -> int:
        """How many of its projects have no known percent."""
        return sum(share.percent is None for share in self.shares)


def severity(health: str) -> int:
    """The rank of a health; 0 is the worst."""
    return _SEVERITY.index(health)


def objectives_of(
    document: WeeklyDocument, then: WeeklyDocument | None = None
) -> tuple[ObjectiveCard, ...]:
    """A card for each objective; changes are since last week, or since ``then``'s.

    A project that is done leaves the page, but still counts. A change is the difference of what the
    two weeks print: it also holds what came or went under the objective.
    """
    percents_then = {} if then is None else {c.code: c.percent for c in objectives_of(then)}
    return tuple(
        replace(card, change=_difference(card.percent, percents_then.get(card.code)))
        if then is not None
        else card
        for card in _cards(document)
    )


def _cards(document: WeeklyDocument) -> Iterator[ObjectiveCard]:
    for section in document.sections:
        if section.kind is not Kind.OBJECTIVE:
            continue
        entries = _counting_for(section, document)
        counted: list[Entry | Finished] = [*entries, *section.finished]
        percent = mean(project.percent for project in counted)
        health, weeks_silent = _worst(entries, has_done=bool(section.finished))
        yield ObjectiveCard(
            code=section.code,
            name=section.name,
            percent=percent,
            change=_difference(percent, section.last_percent),
            health=health,
            weeks_silent=weeks_silent,
            shares=tuple(Share(project.project, project.percent) for project in counted),
            results=section.key_results,
            objective_id=section.objective_id,
            time_gone=_time_gone(entries, section.finished),
            anchor=section.anchor,
        )


def _time_gone(entries: Iterable[Entry], finished: Sequence[Finished]) -> Decimal | None:
    """The mean of the projects with a plan; the time of one that is done has passed."""
    shares = [HUNDRED if entry.health == "done" else entry.time_gone for entry in entries]
    return mean([*shares, *(HUNDRED for _done in finished)])


def _worst(entries: Iterable[Entry], *, has_done: bool) -> tuple[str, int]:
    """The health that stands for all of them, and for how many weeks it is only last known.

    Trouble that somebody reports comes first; then the worst that nobody has confirmed for weeks:
    an objective of which that is so is not called well. Then the rest.
    """
    healths = [(entry.health, entry.weeks_silent) for entry in entries]
    if has_done:
        healths.append(("done", 0))
    health, weeks_silent = min(healths, key=lambda pair: _badness(*pair), default=("", 0))
    return health, weeks_silent if is_last_known(health, weeks_silent) else 0


def _badness(health: str, weeks_silent: int) -> tuple[int, int]:
    if is_last_known(health, weeks_silent):
        return _UNCONFIRMED, severity(health)
    is_trouble = severity(health) < severity("on_track")
    return (0 if is_trouble else _UNCONFIRMED + 1), severity(health)


def _counting_for(section: PageSection, document: WeeklyDocument) -> list[Entry]:
    """The objective's projects, with those in another section, such as focus projects."""
    here = [block.entry for block in section.blocks if block.entry is not None]
    if not section.code:
        return here
    ids = {entry.project_id for entry in here}
    return here + [
        entry
        for entry in document.entries
        if entry.objective_code == section.code and entry.project_id not in ids
    ]
