"""What an edition changes against the one before it. Pure.

Both pages show the same thing where its name is the same: a project's row, a metric's name, a
section's kind and objective. Fields derived from others (the change of a percent, a history) count
as changed only where nothing else of the thing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any, Final

import msgspec

from projects.reported import FURTHER_TEXTS
from reports.weekly.comparison import with_objectives_of
from reports.weekly.content import is_same_name, printed_number, say_the_same
from reports.weekly.document import (
    Entry,
    Finding,
    PageSection,
    WeeklyDocument,
)
from reports.weekly.sections import FACT_TYPES, FactType, Kind


class ChangedPart(StrEnum):
    """What has changed on the page, other than facts of a ``FactType``."""

    PAGE = "page"
    SECTION = "section"
    ENTRY = "entry"
    FINDING = "finding"
    KEY_RESULT = "key_result"


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, as facts; the words are the renderers'.

    ``old`` and ``new`` are values of ``field`` as the document has them: a number as digits, a date
    as ``2024-07-31 day`` (with its precision), a state by its code, a text as it was written; empty
    for none. ``field`` is ``details`` for what has no words.
    """

    part: str  # a ChangedPart, or FactType.part
    what: ChangeKind
    anchor: str = ""  # on the new page, or on the old one where it was removed: o1, project-5
    name: str = ""  # of the project, metric, severity; the beginning of a planned item or incident
    field: str = ""
    old: str = ""
    new: str = ""
    unit: str = ""  # of a metric's values
    section: PageSection | None = None  # of a change of a section: its heading alone
    finding: Finding | None = None  # as it is now; as it was where it was removed


@dataclass(frozen=True, slots=True)
class JoinedWeek:
    """A week without a working day that was published together with the edition's own."""

    week: date  # its Monday
    label: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """An edition's number, when and by whom it was published, and what it corrects."""

    number: int
    published_at: datetime  # aware, by the team's clock
    publisher: str  # empty: the schedule
    sha256: str  # of the document's canonical JSON
    note: str = ""  # why it was corrected
    changes: tuple[Change, ...] = ()  # against the edition before it, in page order
    previous: int = 0  # that edition's number; 0 for none
    joined: tuple[JoinedWeek, ...] = ()  # in order
    follows_mail: bool = False  # whether an earlier edition was mailed

    @property
    def short_hash(self) -> str:
        return self.sha256[:12]  # enough to compare two editions by eye


def changes_between(old: WeeklyDocument, new: WeeklyDocument) -> tuple[Change, ...]:
    """What ``new`` changes, in page order; none if and only if both say the same to a reader.

    Questions and answers are told beside other changes, and make none alone (``say_the_same``).
    """
    if say_the_same(old, new):
        return ()
    changes = tuple(_page(old, with_objectives_of(old, new)))
    return changes or (Change(ChangedPart.PAGE, ChangeKind.CHANGED, field="details"),)


def dump(changes: Iterable[Change]) -> list[Any]:
    """As plain JSON values, for ``Edition.changes``."""
    built: list[Any] = msgspec.to_builtins(tuple(changes))
    return built


def load(data: Sequence[Any]) -> tuple[Change, ...]:
    """What ``dump`` wrote."""
    return msgspec.convert(data, tuple[Change, ...], strict=False)


# --- the page and its sections --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Places:
    """The entries of both pages, each with the key of the section it stands in."""

    old: dict[int, tuple[Any, Entry]]
    new: dict[int, tuple[Any, Entry]]


def _page(old: WeeklyDocument, new: WeeklyDocument) -> Iterator[Change]:
    about = Change(ChangedPart.PAGE, ChangeKind.CHANGED)
    yield from _fields(about, old, new, ("title", "label", "team_name"))
    yield from _findings(
        [finding for finding in old.findings if finding.project_id is None],
        [finding for finding in new.findings if finding.project_id is None],
        Change(ChangedPart.FINDING, ChangeKind.CHANGED),
    )
    before, after = _keyed(old.sections, _section_key), _keyed(new.sections, _section_key)
    places = _Places(_places(before), _places(after))
    for key in _in_page_order(before, after):
        yield from _section(before.get(key), after.get(key), key, places)


def _section_key(section: PageSection) -> object:
    """Identifies a section on both pages: by its objective or its own heading."""
    named = section.heading if section.kind in (Kind.CUSTOM, Kind.FOCUS) else ""
    return section.kind, section.objective_id or section.code, named


