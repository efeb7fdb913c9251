"""The table of sections: it is complete, and it speaks of what documents have."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

from reports.models import Section
from reports.weekly.document import Block
from reports.weekly.sections import FACT_TYPES, SECTIONS, STORED, WRITABLE, FactType, Kind
from tests.tables import each_row


def test_every_kind_has_one_row() -> None:
    assert [section.kind for section in SECTIONS] == list(Kind)


def test_rows_of_sections_can_have_the_stored_kinds() -> None:
    choices: Any = Section._meta.get_field("kind").choices
    assert [value for value, _name in choices] == [section.kind for section in STORED]
    assert set(Kind) - {section.kind for section in STORED} == {Kind.LAST_PLAN, Kind.SILENT}


def test_a_manager_can_begin_what_is_printed_without_being_filled() -> None:
    assert WRITABLE == {
        "other": Kind.OTHER,
        "reflection": Kind.REFLECTION,
        "plan": Kind.PLAN,
    }


@each_row("fact_type", FACT_TYPES)
def test_names_of_fields_are_those_of_the_document(fact_type: FactType) -> None:
    held = get_type_hints(Block)[fact_type.holder]
    (of_fact,) = (
        candidate
        for candidate in (*get_args(held), held)
        if hasattr(candidate, "__dataclass_fields__")
    )
    field_names = {field.name for field in fields(of_fact)}
    named = {fact_type.key, *fact_type.names, *fact_type.fields, fact_type.entered_by or "text"}
    assert named - {"text"} <= field_names
    assert not fact_type.has_rows or "id" in field_names


def test_every_field_of_a_block_but_its_words_and_entry_is_in_the_table() -> None:
    others = {"text", "entry", "section_id", "repeat_of"}
    held = {field.name for field in fields(Block)} - others
    assert held == {fact_type.holder for fact_type in FACT_TYPES}
