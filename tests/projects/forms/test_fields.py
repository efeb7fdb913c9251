"""Fields that several forms share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from projects.forms.fields import FigureField, NameField, PercentField, WholeField
from tests.tables import each_row

UNSEEN = ("\u200b", "\ufeff", "\u2060\u200d", "\u00ad", "\u3164")


@each_row("unseen", UNSEEN)
def test_a_name_holds_no_characters_that_nobody_sees(unseen: str) -> None:
    assert NameField().clean(f"{unseen}贝易{unseen}\n转 {unseen}") == "贝易 转"


@each_row("unseen", UNSEEN)
def test_a_name_of_those_alone_is_no_name(unseen: str) -> None:
    with pytest.raises(ValidationError):
        NameField().clean(unseen)
    assert NameField(required=False).clean(unseen) == ""


@each_row(
    ("typed", "percent"),
    [
        ("99。9", "99.9"),
        ("８５", "85"),
        (" 40 % ", "40"),
        ("100", "100"),
        ("０", "0"),
        ("0.00", "0"),
    ],
)
def test_a_percent_is_read_however_it_is_typed(typed: str, percent: str) -> None:
    assert PercentField().clean(typed) == Decimal(percent)


@each_row("typed", ["101", "-1", "+5", "99.996", "1,5", "九十", "NaN", "1" * 5_000])
def test_a_wrong_percent_is_told_what_is_expected(typed: str) -> None:
    with (
        translation.override("en"),
        pytest.raises(ValidationError, match="from 0 to 100, with at most two decimals"),
    ):
        PercentField().clean(typed)


@each_row("empty", ["", "  ", "\u200b", None])
def test_an_empty_percent_is_none(empty: str | None) -> None:
    assert PercentField().clean(empty) is None


def test_a_number_may_stand_with_the_unit_of_its_field() -> None:
    assert FigureField(unit="万元").clean("1，204.5万") == Decimal("1204.5")


@each_row("typed", ["0", "100", "1.5", "一"])
def test_a_wrong_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        WholeField(min_value=1, max_value=99).clean(typed)


@each_row("field", [PercentField(), FigureField(), WholeField(min_value=1, max_value=9)])
def test_a_field_for_a_number_is_a_text_field_that_the_wheel_leaves_alone(field: Any) -> None:
    html = field.widget.render("percent", "5")
    assert 'type="text"' in html
    assert "inputmode=" in html
