from __future__ import annotations

from typing import Final

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from reports.render.html import sheet, standalone, words
from tests.reports.render.golden import assert_golden
from tests.reports.render.sample import imported_week, kept_week


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def lines(html: str) -> str:
    """Without the blank lines and the indent that templates leave."""
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


def test_a_page_that_is_kept_here() -> None:
    assert_golden("kept.html", lines(sheet(kept_week(), language="en")))


def test_an_imported_page() -> None:
    assert_golden("imported.html", lines(sheet(imported_week(), language="en")))


def test_sections_and_projects_can_be_linked_to() -> None:
    page = soup(sheet(kept_week(), language="en"))
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(set(ids)) == len(ids)
    assert [tag["id"] for tag in page.find_all("section")][:3] == ["focus", "o1", "o2"]
    assert page.find(id="project-2")


def test_a_slip_shows_the_first_date_struck_out() -> None:
    pos = soup(sheet(kept_week(), language="zh-hans")).find(id="project-2")
    assert pos is not None
    assert [tag.text for tag in pos.find_all("s")] == ["6月30日"]
    assert "8月15日" in pos.text


def test_a_silent_project_says_so_instead_of_a_text() -> None:
    silent = soup(sheet(kept_week(), language="zh-hans")).select_one("#project-4 .stale")
    assert silent is not None
    assert silent.text == "本周未更新。最近一次 6月7日：刷历史数据"


def test_no_markup_of_people_gets_through() -> None:
    page = sheet(kept_week(), language="en")
    assert "<b>排队中" not in page
    assert "&lt;b&gt;排队中" in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一行\n又一行", "<p>一行<br>\n又一行</p>"),
        ("~~旧~~", "<p><s>旧</s></p>"),
        ("    缩进一句", "<p>缩进一句</p>"),
        ("# 标题", "<h4>标题</h4>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[点](javascript:alert(1))", "<p>[点](javascript:alert(1))</p>"),
        ("![图](https://example.com/a.png)", "<p></p>"),
        (
            '<p onclick="x()" style="color:red">好</p>',
            '<p>&lt;p onclick="x()" style="color:red"&gt;好&lt;/p&gt;</p>',
        ),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>'),
    ],
)
def test_words(text: str, html: str) -> None:
    assert words(text) == html


def test_words_may_hold_a_table() -> None:
    table = soup(words("| 项 | 值 |\n|:--|--:|\n| a | 1 |"))
    assert [cell.text for cell in table.find_all("td")] == ["a", "1"]
    assert not table.find(style=True)


def test_words_may_hold_a_link_that_gives_nothing_away() -> None:
    link = soup(words("[记录](https://wiki.example.com/618)")).a
    assert link is not None
    assert (link["href"], link["rel"]) == (
        "https://wiki.example.com/618",
        ["noopener", "noreferrer"],
    )


def test_the_sheet_needs_neither_script_nor_inline_style() -> None:
    page = soup(sheet(kept_week(), language="en"))
    assert not page.find_all(["script", "style", "img", "iframe"])
    assert not [
        tag for tag in page.find_all() for name in tag.attrs if name.startswith(("on", "style"))
    ]


_STYLED: Final = settings.BASE_DIR / "static" / "css" / "components.css"


def test_the_file_is_a_whole_page_with_its_styles_inside() -> None:
    file = standalone(kept_week(), language="zh-hans").decode()
    page = soup(file)
    assert page.html is not None
    assert page.html["lang"] == "zh-hans"
    assert page.title is not None
    assert page.title.text == "周报 2024-W25 · 支付产研"
    assert not page.find_all(["link", "script", "img"])
    assert page.style is not None
    assert _STYLED.read_text(encoding="utf-8") in page.style.text
    assert page.select_one("main > article.sheet")
