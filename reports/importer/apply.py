"""Apply a plan: everything it holds, in one transaction, journalled so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from projects import facts
from projects.models import (
    Alias,
    Cycle,
    EntrySource,
    Health,
    Incident,
    IncidentCount,
    LedgerField,
    Metric,
    Milestone,
    Objective,
    PlannedItem,
    ProgressChange,
    Project,
    Reading,
    StatusEntry,
    Team,
    User,
)
from projects.objectives.cycles import new_cycle
from projects.prose import StateKind
from projects.standing import HUNDRED
from reports.importer.batch import Journal
from reports.importer.history import MilestoneHistory
from reports.importer.page import ProjectMention
from reports.importer.plan import NewEntry, PagePlan, Plan, Ref, Repeat
from reports.models import ImportBatch, Section, WeeklyPage

_HEALTH: Final = {
    StateKind.ON_TRACK: Health.ON_TRACK,
    StateKind.AT_RISK: Health.AT_RISK,
    StateKind.OFF_TRACK: Health.OFF_TRACK,
    StateKind.PAUSED: Health.PAUSED,
}
# An old page does not say when on its Friday a line was written.
_WRITTEN_AT: Final = time(18, 0)
_FRIDAY: Final = timedelta(days=4)


@transaction.atomic
def apply_plan(plan: Plan, team: Team, *, by: User | None = None) -> ImportBatch | None:
    """Writes the plan and returns its batch; ``None`` for a plan that holds nothing new.

    All or nothing: an error leaves the database as it was.
    """
    if plan.is_empty:
        return None
    # One import of a team at a time: the plan was made from what the other one changes.
    Team.objects.select_for_update().get(pk=team.pk)
    batch = ImportBatch.objects.create(
        team=team,
        applied_by=by,
        sources=[
            {"name": p.page.source.name, "week": p.week.isoformat(), "digest": p.digest}
            for p in plan.pages
        ],
        suggestions=[
            {"name": s.name, "other": s.other, "likeness": s.likeness} for s in plan.suggestions
        ],
    )
    journal = Journal(team, batch)
    Writer(plan, team, journal).write()
    journal.close()
    facts.announce(team, {page.week for page in plan.pages})
    return batch


class Writer:
    """Writes one plan: what is referred to first, then what refers to it."""

    def __init__(self, plan: Plan, team: Team, journal: Journal) -> None:
        self.plan = plan
        self.team = team
        self.journal = journal
        self.objectives: dict[tuple[date, str], Objective] = {}  # by week and code
        self.projects: dict[Ref, Project] = {}

    def write(self) -> None:
        self._write_objectives()
        self._write_projects()
        self._write_milestones()
        pages = self._write_pages()
        self._write_entries()
        self._write_numbers()
        self._write_words(pages)

    def _write_objectives(self) -> None:
        """Each page's objectives, in its week's cycle; the newest page of a cycle names them."""
        cycles = self._cycles()
        known = {
            (o.cycle_id, o.code): o
            for o in Objective.objects.filter(cycle__in=set(cycles.values()))
        }
        new: dict[tuple[int, str], Objective] = {}
        for page in self.plan.pages:
            cycle = cycles[page.week]
            for position, (code, name) in enumerate(_objectives_of(page), start=1):
                key = (cycle.pk, code)
                if key not in known and key not in new:
                    new[key] = Objective(team=self.team, cycle=cycle, code=code, position=position)
                if key in new and name:
                    new[key].name = name[:200]
        self.journal.create(new.values())
        for page in self.plan.pages:
            for code, _ in _objectives_of(page):
                key = (cycles[page.week].pk, code)
                self.objectives[page.week, code] = known.get(key) or new[key]

    def _cycles(self) -> dict[date, Cycle]:
        """The cycle of each page's week, made where the team has none for it."""
        known = list(Cycle.objects.filter(team=self.team))
        found: dict[date, Cycle] = {}
        for week in sorted({page.week for page in self.plan.pages}):
            cycle = next((c for c in known if c.starts_on <= week <= c.ends_on), None)
            if cycle is None:
                (cycle,) = self.journal.create([new_cycle(self.team, week)])
                known.append(cycle)
            found[week] = cycle
        return found

    def _write_projects(self) -> None:
        plan = self.plan
        last = Project.objects.filter(team=self.team).count()
        new: dict[Ref, Project] = {
            ref: Project(
                team=self.team,
                name=ref,
                objective=self._objective(project.objective_week, project.code),
                is_focus=project.is_focus,
                lead_name=project.lead_name,
                position=last + project.position,
                started_on=project.first_week,
                closed_on=plan.closes.get(ref),
            )
            for ref, project in plan.projects.items()
        }
        self.journal.create(new.values())
        known = _known_projects(plan)
        self._update_known(known)
        self.projects = {**new, **known}
        names: dict[Ref, dict[str, str]] = {**plan.aliases}
        names |= {ref: project.aliases for ref, project in plan.projects.items()}
        self.journal.create(
            Alias(team=self.team, project=self.projects[ref], name=name, key=key)
            for ref, found in names.items()
            for key, name in found.items()
        )

    def _update_known(self, known: dict[Ref, Project]) -> None:
        """A page from before a project began, or from after it was closed, tells otherwise."""
        for ref, (first, newest) in self.plan.named.items():
            project = known[ref]
            begun = min(first, project.started_on or first)
            is_over = project.closed_on is not None and project.closed_on >= newest
            closed = project.closed_on if is_over else None
            self.journal.update(project, started_on=begun, closed_on=closed)

    def _objective(self, week: date | None, code: str | None) -> Objective | None:
        return self.objectives.get((week, code)) if week is not None and code is not None else None

    def _write_milestones(self) -> None:
        """The milestones with their latest values, and the ledger of how they came to be."""
        new: list[Milestone] = []
        rows: list[tuple[Milestone, MilestoneHistory]] = []
        known = {m.pk: m for m in Milestone.objects.filter(project__in=self.projects.values())}
        for ref, history in self.plan.histories.items():
            for position, told in enumerate(history.milestones):
                if not told.changes():
                    continue
                if told.id is None:
                    milestone = Milestone(
                        team=self.team,
                        project=self.projects[ref],
                        name=told.name,
                        position=position,
                        **self._latest(told),
                    )
                    new.append(milestone)
                else:
                    milestone = known[told.id]
                    latest = self._latest(told)
                    if milestone.is_dropped and told.percent != HUNDRED:
                        # An old page does not bring back what a person has dropped since.
                        latest["closed_at"] = milestone.closed_at
                    self.journal.update(milestone, **latest)
                rows.append((milestone, told))
        self.journal.create(new)
        self.journal.create(
            change for milestone, told in rows for change in self._ledger(milestone, told)
        )

    def _latest(self, told: MilestoneHistory) -> dict[str, object]:
        due_on, precision = told.due or (None, "day")
        closed = None
        if told.percent == 100:
            weeks = [week for week, percent in told.percents.items() if percent == 100]
            closed = self._moment(max(weeks)) if weeks else timezone.now()
        return {
            "percent": told.percent,
            "due_on": due_on,
            "due_precision": precision,
            "closed_at": closed,
        }

    def _ledger(self, milestone: Milestone, told: MilestoneHistory) -> Iterable[ProgressChange]:
        for change in told.changes():
            is_percent = change.new_percent is not None
            yield ProgressChange(
                team=self.team,
                milestone=milestone,
                week=change.week,
                field=LedgerField.PERCENT if is_percent else LedgerField.DUE_ON,
                old_percent=change.old_percent,
                new_percent=change.new_percent,
                old_due_on=change.old_due_on,
                new_due_on=change.new_due_on,
                new_precision=change.precision,
                at=self._moment(change.week),
            )

    def _moment(self, week: date) -> datetime:
        """When the week's page was written, as far as is known: its Friday evening, or now."""
        friday = datetime.combine(week + _FRIDAY, _WRITTEN_AT, tzinfo=self.team.zone)
        return min(friday, timezone.now())

    def _write_pages(self) -> dict[date, WeeklyPage]:
        weeks = {page.week for page in self.plan.pages}
        known = {p.week: p for p in WeeklyPage.objects.filter(team=self.team, week__in=weeks)}
        new: dict[date, WeeklyPage] = {}
        for page in self.plan.pages:
            # A page that names itself nowhere is called by its week: that it was read from a
            # source, and keeps the order of it, shows in its having a title.
            title = (page.page.title or page.page.week.label)[:300]
            if page.week in known:
                if not known[page.week].title:
                    self.journal.update(known[page.week], title=title)
            elif page.week not in new:
                new[page.week] = WeeklyPage(
                    team=self.team, week=page.week, title=title, warnings=list(page.page.warnings)
                )
        self.journal.create(new.values())
        return {**known, **new}

    def _write_entries(self) -> None:
        entries = {
            (entry.project, page.week): self._entry(entry, page.week)
            for page in self.plan.pages
            for entry in page.entries
        }
        known: dict[tuple[Ref, date], list[Repeat]] = {}
        for page in self.plan.pages:
            for repeat in page.repeats:
                entry = entries.get((repeat.project, page.week))
                if entry is not None:
                    entry.repeats.append(_as_json(repeat))
                else:
                    known.setdefault((repeat.project, page.week), []).append(repeat)
        self.journal.create(entries.values())
        for (ref, week), repeats in known.items():
            entry = StatusEntry.objects.get(project=self.projects[ref], week=week)
            self.journal.update(entry, repeats=[*entry.repeats, *map(_as_json, repeats)])

    def _entry(self, new: NewEntry, week: date) -> StatusEntry:
        mention = new.mention
        return StatusEntry(
            team=self.team,
            project=self.projects[new.project],
            week=week,
            text=mention.text,
            health=_health(mention),
            percent=new.percent,
            weighted_percent=new.weighted_percent,
            objective=self._objective(week, mention.code),
            is_focus=mention.is_focus,
            source=EntrySource.IMPORTED,
            reported_at=self._moment(week),
            name=mention.written[:200],
            section=mention.section[:300],
            position=new.position,
        )

    def _write_numbers(self) -> None:
        found = [(page.week, reading) for page in self.plan.pages for reading in page.readings]
        metrics = {(m.project_id, m.name): m for m in Metric.objects.filter(team=self.team)}
        new: dict[tuple[int | None, str], Metric] = {}
        for _, reading in found:
            project = None if reading.project is None else self.projects[reading.project]
            key = (project.pk if project else None, reading.metric)
            if key not in metrics and key not in new:
                new[key] = Metric(
                    team=self.team,
                    project=project,
                    name=reading.metric,
                    unit=reading.unit,
                    position=len(metrics) + len(new),
                )
        self.journal.create(new.values())
        metrics |= new
        self.journal.create(
            Reading(
                team=self.team,
                metric=metrics[
                    None if r.project is None else self.projects[r.project].pk, r.metric
                ],
                week=week,
                value=r.value,
                note=r.note,
                text=r.text,
                position=r.position,
            )
            for week, r in found
        )
        self.journal.create(
            IncidentCount(
                team=self.team, week=p.week, severity=severity, count=count, text=text, position=at
            )
            for p in self.plan.pages
            for severity, count, text, at in p.counts
        )

    def _write_words(self, pages: dict[date, WeeklyPage]) -> None:
        zone = self.team.zone
        self.journal.create(
            Incident(
                team=self.team,
                week=p.week,
                occurred_at=read.occurred_at.replace(tzinfo=zone),
                detected_by=read.detected_by,
                severity=read.severity[:10],
                description=read.description,
                cause=read.cause,
                resolution=read.resolution,
                recovered_at=read.recovered_at.replace(tzinfo=zone) if read.recovered_at else None,
                link=read.link,
                text=read.text,
                position=read.line + p.offset,
            )
            for p in self.plan.pages
            for read in p.page.incidents
        )
        self.journal.create(
            PlannedItem(
                team=self.team, week=p.week, text=goal.written, position=goal.line + p.offset
            )
            for p in self.plan.pages
            for goal in p.page.goals
        )
        self.journal.create(
            Section(
                team=self.team,
                page=pages[p.week],
                kind=section.kind.value,
                heading=section.heading,
                level=section.level,
                body=section.body,
                objective=self._objective(p.week, section.code),
                position=section.line + p.offset,
            )
            for p in self.plan.pages
            for section in p.sections
        )


def _objectives_of(page: PagePlan) -> list[tuple[str, str]]:
    """Codes and names; a code that only a table or a project names has no name of its own."""
    named = {o.code[:20]: o.name for o in page.page.objectives}
    for project in page.page.projects:
        if project.code is not None:
            named.setdefault(project.code[:20], "")
    return list(named.items())


def _known_projects(plan: Plan) -> dict[Ref, Project]:
    ids = {*plan.named, *plan.aliases}
    return {project.pk: project for project in Project.objects.filter(pk__in=ids)}


def _as_json(repeat: Repeat) -> dict[str, object]:
    return {
        "section": repeat.section,
        "name": repeat.name,
        "text": repeat.text,
        "position": repeat.position,
    }


def _health(mention: ProjectMention) -> str:
    """What the words say of the whole project, the last word counting; mostly they say nothing."""
    said = [_HEALTH[state] for state in mention.states if state in _HEALTH]
    return said[-1].value if said else ""
