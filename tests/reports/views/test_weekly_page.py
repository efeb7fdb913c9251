from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import facts
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_project

ADDRESS = "/t/pay/weeks/2024-W25/"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, address: str = ADDRESS) -> str:
    return personas.client("viewer").get(address).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("outsider", 404), ("viewer", 200), ("lead", 200), ("manager", 200)],
)
def test_every_member_may_read(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_the_page_with_its_contents_and_its_highlights(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 10), percent=40)
    make_entry(personas.project, text="收银台方案评审通过", percent=60)
    make_project(personas.team, "POS")
    page = page_of(personas)
    for words in (
        "收银台方案评审通过",
        "贝易转 +20",
        "1 project not updated",
        'href="#',
        "Contents",
    ):
        assert words in page


def test_a_save_shows_at_once_whatever_became_of_the_compile(personas: Personas) -> None:
    page_of(personas)
    data = {"text": "刚刚写的", "health": "on_track", "revision": "0"}
    personas.client("lead").post(f"/t/pay/projects/{personas.project.pk}/checkin/", data)
    assert "刚刚写的" in page_of(personas)


def test_from_week_to_week(personas: Personas) -> None:
    weeks = [date(2024, 5, 27), date(2024, 6, 10)]
    for week in weeks:
        make_entry(personas.project, week)
    facts.announce(personas.team, weeks)
    page = page_of(personas)
    assert 'rel="prev" href="/t/pay/weeks/2024-W24/"' in page
    assert 'rel="next"' not in page
    oldest = page_of(personas, "/t/pay/weeks/2024-W22/")
    assert 'rel="prev"' not in oldest
    assert 'rel="next" href="/t/pay/weeks/2024-W24/"' in oldest  # nothing was told of W23
    assert 'href="/t/pay/weeks/2024-W25/"' in oldest  # back to this week


@pytest.mark.parametrize(
    ("label", "words"),
    [("2019-W10", "Nothing is known of this week"), ("2026-W01", "This week has not begun yet")],
)
def test_a_week_of_which_nothing_is_known_is_kindly_empty(
    personas: Personas, label: str, words: str
) -> None:
    response = personas.client("viewer").get(f"/t/pay/weeks/{label}/")
    assert response.status_code == 200
    page = response.content.decode()
    assert words in page
    assert "export." not in page


@pytest.mark.parametrize("label", ["2024-W54", "2024-w25", "2024-06-17", "W25", "%3Cscript%3E"])
def test_what_is_no_label_is_not_there(personas: Personas, label: str) -> None:
    assert personas.client("viewer").get(f"/t/pay/weeks/{label}/").status_code == 404


def test_what_looks_like_html_stays_text(personas: Personas) -> None:
    make_entry(personas.project, text="<script>alert(1)</script><img src=x onerror=alert(2)>")
    page = page_of(personas)
    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_fixed_number_of_queries(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_milestone(project, percent=10, due_on=date(2024, 7, 1))
            make_entry(project, percent=10)
        facts.announce(personas.team, [WEEK])

    fill(0, 2)
    queries()  # the very first time the page's row is made
    fill(2, 4)
    compiled, shown = queries(), queries()
    fill(4, 14)
    assert (queries(), queries()) == (compiled, shown)
    assert shown <= 12
