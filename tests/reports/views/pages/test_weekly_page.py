"""The weekly page on the screen: as it stands, as its latest edition, and all weeks."""

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
from reports.models import Edition, EditionFile, FileKind
from reports.pages import editions, publish
from reports.render import html
from reports.views.pages import weekly_page
from tests.conftest import Personas
from tests.factories import WEEK, make_entry, make_milestone, make_project, make_question
from tests.html import Response, attribute, elements, text, texts

WEEKS = "/t/pay/weeks/"
PAGE = f"{WEEKS}2024-W25/"
DRAFT = f"{PAGE}draft/"
SHEET = "article.sheet"
pytestmark = pytest.mark.usefixtures("now")


def page_of(personas: Personas, address: str = PAGE, name: str = "viewer") -> Response:
    return personas.client(name).get(address)


def change_entry(personas: Personas, words: str) -> None:
    if not personas.project.entries.update(text=words):
        make_entry(personas.project, text=words)
    facts.announce(personas.team, [WEEK])


def publish_with(personas: Personas, words: str) -> Edition:
    change_entry(personas, words)
    return publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))


def sheet_of(edition: Edition) -> str:
    """The edition's document in the layout of today."""
    document, imprint = editions.document_of(edition), editions.imprint_of(edition)
    return html.sheet(document, language="en", imprint=imprint, is_on_screen=True)


# --- before anything is published -----------------------------------------------------------


def test_page_shows_entries_contents_and_news(personas: Personas) -> None:
    make_entry(personas.project, date(2024, 6, 10), percent=40)
    make_entry(personas.project, text="收银台方案评审通过", percent=60)
    make_project(personas.team, "POS")
    page = page_of(personas)
    entry = f"#project-{personas.project.pk}"
    assert text(page, f"{entry} header").endswith("60% ↑20")
    assert texts(page, f"{entry} p") == ["last week 40%", "收银台方案评审通过"]
    assert attribute(page, f"{entry} .gauge rect", "width") == "60%"
    news = texts(page, ".headline .news > div")
    assert "Progress 1 贝易转 60% ↑20" in news
    assert "Not updated 1 POS no update yet" in news
    contents = [link["href"] for link in elements(page, "#page_contents a")]
    assert contents == [f"#{section['id']}" for section in elements(page, f"{SHEET} > section")]


def test_saved_entry_shows_before_the_page_is_compiled_by_a_worker(personas: Personas) -> None:
    page_of(personas)
    data = {"text": "刚刚写的", "health": "on_track", "revision": "0"}
    personas.client("lead").post(f"/t/pay/projects/{personas.project.pk}/checkin/", data)
    assert text(page_of(personas), f"#project-{personas.project.pk} > p") == "刚刚写的"


@pytest.mark.parametrize(
    ("name", "may_publish"), [("manager", True), ("lead", False), ("viewer", False)]
)
def test_only_manager_has_the_link_to_publish(
    personas: Personas, name: str, *, may_publish: bool
) -> None:
    for address in (DRAFT, PAGE):  # the same page, while there is no edition
        page = page_of(personas, address, name)
        assert text(page, ".edition-bar") == "Not published yet"
        assert bool(elements(page, f'a.primary[href="{PAGE}publish/"]')) == may_publish


def test_links_lead_from_week_to_week(personas: Personas) -> None:
    weeks = [date(2024, 5, 27), date(2024, 6, 10)]
    for week in weeks:
        make_entry(personas.project, week)
    facts.announce(personas.team, weeks)
    page = page_of(personas)
    assert attribute(page, "a[rel=prev]", "href") == f"{WEEKS}2024-W24/"
    assert not elements(page, "a[rel=next]")
    oldest = page_of(personas, f"{WEEKS}2024-W22/")
    assert not elements(oldest, "a[rel=prev]")
    assert attribute(oldest, "a[rel=next]", "href") == f"{WEEKS}2024-W24/"  # W23 has no facts
    assert elements(oldest, f'a[href="{PAGE}"]')  # back to this week


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2019-W10", "Nothing is recorded for this week"),
        ("2026-W01", "This week has not begun yet"),
    ],
)
@pytest.mark.parametrize("suffix", ["", "draft/"])
def test_week_without_facts_says_so(
    personas: Personas, label: str, words: str, suffix: str
) -> None:
    page = page_of(personas, f"{WEEKS}{label}/{suffix}", "manager")
    assert page.status_code == 200
    assert words in text(page, "main")
    assert not elements(page, 'a[href*="export."], a[href$="publish/"]')


