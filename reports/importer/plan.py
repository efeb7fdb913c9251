"""From parsed pages and what is known already to a plan: everything an import would make. Pure.

The plan is complete before anything is written, so that it can be shown, and applied in one go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from projects.prose import scaled
from projects.text.names import Alike, alike, key, keys
from projects.weeks import last_day, monday_of
from reports.importer import border
from reports.importer.clusters import NameCluster, NameExample, NameTally, clusters_of
from reports.importer.decisions import DecidedNames, Decisions
from reports.importer.history import ProjectHistory
from reports.importer.page import Measured, ParsedPage, ProjectMention, SectionText
from reports.importer.planned import (
    ImportedProject,
    ImportPlan,
    KnownFacts,
    NewEntry,
    NewReading,
    PagePlan,
    Ref,
    Repeat,
)
from reports.weekly.sections import Kind

_MAX_NAME: Final = 120
_MAX_HEADING: Final = 300
_WEEKS_TOGETHER: Final = 3
_EXAMPLE: Final = 200  # characters of an example's line


def digest_of(page: ParsedPage) -> str:
    """A hash of week and text, by which a page is recognised under any file name."""
    text = "\n".join(line.text.rstrip() for line in page.source.lines).strip()
    return hashlib.sha256(f"{page.week.start}\n{text}".encode()).hexdigest()


def make_plan(
    pages: Iterable[ParsedPage], known_facts: KnownFacts, decisions: Decisions | None = None
) -> ImportPlan:
    """Everything that importing these pages would make, oldest week first.

    What was decided of pages and lines holds already: ``reports.importer.deciding``.
    """
    decisions = decisions or Decisions()
    if decisions.starts_on is not None:
        known_facts = replace(known_facts, starts_on=monday_of(decisions.starts_on))
    users = {name: who.user for name, who in decisions.people.items() if who.user}
    plan = ImportPlan(users=users, starts_on=known_facts.starts_on)
    names = Names(known_facts, plan, decisions)
    seen = set(known_facts.digests)
    taken = TakenFacts(known_facts)
    metrics = MetricNames(known_facts, plan, decisions)
    for page in sorted(pages, key=lambda page: page.week.start):
        digest = digest_of(page)
        if digest in seen:
            plan.skipped.append(page)
            continue
        seen.add(digest)
        plan.pages.append(_plan_page(page, digest, names, taken, metrics))
    border.decide_projects(plan, known_facts)
    _close_decided(plan, names, decisions)
    border.leave_milestones(plan, known_facts, decisions)
    plan.suggestions = names.suggestions()
    plan.clusters = names.clusters()
    return plan


class Names:
    """Which project a name means: known ones by their aliases, and those that this plan makes."""

    def __init__(self, known_facts: KnownFacts, plan: ImportPlan, decisions: Decisions) -> None:
        self.plan = plan
        self.decided = DecidedNames(decisions)
        self.uses: dict[str, NameTally] = {}  # by the name of the project
        self.weeks: dict[str, set[date]] = {}
        self.known_projects = {project.id: project for project in known_facts.projects}
        self.starts_on, self.is_running = known_facts.starts_on, known_facts.is_running
        self.by_key: dict[str, Ref] = {
            name_key: project.id for project in known_facts.projects for name_key in project.keys
        }

    def ref(self, mention: ProjectMention, week: date) -> Ref:
        name = self.decided.main_name(mention.name)[:_MAX_NAME]
        name_keys = keys(name) or (name,)
        ref = next((self.by_key[k] for k in name_keys if k in self.by_key), None)
        if ref is None:
            ref = name
            self.plan.projects[ref] = ImportedProject(ref, {}, position=len(self.plan.projects) + 1)
        self._remember(ref, name_keys, name)
        if name != mention.name:
            self._remember(ref, keys(mention.name), mention.name)
        if isinstance(ref, str):
            self._update(self.plan.projects[ref], mention, week)
        else:
            first, last = self.plan.named.get(ref, (week, week))
            self.plan.named[ref] = min(first, week), max(last, week)
        return ref

    def history(self, ref: Ref) -> ProjectHistory:
        if ref not in self.plan.histories:
            known_milestones = self.known_projects[ref].milestones if isinstance(ref, int) else ()
            self.plan.histories[ref] = ProjectHistory(
                list(known_milestones), self.starts_on or date.min, self.is_running
            )
        return self.plan.histories[ref]

    def _remember(self, ref: Ref, name_keys: Sequence[str], name: str) -> None:
        for name_key in name_keys:
            if self.by_key.setdefault(name_key, ref) != ref:
                continue
            if isinstance(ref, str):
                aliases = self.plan.projects[ref].aliases
                aliases.setdefault(name_key[:_MAX_NAME], name[:_MAX_NAME])
            elif name_key not in self.known_projects[ref].keys:
                aliases = self.plan.aliases.setdefault(ref, {})
                aliases.setdefault(name_key[:_MAX_NAME], name[:_MAX_NAME])

    def _update(self, project: ImportedProject, mention: ProjectMention, week: date) -> None:
        """The newest page says where the project stands."""
        project.first_week = project.first_week or week
        is_new_week = project.last_week != week
        project.last_week = week
        if mention.code is not None and (is_new_week or project.code is None):
            project.code, project.objective_week = mention.code, week
        project.is_focus = mention.is_focus or (project.is_focus and not is_new_week)
        if mention.owners and not project.lead_name:
            project.lead_name = mention.owners[0][:80]

    def suggestions(self) -> list[Alike]:
        """New projects with a name like another's, the most alike first.

        Names that stand beside each other week after week are surely two projects.
        """
        pairs = alike(
            list(self.plan.projects), [project.name for project in self.known_projects.values()]
        )
        return [pair for pair in pairs if not self._stand_together(pair)]

    def _stand_together(self, pair: Alike) -> bool:
        weeks = self.weeks.get(pair.name, set()) & self.weeks.get(pair.other, set())
        return len(weeks) >= _WEEKS_TOGETHER

    def clusters(self) -> list[NameCluster]:
        """The suggestions in groups, each with the name that it goes by."""
        known_names = frozenset(project.name for project in self.known_projects.values())
        return clusters_of(self.plan.suggestions, self.decided, self.uses, known_names)

    def note(self, ref: Ref, mention: ProjectMention, page: ParsedPage) -> None:
        """Counts a line that reports a project, and keeps the first as an example."""
        name = ref if isinstance(ref, str) else self.known_projects[ref].name
        use = self.uses.setdefault(name, NameTally())
        use.count += 1
        if use.example is None:
            text = f"{mention.written}：{mention.text}".partition("\n")[0]
            use.example = NameExample(page.source.name, mention.line, text[:_EXAMPLE])
        self.weeks.setdefault(name, set()).add(page.week.start)


def _plan_page(
    page: ParsedPage, digest: str, names: Names, taken: TakenFacts, metrics: MetricNames
) -> PagePlan:
    week = page.week.start
    # A little room, so that a second page of the week never runs into the lines of the first.
    offset = taken.last_lines[week] + 10 if week in taken.last_lines else 0
    taken.last_lines[week] = offset + max((line.number for line in page.source.lines), default=0)
    result = PagePlan(page, digest, offset)
    for mention in page.projects:
        ref = names.ref(mention, week)
        names.note(ref, mention, page)
        position = mention.line + offset
        percent, weighted = names.history(ref).add(mention, week)
        if (ref, week) in taken.entries:
            result.repeats.append(
                Repeat(ref, mention.section[:_MAX_HEADING], mention.written, mention.text, position)
            )
            _raise_percent(result, ref, percent, weighted)
        else:
            taken.entries.add((ref, week))
            result.entries.append(NewEntry(ref, mention, position, percent, weighted))
        _plan_readings(result, ref, mention.readings, taken, metrics)
    left = _plan_readings(result, None, page.metrics, taken, metrics)
    _plan_counts(result, taken, week, left)
    result.sections = [*_title(page, offset), *(_fitting(s) for s in page.sections), *left]
    return result


def _title(page: ParsedPage, offset: int) -> list[SectionText]:
    """The title as a heading, where it is the week's second or too long for the page's row."""
    if not page.title or (not offset and len(page.title) <= _MAX_HEADING):
        return []
    return [_fitting(SectionText(Kind.CUSTOM, page.title, 1, "", page.title_line))]


def _raise_percent(
    result: PagePlan, ref: Ref, percent: Decimal | None, weighted: Decimal | None
) -> None:
    """A second mention supplies the percent that the first lacks."""
    for index, entry in enumerate(result.entries):
        if entry.project == ref and entry.percent is None and percent is not None:
            result.entries[index] = replace(entry, percent=percent, weighted_percent=weighted)


def _plan_readings(
    result: PagePlan,
    ref: Ref | None,
    measured: Iterable[Measured],
    taken: TakenFacts,
    metrics: MetricNames,
) -> list[SectionText]:
    """Adds the readings that the week lacks; returns the lines of the others, as texts."""
    left, week = [], result.week
    for reading in measured:
        name = metrics.metric(ref, reading.name)
        unit = taken.units.setdefault((ref, name), reading.unit[:20])
        value = in_unit(reading.value, reading.unit, unit)
        if value is None or (ref, name, week) in taken.readings:
            if reading.text:
                left.append(_as_text(reading.text, reading.line))
            continue
        taken.readings.add((ref, name, week))
        result.readings.append(
            NewReading(
                ref, name, unit, value, reading.note, reading.text, reading.line + result.offset
            )
        )
    return left


def _plan_counts(result: PagePlan, taken: TakenFacts, week: date, left: list[SectionText]) -> None:
    for count in result.page.counts:
        if (week, count.severity) in taken.counts:
            if count.text:
                left.append(_as_text(count.text, count.line))
            continue
        taken.counts.add((week, count.severity))
        result.counts.append((count.severity, count.count, count.text, count.line + result.offset))


def _as_text(text: str, line: int) -> SectionText:
    return SectionText(Kind.METRICS, "", 2, text, line)


def _fitting(section: SectionText) -> SectionText:
    """A heading too long for its field is a text."""
    if len(section.heading) <= _MAX_HEADING:
        return section
    return replace(section, heading="", body=section.heading)


def in_unit(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The value in the metric's unit (1.2 亿元 is 12000 万元); ``None`` if they do not agree."""
    if unit == wanted:
        return value
    base, base_unit = scaled(value, unit)
    factor, wanted_base = scaled(Decimal(1), wanted)
    if base_unit != wanted_base:
        return None
    return round(base / factor, 4)


def _close_decided(plan: ImportPlan, names: Names, decisions: Decisions) -> None:
    """What a person said of a project comes before what the pages leave open."""
    for name, goes_on in decisions.goes_on.items():
        ref = next((names.by_key[k] for k in keys(name) if k in names.by_key), None)
        last = plan.last_week(ref) if ref is not None else None
        if ref is None or last is None:
            continue
        if goes_on:
            plan.closes.pop(ref, None)
        else:
            plan.closes[ref] = last_day(last)


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
        self.known_names: dict[tuple[Ref | None, str], str] = {}
        self.known_names.update(known_facts.metric_names.items())
        self.decided = {key(name): main for name, main in decisions.metrics.items()}

    def metric(self, ref: Ref | None, name: str) -> str:
        """The metric's name; another name that is new becomes an alias of it."""
        name = name[:_MAX_NAME]
        folded = key(name)
        if (ref, folded) in self.known_names:
            return self.known_names[ref, folded]
        main = self.decided.get(folded) if ref is None else None
        if main is None or main == name:
            return name
        main = self.known_names.get((ref, key(main)), main[:_MAX_NAME])
        if folded:
            self.plan.metric_aliases.setdefault((ref, main), {})[folded] = name
        return main