def _places(sections: dict[Any, PageSection]) -> dict[int, tuple[Any, Entry]]:
    return {
        block.entry.project_id: (key, block.entry)
        for key, section in sections.items()
        for block in section.blocks
        if block.entry
    }


def _section(
    old: PageSection | None, new: PageSection | None, key: object, places: _Places
) -> Iterator[Change]:
    shown = new or old
    assert shown is not None  # noqa: S101  one of the pages has it
    heading = replace(shown, key_results=(), blocks=(), finished=())
    about = Change(ChangedPart.SECTION, ChangeKind.CHANGED, shown.anchor, section=heading)
    if old is None or new is None:
        if not shown.blocks or any(not block.entry for block in shown.blocks):
            yield replace(about, what=ChangeKind.REMOVED if new is None else ChangeKind.ADDED)
        yield from _entries(old, new, key, places)
        return
    changes = [
        *_fields(about, old, new, ("heading", "code", "name")),
        *_texts(about, old, new),
        *_key_results(old, new),
        *_entries(old, new, key, places),
        *_facts(old, new),
    ]
    yield from changes
    if not changes and not say_the_same(_rest(old), _rest(new)):
        yield replace(about, field="details")


def _rest(section: PageSection) -> object:
    """The section without its entries, which are compared wherever they stand."""
    return replace(section, blocks=tuple(block for block in section.blocks if not block.entry))


def _texts(about: Change, old: PageSection, new: PageSection) -> Iterator[Change]:
    was, now = _words(old), _words(new)
    if was != now:
        yield replace(about, field="text", old=was, new=now)


def _words(section: PageSection) -> str:
    return "\n\n".join(block.text for block in section.blocks if block.text)


# --- entries --------------------------------------------------------------------------------

_OF_ENTRY: Final = (
    *("is_updated", "name", "health", "stage", "percent", "due_on", "text", *FURTHER_TEXTS),
    *("lead", "is_focus", "drop_reason", "last_percent", "closed_on", "close_reason"),
)


def _entries(
    old: PageSection | None, new: PageSection | None, key: object, places: _Places
) -> Iterator[Change]:
    """The entries that stand in the section now, and those that stood there and are gone."""
    before = _keyed(_entries_of(old), lambda entry: entry.project_id)
    after = _keyed(_entries_of(new), lambda entry: entry.project_id)
    for number in _in_page_order(before, after):
        entry = after.get(number) or before[number]
        about = Change(
            ChangedPart.ENTRY, ChangeKind.CHANGED, f"project-{entry.project_id}", entry.project
        )
        if number in after:
            if entry.project_id not in places.old:
                yield replace(about, what=ChangeKind.ADDED)
                continue
            place, was = places.old[entry.project_id]
            if place != key:
                yield replace(about, field="place")
            yield from _entry(about, was, entry)
        elif entry.project_id not in places.new:
            yield replace(about, what=ChangeKind.REMOVED)


def _entries_of(section: PageSection | None) -> list[Entry]:
    return [block.entry for block in section.blocks if block.entry] if section else []


def _entry(about: Change, old: Entry, new: Entry) -> Iterator[Change]:
    changes = [
        *_fields(about, old, new, _OF_ENTRY),
        *_milestones(about, old, new),
        *_questions(about, old, new),
        *_findings(old.findings, new.findings, replace(about, part=ChangedPart.FINDING)),
    ]
    yield from changes
    if not changes and not say_the_same(old, new):
        yield replace(about, field="details")


def _milestones(about: Change, old: Entry, new: Entry) -> Iterator[Change]:
    """Changes of milestones that neither the project's percent nor its due date shows."""
    is_told = old.percent != new.percent or _field_value(old, "due_on") != _field_value(
        new, "due_on"
    )
    if not is_told and (old.milestones, old.moves) != (new.milestones, new.moves):
        yield replace(about, field="milestones")


def _questions(about: Change, old: Entry, new: Entry) -> Iterator[Change]:
    answers = {(question.text, question.asked_at): question.answer for question in old.answers}
    answered = {(question.text, question.asked_at): question.answer for question in new.answers}
    for key, answer in answered.items():
        if answers.get(key) != answer:
            yield replace(about, field="answer", old=answers.get(key, ""), new=answer)
    asked = {(question.text, question.asked_at) for question in old.questions}
    open_now = {(question.text, question.asked_at) for question in new.questions}
    for text, _ in sorted(open_now - asked):
        yield replace(about, field="question", new=text)
    for key in sorted(asked - open_now - set(answered)):
        yield replace(about, field="question", old=key[0])


