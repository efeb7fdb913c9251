from __future__ import annotations

import pytest

from projects import facts
from reports.models import Edition, FileKind
from reports.pages import editions, publish
from tests.conftest import Personas
from tests.factories import WEEK, make_entry

ADDRESS = "/t/pay/weeks/2024-W25/editions/{}/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def both(personas: Personas, now: None) -> list[Edition]:
    make_entry(personas.project, text="联调进行中")
    first = publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))
    personas.project.entries.update(text="联调完成")
    facts.announce(personas.team, [WEEK])
    return [first, publish.publish_week(personas.team, WEEK, publish.Publication(by=None))]


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 200)]
)
@pytest.mark.usefixtures("both")
def test_every_member_may_read_it(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS.format(1)).status_code == status


def test_an_earlier_one_says_that_another_took_its_place(
    personas: Personas, both: list[Edition]
) -> None:
    page = personas.client("viewer").get(ADDRESS.format(1)).content.decode()
    assert "Edition 2 has taken its place" in page
    assert "export.md?edition=1" in page
    assert editions.file_of(both[0], FileKind.SHEET, "en").decode() in page


def test_the_one_that_stands(personas: Personas, both: list[Edition]) -> None:
    page = personas.client("viewer").get(ADDRESS.format(2)).content.decode()
    assert "This edition stands" in page
    assert "联调完成" in page
    assert both[1].sha256[:12] in page


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999", "x"])
def test_what_there_is_not(personas: Personas, number: str) -> None:
    assert personas.client("viewer").get(ADDRESS.format(number)).status_code == 404


def test_before_anything_is_published(personas: Personas) -> None:
    assert personas.client("viewer").get(ADDRESS.format(1)).status_code == 404
