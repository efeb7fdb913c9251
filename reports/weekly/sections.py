"""The sections of a weekly page in one table: what each is called, where it stands, what it holds.

Every module that treats kinds of sections differently reads it here: the layout, the changes of an
edition, the headings, the admin, and what a manager can write. Texts are English; whoever prints
them translates them. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a section is. The values are stored: in rows of ``Section`` and in documents."""

    PREAMBLE = "preamble"
    FOCUS = "focus"
    OBJECTIVE = "objective"
    WORK = "work"
    METRICS = "metrics"
    INCIDENTS = "incidents"
    OTHER = "other"
    CUSTOM = "custom"
    DAILY = "daily"
    REFLECTION = "reflection"
    LAST_PLAN = "last_plan"  # what was planned for this week, with its outcome
    PLAN = "plan"
    SILENT = "silent"  # at the end of an imported page: projects it does not speak of


@dataclass(frozen=True, slots=True)
class FactType:
    """Facts of one type: the field of ``Block`` that holds them, and how two pages are compared.

    Names of fields are those of the type's dataclass in ``reports.weekly.document``.
    """

    holder: str  # the field of Block
    part: str  # what a ``Change`` of one is of
    key: str  # the field that says whether two pages speak of the same fact
    names: tuple[str, ...]  # fields: the first that is filled names the fact
    fields: Mapping[str, str]  # those of which a change is told, each with what it is called
    label: str = ""  # stands before the name in a change
    has_rows: bool = False  # ``id`` is the key where both pages know it
    entered_by: str = ""  # the field that is filled where the fact was entered in the page's week
    # Printed as a list of sentences (``reports.render.wording.listed``), alike in every format.
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class SectionType:
    """One kind of section."""

    kind: Kind
    heading: str = ""  # printed above it where the page does not write another
    stored_as: str = ""  # what ``Section`` calls the kind; empty where it has no rows of it
    written_in: str = ""  # the field in which a manager begins to write it
    is_bracketed: bool = False  # the old pages set its heading in 【】
    is_optional: bool = False  # printed only where somebody filled it
    holds_projects: bool = False
    facts: tuple[FactType, ...] = field(default=())


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


_PLANNED: Final = {"text": _("text"), "outcome": _("outcome"), "outcome_note": _("note")}

#: In the order of a page that is kept here.
SECTIONS: Final = (
    SectionType(Kind.PREAMBLE, stored_as=_("before the first heading"), is_optional=True),
    SectionType(
        Kind.FOCUS,
        heading=_("Focus projects"),
        stored_as=_("focus projects"),
        is_optional=True,
        holds_projects=True,
    ),
    SectionType(Kind.OBJECTIVE, stored_as=_("objective"), is_bracketed=True, holds_projects=True),
    SectionType(
        Kind.WORK,
        heading=_("Work without an objective"),
        stored_as=_("work without an objective"),
        is_optional=True,
        holds_projects=True,
    ),
    SectionType(
        Kind.METRICS,
        heading=_("System metrics"),
        stored_as=_("system metrics"),
        is_bracketed=True,
        facts=(
            FactType(
                "metrics",
                part="metric",
                key="metric",
                names=("metric",),
                fields={
                    "value": _("value"),
                    "last_value": _("last week's value"),
                    "target": _("target"),
                    "unit": _("unit"),
                    "note": _("note"),
                    "text": _("text"),
                },
                entered_by="value",
            ),
            FactType(
                "incident_counts",
                part="incident_count",
                key="severity",
                names=("severity",),
                fields={"count": _("count"), "text": _("text")},
                is_listed=True,
            ),
        ),
    ),
    SectionType(
        Kind.INCIDENTS,
        heading=_("Production incidents"),
        stored_as=_("production incidents"),
        is_bracketed=True,
        facts=(
            FactType(
                "incident",
                part="incident",
                key="occurred_at",
                names=("description", "text"),
                label=_("Incident"),
                fields={
                    "occurred_at": _("occurred at"),
                    "detected_by": _("detected by"),
                    "severity": _("severity"),
                    "description": _("description"),
                    "cause": _("cause"),
                    "resolution": _("resolution"),
                    "recovered_at": _("recovered at"),
                    "link": _("link"),
                    "text": _("text"),
                },
            ),
        ),
    ),
    SectionType(
        Kind.OTHER,
        heading=_("Other matters"),
        stored_as=_("other"),
        written_in="other",
        is_bracketed=True,
    ),
    SectionType(Kind.CUSTOM, stored_as=_("own section")),
    SectionType(Kind.DAILY, heading=_("Daily notes"), stored_as=_("daily notes"), is_optional=True),
    SectionType(
        Kind.REFLECTION,
        heading=_("Lessons and reflections"),
        stored_as=_("reflection"),
        written_in="reflection",
    ),
    SectionType(
        Kind.LAST_PLAN,
        heading=_("Last week's plan"),
        facts=(
            FactType(
                "last_plan",
                part="last_plan",
                key="text",
                names=("text",),
                label=_("Last week's plan"),
                fields=_PLANNED,
                has_rows=True,
                entered_by="outcome",
            ),
        ),
    ),
    SectionType(
        Kind.PLAN,
        heading=_("Next week's work and goals"),
        stored_as=_("next week's plan"),
        written_in="plan",
        facts=(
            FactType(
                "plan",
                part="plan",
                key="text",
                names=("text",),
                label=_("Next week's plan"),
                fields={"text": _("text")},
                has_rows=True,
            ),
        ),
    ),
    SectionType(Kind.SILENT, heading=_("Not on this page"), is_optional=True),
)

BY_KIND: Final[Mapping[Kind, SectionType]] = {section.kind: section for section in SECTIONS}
FACT_TYPES: Final = tuple(facts for section in SECTIONS for facts in section.facts)
#: The kinds that rows of ``Section`` can have.
STORED: Final = tuple(section for section in SECTIONS if section.stored_as)
#: The kinds that a manager can begin to write, by the field in which they do.
WRITABLE: Final = {section.written_in: section.kind for section in SECTIONS if section.written_in}
