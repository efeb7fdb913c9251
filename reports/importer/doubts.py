"""What reading leaves open, for a person to decide once for all pages: doubts. Pure.

Each doubt has a kind, a key by which it is known again, and a detail of plain values: what there is
to choose between, what is proposed, and where on the pages it stands. Choices become ``Decisions``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final

from projects.text.names import alike, key
from projects.text.sameness import is_surely_one
from reports.importer.clusters import groups_of
from reports.importer.column_mapping import table_key
from reports.importer.decisions import DecidedNames, Decisions
from reports.importer.page import ParsedPage, ProjectMention
from reports.importer.planned import ImportPlan, KnownFacts
from reports.importer.source import NO_WEEK

COLUMNS, NAMES, WEEKS, DOUBLES, PEOPLE, METRICS, UNREAD, FUTURE = (
    *("columns", "names", "weeks", "doubles", "people", "metrics", "unread", "future"),
)
CORRECTION: Final = "line"  # what a person said of a line by themselves
# In the order in which they are asked: what changes what the others are about comes first.
KINDS: Final = (COLUMNS, WEEKS, DOUBLES, NAMES, METRICS, PEOPLE, FUTURE, UNREAD)
UNSURE: Final = (NO_WEEK, "week_guessed", "label_mismatch")
_SURELY_ALIKE: Final = 0.75
_MOST_PLACES: Final = 20
_MOST_LINES: Final = 100
_EXAMPLE: Final = 80
_DOUBLE: Final = 0.8
_LABEL: Final = re.compile(r"\s*(?:[-*•]|\d{1,2}[.、)])?\s*[^\d：:。；;]{1,30}[：:]\s*")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with the key of its row and that of its text."""

    id: int
    key: str
    page: ParsedPage
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class Doubt:
    kind: str
    key: str
    title: str
    detail: dict[str, Any]


@dataclass(slots=True)
class NameUse:
    """How the pages use a name."""

    name: str
    weeks: set[date] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    example: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)

    def add(self, page: ReadPage, mention: ProjectMention) -> None:
        self.pages.add(page.id)
        if page.is_dated:
            self.weeks.add(page.page.week.start)
        if len(self.places) < _MOST_PLACES:
            self.places.append((page.id, mention.line))
        first = mention.text.strip().partition("\n")[0]
        self.example = first[:_EXAMPLE] or self.example

    def join(self, other: NameUse | None) -> None:
        """Takes the pages and weeks of another name."""
        if other is not None:
            self.pages |= other.pages
            self.weeks |= other.weeks

    def stands_beside(self, other: NameUse) -> bool:
        """Whether one page, or pages of one week, report both names."""
        return bool(self.pages & other.pages or self.weeks & other.weeks)


def doubts_of(
    pages: Sequence[ReadPage],
    plan: ImportPlan,
    known_facts: KnownFacts,
    decisions: Decisions,
    members: Iterable[tuple[str, str]],
) -> list[Doubt]:
    """All doubts, in the order in which they are asked. ``members`` are user names and names."""
    by_kind = {
        COLUMNS: _columns(pages),
        WEEKS: _weeks(pages),
        DOUBLES: _doubles(pages),
        NAMES: _names(pages, plan, known_facts),
        METRICS: _metrics(plan, known_facts, decisions),
        PEOPLE: _people(pages, members, decisions),
        FUTURE: _future(pages) if plan.projects or plan.named else [],
        UNREAD: _unread(pages),
    }
    return [doubt for kind in KINDS for doubt in by_kind[kind]]


# ---- names of projects


def uses_of(pages: Iterable[ReadPage]) -> dict[str, NameUse]:
    """By the key of each name how the pages use it."""
    uses: dict[str, NameUse] = {}
    for page in pages:
        for mention in page.page.projects:
            name_key = key(mention.name) or mention.name
            use = uses.get(name_key)
            if use is None:
                use = uses[name_key] = NameUse(mention.name)
            use.add(page, mention)
    return uses


def _names(pages: Sequence[ReadPage], plan: ImportPlan, known_facts: KnownFacts) -> list[Doubt]:
    uses = uses_of(pages)
    projects = {project.name for project in known_facts.projects}
    doubts = [
        _cluster([cluster.name, *(other.name for other in cluster.others)], uses, projects)
        for cluster in plan.clusters
    ]
    return sorted(doubts, key=lambda doubt: -int(doubt.detail["pages"]))


