"""The list of a week's editions, and each under its own address."""

from __future__ import annotations

import pytest

from projects import facts
from reports.models import Edition
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import WEEK, make_entry
from tests.html import Response, elements, text, texts

LIST = "/t/pay/weeks/2024-W25/editions/"
pytestmark = pytest.mark.usefixtures("now")


def shown(personas: Personas, number: object = "") -> Response:
    """The list, or the edition with that number."""
    return personas.client("viewer").get(f"{LIST}{number}/" if number != "" else LIST)


@pytest.fixture
def both(personas: Personas, now: None) -> list[Edition]:
    """An edition, and its correction by the schedule."""
    make_entry(personas.project, text="联调进行中", percent=40)
    first = publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))
    personas.project.entries.update(text="联调完成", percent=60)
    facts.announce(personas.team, [WEEK])
    correction = publish.Publication(by=None, note="数字写错了")
    return [first, publish.publish_week(personas.team, WEEK, correction)]


def test_list_says_when_there_is_no_edition(personas: Personas) -> None:
    assert text(shown(personas), "main section h2") == "Nothing is published yet"


def test_list_shows_publisher_time_hash_and_changes(
    personas: Personas, both: list[Edition]
) -> None:
    second, first = elements(shown(personas), "section.edition")
    assert texts(second, "h2 a") == ["Edition 2"]
    assert texts(first, "h2 a") == ["Edition 1"]
    about = [f"Jun 19 10:00 · by schedule · {both[1].sha256[:12]}", "Correction: 数字写错了"]
    assert texts(second, "p") == about
    assert texts(second, "li") == [
        "贝易转: percent 40% → 60%",
        "贝易转: text “联调进行中” → “联调完成”",
    ]
    assert texts(first, "p") == [f"Jun 19 10:00 · 林岚 · {both[0].sha256[:12]}"]
    assert elements(first, f'code[title="SHA-256 {both[0].sha256}"]')
    assert texts(first, "li") == []


def test_earlier_edition_says_that_a_later_one_replaced_it(
    personas: Personas, both: list[Edition]
) -> None:
    page = shown(personas, 1)
    assert text(page, ".edition-bar").startswith("Edition 2 has taken its place")
    assert elements(page, 'a[href$="export.md?edition=1"]')
    assert "联调进行中" in text(page, "article.sheet")


def test_latest_edition_says_that_it_stands(personas: Personas, both: list[Edition]) -> None:
    page = shown(personas, 2)
    assert text(page, ".edition-bar").startswith("This edition stands")
    assert text(page, f"#project-{personas.project.pk} > p") == "联调完成"
    assert both[1].sha256[:12] in text(page, "article.sheet > :last-child")  # the imprint


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999", "x"])
def test_unknown_number_is_not_found(personas: Personas, number: str) -> None:
    assert shown(personas, number).status_code == 404


def test_edition_is_not_found_before_anything_is_published(personas: Personas) -> None:
    assert shown(personas, 1).status_code == 404
