from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from pytest_django import DjangoAssertNumQueries

from projects import facts
from reports.models import Edition, FileKind
from reports.pages import editions, publish
from reports.views import page_cache
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_project, make_question

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


def test_an_edition_leads_to_the_idle_week_that_was_published_with_it(personas: Personas) -> None:
    make_entry(personas.project, text="假期后复工")
    edition = publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    assert "2024-W24</a>" not in page_of(personas).partition("edition-bar")[2]
    row = {field.attname: getattr(edition, field.attname) for field in Edition._meta.fields}
    row |= {"id": None, "number": 2, "joined": ["2024-06-10"]}
    Edition.objects.create(**row)
    bar = page_of(personas).partition("edition-bar")[2]
    assert '<a href="/t/pay/weeks/2024-W24/">2024-W24</a> (Jun 10 – Jun 16)' in bar
    assert "Published together with it: 2024-W24 (Jun 10 – Jun 16)" in bar  # in the imprint


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


# --- published ------------------------------------------------------------------------------


def publish_with(personas: Personas, text: str) -> Edition:
    if not personas.project.entries.update(text=text):
        make_entry(personas.project, text=text)
    facts.announce(personas.team, [WEEK])
    return publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))


def test_only_its_manager_is_told_how_it_was_delivered(personas: Personas) -> None:
    publish_with(personas, "联调进行中")
    line = 'hx-get="/t/pay/weeks/2024-W25/deliveries/?line&amp;edition=1"'
    assert line in personas.client("manager").get(ADDRESS).text
    assert "/deliveries/" not in personas.client("lead").get(ADDRESS).text


def test_the_latest_edition_is_shown_byte_by_byte(personas: Personas) -> None:
    edition = publish_with(personas, "联调进行中")
    page = personas.client("viewer").get(ADDRESS).content.decode()
    assert editions.file_of(edition, FileKind.SHEET, "en").decode() in page
    assert "published · Edition 1 · Jun 19 10:00" in page
    assert "Published by 林岚" in page
    second = publish_with(personas, "联调完成")
    page = personas.client("viewer").get(ADDRESS).content.decode()
    assert editions.file_of(second, FileKind.SHEET, "en").decode() in page


@pytest.mark.parametrize(
    ("name", "told", "corrects"),
    [("manager", True, True), ("lead", True, False), ("viewer", False, False)],
)
def test_who_can_do_something_learns_that_facts_have_changed(
    personas: Personas, name: str, *, told: bool, corrects: bool
) -> None:
    publish_with(personas, "联调进行中")
    said = "Facts have changed since: see the draft"
    page = personas.client(name).get(ADDRESS).content.decode()
    assert said not in page
    personas.project.entries.update(text="联调完成")
    facts.announce(personas.team, [WEEK])
    page = personas.client(name).get(ADDRESS).content.decode()
    assert (said in page) == told
    assert ("Correct…" in page) == corrects
    assert "联调完成" not in page


def test_no_reader_has_a_control_in_the_edition(personas: Personas) -> None:
    make_question(personas.project, personas.manager)
    publish_with(personas, "联调进行中")
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "ask-open" not in page
    assert "为什么没有进展？" in page


@pytest.fixture
def kept() -> Iterator[None]:
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    with override_settings(CACHES={**settings.CACHES, "template_fragments": memory}):
        caches["template_fragments"].clear()
        yield


@pytest.mark.usefixtures("kept")
def test_a_page_that_is_kept_is_its_readers(
    personas: Personas, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_with(personas, "联调进行中")
    manager, viewer = personas.client("manager"), personas.client("viewer")
    first = manager.get(ADDRESS).content.decode()
    with django_assert_num_queries(4):  # session, user, membership, edition
        again = manager.get(ADDRESS)
    assert page_cache.placeholder() not in again.content.decode()
    assert again.cookies["csrftoken"].value
    other = viewer.get(ADDRESS).content.decode()
    assert ("林岚" in other, "Correct…" in first, "Correct…" in other) == (True, True, False)
    assert "高远" in other
    assert "高远" not in first


@pytest.mark.usefixtures("kept")
def test_nobody_can_write_what_the_token_takes_the_place_of(personas: Personas) -> None:
    """Else it would stand in that writer's link, to be sent to wherever the link leads."""
    publish_with(personas, "[周报](https://evil.example/?token-of-the-reader)")
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert 'href="https://evil.example/?token-of-the-reader"' in page
    assert re.fullmatch("[0-9a-f]{64}", page_cache.placeholder())
    with override_settings(SECRET_KEY="another"):
        other = page_cache.placeholder()
    assert other != page_cache.placeholder()


@pytest.mark.usefixtures("kept")
def test_what_is_kept_gives_way_to_the_next_edition_and_to_new_facts(personas: Personas) -> None:
    publish_with(personas, "联调进行中")
    client = personas.client("manager")
    client.get(ADDRESS)
    personas.project.entries.update(text="联调完成")
    facts.announce(personas.team, [WEEK])
    assert "Facts have changed since" in client.get(ADDRESS).content.decode()
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    page = client.get(ADDRESS).content.decode()
    assert "Edition 2" in page
    assert "联调完成" in page
