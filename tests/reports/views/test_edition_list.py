from __future__ import annotations

import pytest

from projects import facts
from reports.pages import publish
from tests.conftest import Personas
from tests.factories import WEEK, make_entry

ADDRESS = "/t/pay/weeks/2024-W25/editions/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("name", "status"), [("anonymous", 302), ("outsider", 404), ("viewer", 200)]
)
def test_every_member_may_look(personas: Personas, name: str, status: int) -> None:
    assert personas.client(name).get(ADDRESS).status_code == status


def test_before_there_is_one(personas: Personas) -> None:
    page = personas.client("viewer").get(ADDRESS).content.decode()
    assert "This page has not been published yet." in page


def test_each_says_when_by_whom_and_what_it_changed(personas: Personas) -> None:
    make_entry(personas.project, text="联调进行中", percent=40)
    first = publish.publish_week(personas.team, WEEK, publish.Publication(by=personas.manager))
    personas.project.entries.update(text="联调完成", percent=60)
    facts.announce(personas.team, [WEEK])
    publish.publish_week(personas.team, WEEK, publish.Publication(by=None, note="数字写错了"))
    page = personas.client("viewer").get(ADDRESS).content.decode()
    second = page.index("Edition 2")
    assert second < page.index("Edition 1</a>")
    for said in (
        "Correction: 数字写错了",
        "贝易转: percent 40% → 60%",
        "“联调进行中” → “联调完成”",
        "by schedule",
        f'Jun 19 10:00 · 林岚 · <code title="SHA-256 {first.sha256}">{first.sha256[:12]}',
    ):
        assert said in page
