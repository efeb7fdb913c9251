"""Notion exports: sub-pages, pages that only list, archives within archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.source import SourcePage, Unreadable
from reports.importer.sources.paths import read_paths

TODAY = date(2024, 7, 1)
ID = "0123456789abcdef0123456789abcdef"

LIBRARY = f"周报库 {ID}.md"
WEEK = f"周报库/2024-W25 {ID}.md"
REVIEW = f"周报库/2024-W25 {ID}/收银台复盘 {ID}.md"
APPENDIX = f"周报库/2024-W25 {ID}/收银台复盘 {ID}/时间线 {ID}.md"
EXPORT = {
    LIBRARY: f"# 周报库\n\nCreated: 2024年1月2日 10:00\n\n[2024-W25]({quote(WEEK)})\n"
    f"[全部]({quote('周报库')}/all.csv)\n",
    "周报库/all.csv": "Name,Created\n2024-W25,2024\n",
    "周报库/chart.png": "x",
    WEEK: f"# 2024-W25\n\nCreated: 2024年6月21日 10:00\n\n"
    f"- 【收银台】进度85%，[收银台复盘](2024-W25%20{ID}/{quote('收银台复盘')}%20{ID}.md)",
    REVIEW: "# 收银台复盘 2024-06-18\n\nCreated: 2024年6月22日 10:00\n\n# 原因\n\n- 连接池耗尽\n"
    "\n```\n# 不是标题\n```\n",
    APPENDIX: "12:03 告警\n",
    "周报库/2024-W24.md": "# 2024-W24\n\n- 【收银台】进度70%\n",
}

Store = Callable[[Mapping[str, str]], Path]


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


@pytest.fixture(params=["folder", "archive", "archive within an archive"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    def as_folder(files: Mapping[str, str]) -> Path:
        for name, content in files.items():
            path = tmp_path / "export" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        return tmp_path / "export"

    def as_archive(files: Mapping[str, str]) -> Path:
        path = tmp_path / "export.zip"
        path.write_bytes(zipped(files))
        return path

    def as_nested_archive(files: Mapping[str, str]) -> Path:
        path = tmp_path / "export.zip"
        path.write_bytes(zipped({"Part-1.zip": zipped(files)}))
        return path

    return {"folder": as_folder, "archive": as_archive}.get(request.param, as_nested_archive)


def pages(path: Path) -> list[SourcePage]:
    read = list(read_paths([path], numbering="iso", today=TODAY))
    assert not [page for page in read if isinstance(page, Unreadable)]
    return [page for page in read if isinstance(page, SourcePage)]


def test_each_week_is_a_page_and_lists_of_links_are_left_out(store: Store) -> None:
    read = pages(store(EXPORT))
    weeks = [week_of_page(page, numbering="iso", today=TODAY).start for page in read]
    assert weeks == [date(2024, 6, 10), date(2024, 6, 17)]
    assert read[1].name.endswith(WEEK)


def test_a_sub_page_is_appended_to_its_page(store: Store) -> None:
    page = pages(store(EXPORT))[1]
    texts = [line.text for line in page.lines]
    assert [line.number for line in page.lines] == list(range(1, len(texts) + 1))
    assert texts[5:] == [
        "",
        "## 收银台复盘 2024-06-18",
        "",
        "",
        "Created: 2024年6月22日 10:00",
        "",
        "### 原因",
        "",
        "- 连接池耗尽",
        "",
        "```",
        "# 不是标题",
        "```",
        "",
        "## 时间线",
        "",
        "12:03 告警",
    ]


def test_a_linked_sub_page_in_another_folder_is_appended(store: Store) -> None:
    files = {
        "2024-W25.md": "# 2024-W25\n\n- 见 [复盘](assets/复盘.md#top)\n",
        "assets/复盘.md": "# 复盘\n\n- 连接池耗尽\n",
    }
    (page,) = pages(store(files))
    assert page.lines[-1].text == "- 连接池耗尽"


def test_a_linked_week_stays_a_page_of_its_own(store: Store) -> None:
    files = {
        "2024-W25.md": "# 2024-W25\n\n- 上周见 [2024-W24](2024-W25/2024-W24.md)\n",
        "2024-W25/2024-W24.md": "# 2024-W24\n\n- 甲\n",
    }
    assert len(pages(store(files))) == 2


def test_pages_beside_each_other_stay_apart_whatever_links_them(store: Store) -> None:
    files = {
        "2024-W25.md": "# 2024-W25\n\n- [纪要](纪要.md)\n",
        "纪要.md": "# 纪要\n\n- 甲\n",
    }
    first, second = pages(store(files))
    assert [line.text for line in first.lines] == ["# 2024-W25", "", "- [纪要](纪要.md)"]
    with pytest.raises(NoWeek):
        week_of_page(second, numbering="iso", today=TODAY)


def test_a_page_of_links_under_a_week_is_that_week(store: Store) -> None:
    files = {
        "2024-W25.md": "# 2024-W25\n\n[收银台](2024-W25/a.md)\n",
        "2024-W25/a.md": "# 收银台\n\n进度85%\n",
    }
    (page,) = pages(store(files))
    assert page.lines[-1].text == "进度85%"


def test_text_without_a_heading_is_not_a_list_of_links(store: Store) -> None:
    files = {"2024-W25.md": "# 2024-W25\n\n甲\n", "b.txt": "本周全组参加培训\n"}
    assert len(pages(store(files))) == 2
