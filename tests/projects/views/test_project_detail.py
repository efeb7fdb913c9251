from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import ledger
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone

pytestmark = pytest.mark.usefixtures("now")


def address(personas: Personas) -> str:
    return f"/t/pay/projects/{personas.project.pk}/"


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("other_lead", 200), ("manager", 200)],
)
def test_every_member_may_read(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(address(personas)).status_code == status


@pytest.mark.parametrize(
    ("name", "may"), [("lead", True), ("viewer", False), ("other_lead", False)]
)
def test_only_who_may_report_is_offered_to(personas: Personas, name: str, may: bool) -> None:
    page = personas.client(name).get(address(personas)).content.decode()
    assert (f'href="{address(personas)}checkin/"' in page) is may


def test_it_tells_what_was_moved_and_why(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1))
    ledger.move_due_date(
        milestone, date(2024, 7, 31), "day", week=WEEK, reason="专线晚到", by=personas.lead
    )
    make_entry(personas.project, text="本周的话", percent=40)
    page = personas.client("viewer").get(address(personas)).content.decode()
    for words in ("Jul 1", "Jul 31", "30 days later", "专线晚到", "许澄", "本周的话", "40%"):
        assert words in page


def test_a_milestone_shows_its_first_date_and_its_slips(personas: Personas) -> None:
    milestone = make_milestone(personas.project, due_on=date(2024, 7, 1), week=date(2024, 6, 3))
    for due_on in (date(2024, 7, 31), date(2024, 7, 20)):
        ledger.move_due_date(milestone, due_on, "day", week=WEEK)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert '<s>Jul 1</s> <span class="whole">Jul 20</span>' in page
    assert "19 days late · 1 move" in page


def test_words_are_read_as_markdown(personas: Personas) -> None:
    make_entry(personas.project, text="- 一\n- **二**<script>")
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert "<li><strong>二</strong>&lt;script&gt;</li>" in page


def test_an_empty_project_says_so(personas: Personas) -> None:
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert "Nobody has reported on this project yet." in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address(personas))
        return len(captured)

    def fill(weeks: list[date]) -> None:
        for week in weeks:
            make_entry(personas.project, week, author=personas.lead)
            make_milestone(personas.project, f"里程碑 {week}", percent=10, week=week)

    fill([date(2024, 6, 10)])
    few = queries()
    fill([date(2024, 5, 6), date(2024, 5, 13), date(2024, 5, 20), date(2024, 6, 3)])
    assert queries() == few


def test_who_wrote_an_entry_is_said_when_it_was_not_the_lead(personas: Personas) -> None:
    make_entry(personas.project, author=personas.lead)
    page = personas.client("viewer").get(address(personas)).content.decode()
    assert page.count("许澄") == 1  # in the head
    make_entry(personas.project, date(2024, 6, 10), author=personas.manager)
    assert "林岚" in personas.client("viewer").get(address(personas)).content.decode()
