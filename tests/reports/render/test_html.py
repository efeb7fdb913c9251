from __future__ import annotations

from typing import Final

from bs4 import BeautifulSoup
from django.conf import settings

from reports.render.html import sheet, standalone
from tests.reports.render.golden import assert_golden
from tests.reports.render.sample import imported_week, kept_week


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def lines(html: str) -> str:
    """Without the blank lines and the indent that templates leave."""
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


def test_native_page_matches_its_golden_file() -> None:
    assert_golden("kept.html", lines(sheet(kept_week(), language="en")))


def test_imported_page_matches_its_golden_file() -> None:
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


def test_markup_in_entries_is_escaped() -> None:
    page = sheet(kept_week(), language="en")
    assert "<b>排队中" not in page
    assert "&lt;b&gt;排队中" in page


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
