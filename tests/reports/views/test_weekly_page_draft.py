from __future__ import annotations

import pytest

from projects import facts
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import WEEK, make_entry

PAGE = "/t/pay/weeks/2024-W25/"
ADDRESS = f"{PAGE}draft/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 200)]
)
def test_every_member_may_read_it(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


@pytest.mark.parametrize(("name", "may"), [("manager", True), ("lead", False), ("viewer", False)])
def test_before_anything_is_published(personas: Personas, name: str, *, may: bool) -> None:
    for address in (ADDRESS, PAGE):  # the same page, while there is no edition
        page = personas.client(name).get(address).content.decode()
        assert "Not published yet" in page
        assert (f'href="{PAGE}publish/"' in page) == may


def test_it_is_the_page_as_it_stands_while_others_read_the_edition(personas: Personas) -> None:
    make_entry(personas.project, text="联调进行中")
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    personas.project.entries.update(text="联调完成")
    facts.announce(personas.team, [WEEK])
    client = personas.client("manager")
    draft, page = (client.get(address).content.decode() for address in (ADDRESS, PAGE))
    assert "联调完成" in draft
    assert "Not what Edition 1 says any more" in draft
    assert f'<a class="button primary" href="{PAGE}publish/">' in draft
    assert "export.md?draft" in draft
    assert "联调完成" not in page
    assert "联调进行中" in page


def test_nothing_has_changed(personas: Personas) -> None:
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None))
    page = personas.client("manager").get(ADDRESS).content.decode()
    assert "Nothing has changed since Edition 1" in page
    assert "Publish…" not in page


def test_a_week_without_a_page(personas: Personas) -> None:
    page = personas.client("manager").get("/t/pay/weeks/2019-W10/draft/").content.decode()
    assert "Nothing is known of this week" in page
    assert "publish/" not in page
