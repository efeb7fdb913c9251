"""Columns that a person named: how they are written, found again, remembered and traced."""

from __future__ import annotations

import pytest

from projects.models import AuditRecord
from reports.importer.column_mapping import (
    ColumnMapping,
    ColumnMappings,
    NotAMappingError,
    mappings_of,
)
from reports.importer.columns import ColumnRole
from reports.importer.database.columns import load_columns, remember_columns
from reports.importer.decisions import Decisions, as_json, from_json
from reports.models import RememberedColumns
from tests.factories import make_team, make_user
from tests.reports.importer.books import workbook
from tests.tables import each_row

HEADINGS = ("干啥", "谁", "搞定比例")
ROLES = {"干啥": ColumnRole.NAME, "搞定比例": ColumnRole.PROGRESS}
MAPPING = ColumnMapping(HEADINGS, ROLES)
BOOK = workbook(("Sheet1", [HEADINGS, ["短信网关", "张伟", 0.65]]))


def test_a_mapping_is_found_by_its_headings_folded_in_any_order() -> None:
    mappings = ColumnMappings((MAPPING,))
    assert mappings.named(["搞定 比例：", "**谁**", "干啥"]) == (
        *("搞定 比例：（进度）", "**谁**"),
        "干啥（项目）",
    )
    assert mappings.named(["干啥", "谁"]) is None
    assert mappings.named(["干啥", "谁", "搞定比例", "又一列"]) is None


def test_a_column_that_is_known_by_another_role_gets_the_word_of_the_new_one() -> None:
    mapping = ColumnMapping(("状态", "事"), {"状态": ColumnRole.PROGRESS})
    assert ColumnMappings((mapping,)).named(["状态", "事"]) == ("进度", "事")


def test_the_later_mapping_of_the_same_headings_counts() -> None:
    later = ColumnMapping(HEADINGS[::-1], {"谁": ColumnRole.NAME})
    named = ColumnMappings((MAPPING,)).and_then([later]).named(HEADINGS)
    assert named == ("干啥", "谁（项目）", "搞定比例")


def test_plain_values_of_a_file() -> None:
    roles = {"干啥": "name", "搞定比例": "progress"}
    assert mappings_of([{"headings": list(HEADINGS), "roles": roles}]) == (MAPPING,)
    (short,) = mappings_of(roles)
    assert short.key == ("干啥", "搞定比例")


@each_row(
    "value",
    [
        None,
        5,
        "name",
        [5],
        [{}],
        [{"roles": {}}],
        [{"roles": {"干啥": "boss"}}],
        [{"roles": {"干啥": None}}],
        [{"headings": ["谁"], "roles": {"干啥": "name"}}],
        [{"headings": [5], "roles": {"干啥": "name"}}],
        [{"headings": "干啥", "roles": {"干啥": "name"}}],
    ],
)
def test_what_is_no_mapping_is_refused(value: object) -> None:
    with pytest.raises(NotAMappingError):
        mappings_of(value)


def test_decisions_carry_mappings() -> None:
    decisions = Decisions(columns=(MAPPING,))
    assert from_json(as_json(decisions)) == decisions
    assert decisions.remembered().columns == (MAPPING,)
    assert decisions.and_then(decisions) == decisions


@pytest.mark.django_db
def test_columns_are_remembered_with_a_trace() -> None:
    team, other, user = make_team(slug="a"), make_team(slug="b"), make_user()
    (row,) = remember_columns(team, [MAPPING], by=user)
    assert load_columns(team).mappings == (MAPPING,)
    assert not load_columns(other)
    assert remember_columns(team, [MAPPING], by=user) == []
    changed = ColumnMapping(HEADINGS[::-1], {**ROLES, "谁": ColumnRole.OWNER})
    assert [changed_row.pk for changed_row in remember_columns(team, [changed], by=user)] == [
        row.pk
    ]
    assert RememberedColumns.objects.count() == 1
    first, second = AuditRecord.objects.filter(team=team).order_by("pk")
    assert (first.action, first.by, first.before) == ("columns.name", user, {})
    assert second.before == {"干啥": "name", "搞定比例": "progress"}
    assert second.after == {**second.before, "谁": "owner"}


@pytest.mark.django_db
def test_rows_that_make_no_sense_any_more_count_as_none() -> None:
    team = make_team()
    RememberedColumns.objects.create(team=team, key="x", headings=["甲"], roles={"甲": "gone"})
    assert not load_columns(team)
