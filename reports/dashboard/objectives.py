"""How the objectives of a cycle stand: what their list and the page of one of them show.

Percent, change and health of an objective are those of the week's document, as on the dashboard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from projects import weeks
from projects.models import Cycle, KeyResult, Metric, Objective, Project, Reading, StatusEntry, Team
from projects.objectives import scores
from projects.weeks import WEEK
from reports.dashboard import course
from reports.dashboard.course import CycleObjective, EntryFacts
from reports.weekly.comparison import ObjectiveCard, objectives_of
from reports.weekly.document import Entry, Finished, WeeklyDocument


@dataclass(frozen=True, slots=True)
class ResultState:
    """A key result with its readings, oldest first, up to the week that is shown."""

    result: KeyResult
    readings: tuple[tuple[date, Decimal], ...]

    @property
    def metric(self) -> Metric:
        return self.result.metric

    @property
    def value(self) -> Decimal | None:
        return self.readings[-1][1] if self.readings else None

    @property
    def score(self) -> Decimal | None:
        return scores.score(self.value, self.result.baseline, self.result.target)

    def since(self, week: date) -> tuple[tuple[date, Decimal], ...]:
        """The readings from that week on, with the last one before it as where they come from."""
        before = [reading for reading in self.readings if reading[0] < week]
        return (*before[-1:], *(reading for reading in self.readings if reading[0] >= week))

    @property
    def scale(self) -> tuple[Decimal, Decimal]:
        """From baseline to target, whichever is less: the same picture in every week."""
        ends = self.result.baseline, self.result.target
        return min(ends), max(ends)


@dataclass(frozen=True, slots=True)
class ObjectiveState:
    """An objective in the week that is shown; ``card`` is ``None`` before its cycle begins."""

    objective: Objective
    card: ObjectiveCard | None
    results: tuple[ResultState, ...]
    entries: tuple[Entry, ...]  # its projects on the week's page
    finished: tuple[Finished, ...]  # those done earlier in the cycle
    waiting: tuple[Project, ...]  # open ones that no page shows yet

    @property
    def score(self) -> Decimal | None:
        return scores.mean(result.score for result in self.results)


@dataclass(frozen=True, slots=True)
class CycleResult:
    """The objective as it was in one cycle."""

    objective: Objective
    is_carried: bool  # else it only has the same code
    week: date | None  # whose numbers these are; ``None``: its cycle has not begun
    percent: Decimal | None
    score: Decimal | None
    reached: int
    key_results: int


@dataclass(frozen=True, slots=True)
class Past:
    """The objective's past: the weeks of its own cycle, and its other cycles."""

    percents: tuple[tuple[date, Decimal], ...]  # oldest first
    chapters: tuple[CycleResult, ...]  # the newest cycle first
    oldest: date  # the first day of the oldest of all its cycles, those left out included


def week_of(cycle: Cycle, all_cycles: Collection[Cycle], this_week: date) -> date | None:
    """The week that stands for the cycle: the present one, at most its last.

    ``None`` before it begins. ``all_cycles`` are those of the team.
    """
    if weeks.first_week_of(cycle, all_cycles) > this_week:
        return None
    return min(this_week, weeks.last_week_of(cycle))


def states_of(
    objectives: Sequence[Objective],
    document: WeeklyDocument | None,
    week: date | None,
    since: date = date.min,
) -> list[ObjectiveState]:
    """The objectives, in their order, as they stand in the week of the document. Three queries.

    Of readings only those from ``since`` on.
    """
    results = _results(objectives, week, since)
    waiting = _waiting(objectives, document)
    cards = objectives_of(document) if document else ()
    states = []
    for objective in objectives:
        own_cards = [card for card in cards if _is_meant(objective, card.objective_id, card.code)]
        on_page = document.entries if document else ()
        states.append(
            ObjectiveState(
                objective=objective,
                card=own_cards[0] if own_cards else None,
                results=tuple(results[objective.pk]),
                entries=tuple(
                    entry
                    for entry in on_page
                    if _is_meant(objective, entry.objective_id, entry.objective_code)
                ),
                finished=_finished(objective, document),
                waiting=tuple(waiting[objective.pk]),
            )
        )
    return states