def _cluster(cluster: list[str], uses: dict[str, NameUse], projects: set[str]) -> Doubt:
    """The main name is that of a project there is, else the one on most pages."""

    def weight(name: str) -> tuple[bool, int, int]:
        use = uses.get(key(name))
        return name in projects, len(use.pages) if use else 0, -len(name)

    ordered = sorted(cluster, key=weight, reverse=True)
    main = ordered[0]
    joined = _joined(ordered, uses, projects)
    rows = [_name_row(name, name in joined, uses.get(key(name)), projects) for name in ordered]
    pages = {page for name in cluster if (use := uses.get(key(name))) for page in use.pages}
    detail = {"main": main, "names": rows, "pages": len(pages)}
    names = "\n".join(sorted(key(name) for name in cluster))
    return Doubt(NAMES, f"{NAMES}:{_hash(names)}", main, detail)


def _joined(ordered: Sequence[str], uses: dict[str, NameUse], projects: set[str]) -> set[str]:
    """The names that are proposed as the first one's project, itself among them.

    Names that one page or one week reports side by side are never one project by default.
    """
    main, *left = ordered
    joined = [main]
    taken = NameUse(main)
    taken.join(uses.get(key(main)))
    for known_name in joined:  # grows: the name of before leads to those that are one with it
        for name in list(left):
            use = uses.get(key(name))
            stands_beside = use is not None and taken.stands_beside(use)
            if name not in projects and not stands_beside and is_surely_one(name, known_name):
                joined.append(name)
                left.remove(name)
                taken.join(use)
    return set(joined)


def _name_row(name: str, is_same: bool, use: NameUse | None, projects: set[str]) -> dict[str, Any]:
    use = use or NameUse(name)
    weeks = sorted(use.weeks)
    return {
        "name": name,
        "pages": len(use.pages),
        "first": weeks[0].isoformat() if weeks else "",
        "last": weeks[-1].isoformat() if weeks else "",
        "example": use.example,
        "is_known": name in projects,
        "role": "same" if is_same else "apart",
        "places": use.places,
    }


# ---- pages


def _columns(pages: Sequence[ReadPage]) -> list[Doubt]:
    """Tables of spreadsheets of which nothing was read, once for all with the same headings."""
    doubts: dict[str, Doubt] = {}
    for page in pages:
        for table in page.page.source.columns:
            if table.is_understood:
                continue
            rows = [
                {"heading": heading, "role": role.value if role else "", "places": [(page.id, 0)]}
                for heading, role in zip(table.headings, table.roles, strict=True)
                if heading.strip()
            ]
            headings = "\n".join(table_key(table.headings))
            place = f"{page.page.source.name.rpartition('/')[2]} {table.place}"
            detail = {"rows": rows, "headings": list(table.headings), "place": place}
            doubt = Doubt(COLUMNS, f"{COLUMNS}:{_hash(headings)}", place[:200], detail)
            doubts.setdefault(doubt.key, doubt)
    return list(doubts.values())


def _weeks(pages: Sequence[ReadPage]) -> list[Doubt]:
    """Pages whose week is a guess, or said twice and differently, or not at all."""
    rows = [
        {
            "page": page.id,
            "key": page.key,
            "source": page.page.source.name,
            "label": page.page.week.label if page.is_dated else "",
            "week": page.page.week.start.isoformat() if page.is_dated else "",
            "why": why,
            "places": [(page.id, 0)],
        }
        for page in pages
        if (why := next((w for w in UNSURE if w in page.page.week.warnings), None))
    ]
    order = {why: place for place, why in enumerate(UNSURE)}
    rows.sort(key=lambda row: order[str(row["why"])])
    return [Doubt(WEEKS, WEEKS, "", {"rows": rows})] if rows else []


def _doubles(pages: Sequence[ReadPage]) -> list[Doubt]:
    """Weeks that several pages are of; of two that say almost the same, one is proposed."""
    by_week: dict[date, dict[str, ReadPage]] = defaultdict(dict)
    for page in pages:
        if page.is_dated:
            by_week[page.page.week.start].setdefault(page.key, page)
    rows = []
    for week, pages_of in sorted(by_week.items()):
        if len(pages_of) < 2:
            continue
        ordered = sorted(pages_of.values(), key=lambda page: -len(_lines(page)))
        taken: list[set[str]] = []
        for page in ordered:
            lines = _lines(page)
            is_double = any(len(lines & other) >= _DOUBLE * len(lines) for other in taken)
            taken.append(lines)
            rows.append(
                {
                    "week": week.isoformat(),
                    "page": page.id,
                    "key": page.key,
                    "source": page.page.source.name,
                    "lines": len(lines),
                    "takes": not is_double,
                    "places": [(page.id, 0)],
                }
            )
    return [Doubt(DOUBLES, DOUBLES, "", {"rows": rows})] if rows else []


def _lines(page: ReadPage) -> set[str]:
    return {text for line in page.page.source.lines if (text := line.text.strip())}


def _future(pages: Sequence[ReadPage]) -> list[Doubt]:
    """What goes on, and from when: the start is near the first of the pages, or after it."""
    weeks = [page.page.week.start for page in pages if page.is_dated]
    detail = {"first_week": min(weeks).isoformat()} if weeks else {}
    return [Doubt(FUTURE, FUTURE, "", detail)]