@pytest.mark.parametrize(
    "label", ["2024-W54", "2024-06-31", "1999-06-17", "2024-w25", "%3Cscript%3E"]
)
def test_malformed_label_is_not_found(personas: Personas, label: str) -> None:
    assert page_of(personas, f"{WEEKS}{label}/").status_code == 404


def test_html_in_an_entry_stays_text(personas: Personas) -> None:
    make_entry(personas.project, text="<script>alert(1)</script><img src=x onerror=alert(2)>")
    page = page_of(personas)
    assert "<script>alert" not in page.text
    assert not elements(page, f"{SHEET} img, {SHEET} script")


def test_number_of_queries_does_not_grow(personas: Personas) -> None:
    client = personas.client("viewer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            project = make_project(personas.team, f"项目{number}", lead=personas.lead)
            make_milestone(project, percent=10, due_on=date(2024, 7, 1))
            make_entry(project, percent=10)
        facts.announce(personas.team, [WEEK])

    fill(0, 2)
    queries()  # the first request makes the page's row
    fill(2, 4)
    compiled, shown = queries(), queries()
    fill(4, 14)
    assert (queries(), queries()) == (compiled, shown)
    assert shown <= 12


# --- published ------------------------------------------------------------------------------


def test_latest_edition_is_shown_as_it_was_published(personas: Personas) -> None:
    edition = publish_with(personas, "联调进行中")
    page = page_of(personas)
    assert sheet_of(edition) in page.text
    assert text(page, ".week-line .chip.ok") == "✓ published · Edition 1 · Jun 19 10:00"
    assert text(page, ".edition-bar").startswith("Published by 林岚")
    second = publish_with(personas, "联调完成")
    assert sheet_of(second) in page_of(personas).text


def test_edition_of_an_older_version_has_the_layout_of_today(personas: Personas) -> None:
    """What an older version rendered and kept is not shown; the document, its hash, is."""
    edition = publish_with(personas, "联调进行中")
    old_sheet = {"kind": FileKind.SHEET, "content": b"<article>old</article>", "sha256": "0" * 64}
    for language in ("en", "zh-hans"):
        EditionFile.objects.create(
            team=personas.team, edition=edition, language=language, **old_sheet
        )
    page = page_of(personas)
    assert "old</article>" not in page.text
    assert sheet_of(edition) in page.text
    assert edition.sha256[:12] in text(page, f"{SHEET} > :last-child")


def test_edition_links_to_the_idle_week_published_with_it(personas: Personas) -> None:
    make_entry(personas.project, text="假期后复工")
    edition = publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    assert "2024-W24" not in text(page_of(personas), ".edition-bar")
    row = {field.attname: getattr(edition, field.attname) for field in Edition._meta.fields}
    row |= {"id": None, "number": 2, "joined": ["2024-06-10"]}
    Edition.objects.create(**row)
    page = page_of(personas)
    together = "Published together with it: 2024-W24 (Jun 10 – Jun 16)"
    assert text(page, ".edition-bar span") == together
    assert attribute(page, ".edition-bar span a", "href") == f"{WEEKS}2024-W24/"
    assert together in text(page, f"{SHEET} > :last-child")  # the imprint


def test_only_manager_is_shown_the_deliveries(personas: Personas) -> None:
    publish_with(personas, "联调进行中")
    line = f"{PAGE}deliveries/?line&edition=1"
    page = page_of(personas, name="manager")
    assert attribute(page, "#page_deliveries", "hx-get") == line
    assert not elements(page_of(personas, name="lead"), '[href*="/deliveries/"], #page_deliveries')


@pytest.mark.parametrize(
    ("name", "is_told", "corrects"),
    [("manager", True, True), ("lead", True, False), ("viewer", False, False)],
)
def test_manager_and_leads_are_told_that_facts_have_changed(
    personas: Personas, name: str, *, is_told: bool, corrects: bool
) -> None:
    publish_with(personas, "联调进行中")
    assert not elements(page_of(personas, name=name), ".page-behind")
    change_entry(personas, "联调完成")
    page = page_of(personas, name=name)
    assert bool(elements(page, ".page-behind")) == is_told
    assert texts(page, ".head a.primary") == (["Correct…"] if corrects else [])
    assert "联调完成" not in text(page, SHEET)


def test_edition_has_no_controls(personas: Personas) -> None:
    make_question(personas.project, personas.manager)
    publish_with(personas, "联调进行中")
    page = page_of(personas, name="manager")
    assert not elements(page, f"{SHEET} form, {SHEET} button, .ask-open, .edit-open")
    assert "为什么没有进展？" in text(page, f"{SHEET} .question")


def test_draft_shows_the_facts_while_others_read_the_edition(personas: Personas) -> None:
    publish_with(personas, "联调进行中")
    change_entry(personas, "联调完成")
    draft, page = page_of(personas, DRAFT, "manager"), page_of(personas, PAGE, "manager")
    entry = f"#project-{personas.project.pk} > p"
    assert (text(draft, entry), text(page, entry)) == ("联调完成", "联调进行中")
    assert text(draft, ".edition-bar").startswith("Differs from Edition 1")
    assert attribute(draft, ".head a.primary", "href") == f"{PAGE}publish/"
    assert elements(draft, 'a[href$="export.md?draft"]')


def test_draft_without_changes_cannot_be_published(personas: Personas) -> None:
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    page = page_of(personas, DRAFT, "manager")
    assert text(page, ".edition-bar").startswith("Nothing has changed since Edition 1")
    assert not elements(page, f'a[href="{PAGE}publish/"].primary')


# --- cached pages ---------------------------------------------------------------------------


@pytest.fixture
def caching() -> Iterator[None]:
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    with override_settings(CACHES={**settings.CACHES, "template_fragments": memory}):
        caches["template_fragments"].clear()
        yield


@pytest.mark.usefixtures("caching")
def test_cached_page_is_that_of_its_reader(
    personas: Personas, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_with(personas, "联调进行中")
    client = personas.client("manager")
    first = client.get(PAGE)
    with django_assert_num_queries(4):  # session, user, membership, edition
        again = client.get(PAGE)
    assert weekly_page.placeholder() not in again.text
    assert again.cookies["csrftoken"].value
    other = page_of(personas)
    assert texts(first, ".head a.primary") == ["Correct…"]
    assert texts(other, ".head a.primary") == []
    assert "高远" in other.text
    assert "高远" not in first.text


@pytest.mark.usefixtures("caching")
def test_nobody_can_write_the_placeholder_of_the_token(personas: Personas) -> None:
    """A link that contained it would carry each reader's token to wherever the link leads."""
    publish_with(personas, "[周报](https://evil.example/?token-of-the-reader)")
    page = page_of(personas, name="manager")
    assert elements(page, 'a[href="https://evil.example/?token-of-the-reader"]')
    assert re.fullmatch("[0-9a-f]{64}", weekly_page.placeholder())
    with override_settings(SECRET_KEY="another"):
        other = weekly_page.placeholder()
    assert other != weekly_page.placeholder()


@pytest.mark.usefixtures("caching")
def test_cached_page_is_replaced_by_new_facts_and_by_the_next_edition(personas: Personas) -> None:
    publish_with(personas, "联调进行中")
    client = personas.client("manager")
    client.get(PAGE)
    change_entry(personas, "联调完成")
    assert texts(client.get(PAGE), ".page-behind")
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    page = client.get(PAGE)
    assert "Edition 2" in text(page, ".week-line .chip.ok")
    assert text(page, f"#project-{personas.project.pk} > p") == "联调完成"


# --- all weeks ------------------------------------------------------------------------------


def test_archive_lists_weeks_by_year_newest_first(personas: Personas) -> None:
    facts.announce(personas.team, [date(2023, 12, 25), date(2024, 1, 1), date(2024, 6, 10)])
    page = page_of(personas, WEEKS)
    assert texts(page, "main section h2") == ["2024", "2023"]
    this_year = texts(page, "#year-2024 ~ ul a")
    assert this_year[:2] == ["2024-W25", "2024-W24"]
    assert this_year[-1] == "2024-W01"
    assert texts(page, "#year-2023 ~ ul a")[0].startswith("2023-W5")


def test_archive_says_what_each_week_brought_by_few_queries(personas: Personas) -> None:
    client = personas.client("viewer")
    make_entry(personas.project, text="联调", percent=60)
    facts.announce(personas.team, [date(2024, 6, 10), WEEK])
    for week in (date(2024, 6, 10), WEEK):
        publish.publish_week(personas.team, week, publish.Publication(by=None))
    with CaptureQueriesContext(connection) as first:
        page = client.get(WEEKS)
    assert texts(page, ".weeks .chip.ok") == ["✓ published · Edition 1"] * 2
    assert texts(page, ".weeks .of") == ["Updated 1 / 1", ""]
    assert texts(page, ".weeks .gist")[0] == "all projects updated"
    with CaptureQueriesContext(connection) as second:
        client.get(WEEKS)
    assert len(second) == len(first) - 1
