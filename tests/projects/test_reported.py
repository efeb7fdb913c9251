from __future__ import annotations

from decimal import Decimal

from projects.checkin.recording import CheckIn
from projects.forms.checkin.form import CheckInForm
from projects.models import StatusEntry
from projects.reported import FURTHER_TEXTS, REPORTED
from tests.tables import each_row


@each_row("name", REPORTED)
def test_every_reported_field_is_a_column_of_the_entry(name: str) -> None:
    assert name in {column.attname for column in StatusEntry._meta.concrete_fields}


@each_row("name", REPORTED)
def test_every_reported_field_is_asked_in_the_check_in(name: str) -> None:
    assert name.removesuffix("_id") in CheckInForm.base_fields


def test_reported_leaves_out_the_percent_that_the_milestones_add_up_to() -> None:
    entry = StatusEntry(
        text="联调", health="on_track", percent=Decimal(40), weighted_percent=Decimal(40)
    )
    assert CheckIn(**entry.reported()) == CheckIn(text="联调", health="on_track")
    entry.percent = Decimal(50)
    assert CheckIn(**entry.reported()) == CheckIn(
        text="联调", health="on_track", percent=Decimal(50)
    )


def test_further_texts_are_reported() -> None:
    assert set(FURTHER_TEXTS) <= set(REPORTED) - {"text"}