def _unread(pages: Sequence[ReadPage]) -> list[Doubt]:
    """Lines of which nothing was taken, where facts are expected; equal ones once."""
    by_text: dict[str, list[tuple[ReadPage, int]]] = defaultdict(list)
    for page in pages:
        has_unknown_columns = any(not table.is_understood for table in page.page.source.columns)
        for line, text in lines_unread(page.page):
            if has_unknown_columns and text.lstrip().startswith("|"):
                continue  # the rows of a table of which its columns are asked
            by_text[text.strip()[:300]].append((page, line))
    rows = [
        {
            "page": places[0][0].id,
            "line": places[0][1],
            "source": places[0][0].page.source.name,
            "week": places[0][0].page.week.start.isoformat() if places[0][0].is_dated else "",
            "text": text,
            "owner": _owner(places[0][0].page, places[0][1], text),
            "lines": [(page.key, line) for page, line in places],
            "places": [(page.id, line) for page, line in places],
        }
        for text, places in by_text.items()
    ]
    return [Doubt(UNREAD, UNREAD, "", {"rows": rows[:_MOST_LINES]})] if rows else []


def _owner(page: ParsedPage, line: int, text: str) -> str:
    """The project whose report the line stands in; empty where it is nobody's."""
    before = [mention for mention in page.projects if mention.line <= line]
    mention = max(before, key=lambda mention: mention.line, default=None)
    is_own = mention is not None and (mention.line == line or text in mention.text)
    return mention.name if mention is not None and is_own else ""


def lines_unread(page: ParsedPage) -> list[tuple[int, str]]:
    """Those that are no one's, and those of which some figure was left, by their number.

    A label above other lines (支付成功率：) says nothing by itself.
    """
    lines = {**{line.line: line.text for line in page.unread}, **dict(page.unplaced)}
    return sorted((line, text) for line, text in lines.items() if not _LABEL.fullmatch(text))


# ---- metrics and people


def _metrics(plan: ImportPlan, known_facts: KnownFacts, decisions: Decisions) -> list[Doubt]:
    """The team's metrics of one unit that are called alike and never stand on one page."""
    weeks: dict[str, set[date]] = {name: set() for name in known_facts.metrics}
    units = dict(known_facts.metrics)
    for page in plan.pages:
        for reading in page.readings:
            if reading.project is None:
                weeks.setdefault(reading.metric, set()).add(page.week)
                units.setdefault(reading.metric, reading.unit)
    for project, name, week in known_facts.readings:
        if project is None and name in weeks:
            weeks[name].add(week)
    decided = DecidedNames(Decisions(same=decisions.metrics, apart=decisions.metrics_apart))
    pairs = [
        pair
        for pair in alike(sorted(weeks))
        if pair.likeness >= _SURELY_ALIKE
        and units[pair.name] == units[pair.other]
        and not weeks[pair.name] & weeks[pair.other]
        and not {pair.name, pair.other} <= known_facts.metrics.keys()
    ]
    return [_metric_cluster(group, weeks, known_facts) for group in groups_of(pairs, decided)]


def _metric_cluster(
    cluster: list[str], weeks: dict[str, set[date]], known_facts: KnownFacts
) -> Doubt:
    ordered = sorted(
        cluster, key=lambda name: (name not in known_facts.metrics, -len(weeks[name]), name)
    )
    rows = [
        {
            "name": name,
            "pages": len(weeks[name]),
            "first": min(weeks[name]).isoformat() if weeks[name] else "",
            "last": max(weeks[name]).isoformat() if weeks[name] else "",
            "is_known": name in known_facts.metrics,
            "role": "same" if is_surely_one(name, ordered[0]) else "apart",
        }
        for name in ordered
    ]
    names = "\n".join(sorted(cluster))
    return Doubt(
        METRICS, f"{METRICS}:{_hash(names)}", ordered[0], {"main": ordered[0], "names": rows}
    )


def _people(
    pages: Sequence[ReadPage], members: Iterable[tuple[str, str]], decisions: Decisions
) -> list[Doubt]:
    """Who the pages name as owners; a name that is a member's is proposed to be that member."""
    users = {key(name): user for user, name in members}
    counts: dict[str, set[int]] = defaultdict(set)
    for page in pages:
        for mention in page.page.projects:
            for owner in mention.owners:
                counts[owner[:80]].add(page.id)
    rows = [
        {"name": name, "pages": len(pages_of), "user": users.get(key(name), "")}
        for name, pages_of in sorted(counts.items(), key=lambda item: (-len(item[1]), item[0]))
        if name not in decisions.people
    ]
    return [Doubt(PEOPLE, PEOPLE, "", {"rows": rows})] if rows else []


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]
