"""A text with structure of its own stays one text when its page is exported and read again."""

from __future__ import annotations

import pytest

from reports.pages import live
from reports.render.markdown import markdown
from tests.factories import WEEK, make_entry, make_project, make_team
from tests.reports.importer.pages import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize(
    "text",
    [
        "联调中\n# 一个标题\n正文",
        "联调中\n  ## 小标题\n甲",
        "# 一个标题\n正文",
        "联调中\n【对账平台】另一件事",
        "联调中\n1. 甲\n2. 乙",
        "联调中\n- 甲\n- 乙",
        "联调中\n| a | b |\n|---|---|\n| 1 | 2 |",
        "联调中\n```\nx = 1\n# y\n```",
    ],
)
def test_a_text_stays_one_text(text: str) -> None:
    team = make_team()
    make_entry(make_project(team, "贝易转"), text=text, percent=85)
    make_entry(make_project(team, "农行存管"), text="后一个", percent=10)
    document = live.current_document(team, WEEK)
    assert document is not None
    projects = parsed(markdown(document), WEEK).projects
    assert [project.name for project in projects] == ["贝易转", "农行存管"]
    lines = projects[0].text.split("\n")
    assert "\n".join(line for line in lines if not line.startswith(">")) == text