def past_of(
    state: ObjectiveState, team: Team, all_cycles: Collection[Cycle], since: date = date.min
) -> Past:
    """The objective's course, and its history over cycles, those that were over by ``since`` left
    out. ``all_cycles`` are those of the team. Four queries, however long it is.
    """
    objective, this_week = state.objective, team.this_week()
    by_id = {
        row.pk: row for row in Objective.objects.filter(team=team).select_related("cycle", "owner")
    }
    places = [CycleObjective(o.pk, o.code, o.cycle_id, o.carried_from_id) for o in by_id.values()]
    lineage = course.lineage(objective.pk, places).items()
    kin = {by_id[pk]: carried for pk, carried in lineage if by_id[pk].cycle.ends_on >= since}
    kin.setdefault(objective, True)
    entries = _entry_facts(kin, since)
    results = _results(list(kin), None, since)
    chapters = []
    for relative, is_carried in kin.items():
        week = week_of(relative.cycle, all_cycles, this_week)
        percents = course.percents(relative.pk, entries, [week] if week else [])
        own = [ResultState(r.result, _until(r.readings, week)) for r in results[relative.pk]]
        chapters.append(
            CycleResult(
                objective=relative,
                is_carried=is_carried,
                week=week,
                percent=_percent(state, relative, percents),
                score=scores.mean(result.score for result in own) if week else None,
                reached=sum(result.score == scores.REACHED for result in own),
                key_results=len(own),
            )
        )
    chapters.sort(key=lambda chapter: chapter.objective.cycle.starts_on, reverse=True)
    own_weeks = [w for w in _weeks(objective.cycle, all_cycles, this_week) if w >= since]
    shown = dict(course.percents(objective.pk, entries, own_weeks))
    if state.card and state.card.percent is not None:
        # The page of that week is the last word: projects may have moved since they were told of.
        shown[min(this_week, weeks.last_week_of(objective.cycle))] = state.card.percent
    oldest = min([by_id[pk].cycle.starts_on for pk, _ in lineage] + [objective.cycle.starts_on])
    return Past(tuple(shown.items()), tuple(chapters), oldest)


def _percent(
    state: ObjectiveState, relative: Objective, percents: Sequence[tuple[date, Decimal]]
) -> Decimal | None:
    """Of the objective itself what its page says, of its kin what the entries say."""
    if relative == state.objective and state.card:
        return state.card.percent
    return percents[-1][1] if percents else None


def _weeks(cycle: Cycle, all_cycles: Collection[Cycle], this_week: date) -> list[date]:
    """The cycle's weeks up to the present one."""
    last = week_of(cycle, all_cycles, this_week)
    week = weeks.first_week_of(cycle, all_cycles)
    past_weeks = []
    while last is not None and week <= last:
        past_weeks.append(week)
        week += WEEK
    return past_weeks


def _until(
    readings: tuple[tuple[date, Decimal], ...], week: date | None
) -> tuple[tuple[date, Decimal], ...]:
    return tuple(reading for reading in readings if week is None or reading[0] <= week)


def _results(
    objectives: Iterable[Objective], week: date | None, since: date = date.min
) -> dict[int, list[ResultState]]:
    """The key results of each objective, with what was read up to that week. Two queries."""
    rows = list(KeyResult.objects.filter(objective__in=objectives).select_related("metric"))
    metrics = {row.metric_id for row in rows}
    readings = Reading.objects.filter(metric__in=metrics, week__gte=since)
    if week is not None:
        readings = readings.filter(week__lte=week)
    by_metric = defaultdict(list)
    for metric, read_in, value in readings.order_by("week").values_list("metric", "week", "value"):
        by_metric[metric].append((read_in, value))
    by_objective = defaultdict(list)
    for row in rows:
        by_objective[row.objective_id].append(ResultState(row, tuple(by_metric[row.metric_id])))
    return by_objective


def _waiting(
    objectives: Sequence[Objective], document: WeeklyDocument | None
) -> dict[int | None, list[Project]]:
    """Open projects that the document does not know: of a cycle to come, or begun later."""
    shown = {entry.project_id for entry in document.entries} if document else set()
    if document:
        shown |= {done.project_id for part in document.sections for done in part.finished}
    rows = Project.objects.filter(objective__in=objectives, closed_on=None).select_related("lead")
    by_objective = defaultdict(list)
    for row in rows:
        if row.pk not in shown:
            by_objective[row.objective_id].append(row)
    return by_objective


def _finished(objective: Objective, document: WeeklyDocument | None) -> tuple[Finished, ...]:
    sections = document.sections if document else ()
    of_objective = (part for part in sections if part.objective_id == objective.pk)
    return tuple(done for part in of_objective for done in part.finished)


def _is_meant(objective: Objective, pk: int | None, code: str) -> bool:
    """Whether a document means the objective; one from before keys were kept tells its code."""
    return code == objective.code if pk is None else pk == objective.pk


def _entry_facts(objectives: Iterable[Objective], since: date) -> list[EntryFacts]:
    """All entries of all projects that were ever told under one of the objectives.

    Of before ``since`` only those of projects that come from there: their last percent is known.
    """
    under = StatusEntry.objects.filter(objective__in=objectives).values("project")
    of_the_present = Q(week__gte=since) | Q(project__started_on__lt=since)
    rows = StatusEntry.objects.filter(of_the_present, project__in=under).with_told_percent()
    fields = ("project", "week", "told_percent", "health", "objective")
    return [
        EntryFacts(*row)
        for row in rows.values_list(*fields, "project__started_on", "project__closed_on")
    ]