def _findings(old: Sequence[Finding], new: Sequence[Finding], about: Change) -> Iterator[Change]:
    before, after = (
        _keyed(old, lambda finding: finding.key),
        _keyed(new, lambda finding: finding.key),
    )
    for key in _in_page_order(before, after):
        was, now = before.get(key), after.get(key)
        if was is None:
            yield replace(about, what=ChangeKind.ADDED, finding=now)
        elif now is None:
            yield replace(about, what=ChangeKind.REMOVED, finding=was)
        elif was.verdict != now.verdict:
            yield replace(about, field="verdict", finding=now)


# --- key results and facts ------------------------------------------------------------------


def _key_results(old: PageSection, new: PageSection) -> Iterator[Change]:
    about = Change(ChangedPart.KEY_RESULT, ChangeKind.CHANGED, new.anchor)
    yield from _things(
        about,
        (old.key_results, new.key_results),
        key=attrgetter("metric"),
        name=attrgetter("metric"),
        fields=("value", "target", "baseline", "unit"),
    )


def _facts(old: PageSection, new: PageSection) -> Iterator[Change]:
    for fact_type in FACT_TYPES:
        both = _facts_of(old, fact_type), _facts_of(new, fact_type)
        # The rows of an edition from before they were kept are not known.
        has_rows = fact_type.has_rows and all(fact.id for facts in both for fact in facts)
        yield from _things(
            Change(fact_type.part, ChangeKind.CHANGED, new.anchor),
            both,
            key=attrgetter("id" if has_rows else fact_type.key),
            name=partial(_name_of, fact_type),
            fields=fact_type.fields,
        )


def _facts_of(section: PageSection, fact_type: FactType) -> list[Any]:
    held = (getattr(block, fact_type.holder) for block in section.blocks)
    return [fact for facts in held if facts for fact in _each(facts)]


def _each(facts: Any) -> tuple[Any, ...]:
    return facts if isinstance(facts, tuple) else (facts,)


def _name_of(fact_type: FactType, fact: object) -> str:
    named = (getattr(fact, name) for name in fact_type.names)
    return next(filter(None, named), "")


def _things[T](
    about: Change,
    of_both: tuple[Sequence[T], Sequence[T]],
    *,
    key: Callable[[T], object],
    name: Callable[[T], str],
    fields: Iterable[str],
) -> Iterator[Change]:
    """Things of one kind: which of them are new, gone, or say something else."""
    before, after = (_keyed(things, key) for things in of_both)
    for thing_key in _in_page_order(before, after):
        was, now = before.get(thing_key), after.get(thing_key)
        shown = now or was
        assert shown is not None  # noqa: S101  one of the pages has it
        named = replace(about, name=name(shown), unit=getattr(shown, "unit", ""))
        value = _value(getattr(shown, "value", None), "value")
        if was is None:
            yield replace(named, what=ChangeKind.ADDED, field="value", new=value)
        elif now is None:
            yield replace(named, what=ChangeKind.REMOVED, field="value", old=value)
        else:
            yield from _fields(named, was, now, fields)


# --- things and their fields ----------------------------------------------------------------


def _keyed[T](things: Iterable[T], key: Callable[[T], object]) -> dict[Any, T]:
    """The things by (key, number); the number tells apart things of the same key."""
    keyed: dict[Any, T] = {}
    for thing in things:
        number, base = 0, key(thing)
        while (base, number) in keyed:
            number += 1
        keyed[base, number] = thing
    return keyed


def _in_page_order(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    """The keys in the order of the new page; a removed one follows its predecessor."""
    order = list(after)
    place = 0
    for key in before:
        if key not in order:
            order.insert(place, key)
        place = order.index(key) + 1
    return order


def _fields(about: Change, old: object, new: object, names: Iterable[str]) -> Iterator[Change]:
    for name in names:
        was, now = _field_value(old, name), _field_value(new, name)
        if was != now and not is_same_name(name, was, now):
            yield replace(about, field=name, old=was, new=now)


def _field_value(thing: object, name: str) -> str:
    value = _value(getattr(thing, name), name)
    if value and name == "due_on":
        return f"{value} {_value(getattr(thing, 'due_precision', 'day'))}"
    return value


def _value(value: object, field: str = "") -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case Decimal():
            return printed_number(value, field)
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
