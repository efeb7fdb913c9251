"""Own sections change places and leave the page, with and without a script."""

from __future__ import annotations

import pytest

from reports.models import Section
from reports.pages import live
from tests.conftest import Personas
from tests.factories import WEEK, make_page, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE = "/t/pay/weeks/2024-W25/draft/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sections(personas: Personas) -> list[Section]:
    page = make_page(personas.team)
    return [make_section(page, heading=heading, body="话") for heading in ("招聘", "培训")]


def address(section: Section, verb: str) -> str:
    return f"/t/pay/weeks/2024-W25/sections/{section.pk}/{verb}/"


def headings(personas: Personas) -> list[str]:
    document = live.current_document(personas.team, WEEK)
    assert document is not None
    return [section.heading for section in document.sections if section.kind == "custom"]


def test_a_section_moves_up_and_no_further(personas: Personas, sections: list[Section]) -> None:
    client = personas.client("manager")
    for _ in range(2):
        answer = client.post(address(sections[1], "move"), {"way": "up"})
        assert answer["Location"] == f"{PAGE}#sheet"
    assert headings(personas) == ["培训", "招聘"]
    answer = client.post(address(sections[1], "move"), {"way": "down"}, headers=HTMX)
    assert answer["HX-Retarget"] == "#sheet"
    assert headings(personas) == ["招聘", "培训"]


def test_a_section_is_removed_after_it_was_asked(
    personas: Personas, sections: list[Section]
) -> None:
    client = personas.client("manager")
    assert "Remove “招聘” and its text from this page?" in client.get(PAGE).content.decode()
    client.post(address(sections[0], "remove"))
    assert headings(personas) == ["培训"]
    assert client.post(address(sections[0], "remove")).status_code == 404
