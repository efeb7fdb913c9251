"""Files, folders and archives in, pages out; nothing on disk makes reading fail."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.importer.dating.week import NoWeek, week_of_page
from reports.importer.source import SourcePage, Unreadable
from reports.importer.sources.logs import split_log
from reports.importer.sources.paths import read_paths, source_lines
from tests.examples import examples

TODAY = date(2024, 7, 1)
PAGE = "# 2024-W25\n\n- 【收银台】\n    1. 联调完成，进度85%\n"


def read(*paths: Path) -> list[SourcePage | Unreadable]:
    return list(read_paths(paths, numbering="iso", today=TODAY))


def only_page(path: Path) -> SourcePage:
    (page,) = read(path)
    assert isinstance(page, SourcePage), page
    return page


def refused(path: Path) -> Unreadable:
    (page,) = read(path)
    assert isinstance(page, Unreadable), page
    return page


def zipped(files: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


# ---- single files


@pytest.mark.parametrize("suffix", [".md", ".markdown", ".txt", ".TEXT"])
def test_a_text_file_keeps_every_line_with_its_number(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"2024-W25{suffix}"
    path.write_text(PAGE, "utf-8")
    page = only_page(path)
    assert page.name == path.as_posix()
    assert page.part == 0
    assert [(line.number, line.text) for line in page.lines] == list(
        enumerate(PAGE.splitlines(), start=1)
    )


def test_every_kind_of_line_end_ends_a_line() -> None:
    lines = source_lines("甲\r\n乙\r\r丙\u2028丁\f\t戊")
    assert [line.text for line in lines] == ["甲", "乙", "", "丙", "丁", "\t戊"]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE.encode(encoding))
    assert only_page(path).lines == source_lines(PAGE)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.md", b"", "empty"),
        ("page.md", b" \r\n\t", "empty"),
        ("page.md", "\u3000\n".encode(), "no text"),
        ("page.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\r", "not a text"),
        ("page.html", b"<html><body></body></html>", "no text"),
        ("page.docx", b"no zip at all", "damaged"),
        ("page.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "password"),
        ("page.zip", b"PK\x03\x04 cut off", "damaged"),
        ("page.doc", b"x", "not a kind of file"),
        ("page.png", b"x", "not a kind of file"),
        ("page", b"x", "without a suffix"),
        ("index.md", "# 周报库\n\n- [甲](a.md)\n".encode(), "links"),
    ],
)
def test_a_file_without_a_page_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    answer = refused(path)
    assert answer.name == path.as_posix()
    assert reason in answer.reason


def test_a_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "gone.md").reason
    assert refused(Path("x" * 5000 + ".md")).reason


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "page.md"
    path.write_text(PAGE, "utf-8")
    path.chmod(0)
    assert refused(path).reason


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    os.mkfifo(path)
    assert refused(path).reason


def test_a_damaged_byte_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(PAGE.encode() * 5 + b"\xff\n")
    assert refused(path).line == 21


def test_an_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\x00\x01")
    (tmp_path / "b.md").write_text(PAGE, "utf-8")
    first, second = read(tmp_path / "a.md", tmp_path / "b.md")
    assert isinstance(first, Unreadable)
    assert isinstance(second, SourcePage)


# ---- folders


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / "old" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {path.stem}\n\n正文\n", "utf-8")
        return tmp_path / "old"

    return make


def test_a_folder_is_read_in_natural_order(folder: Callable[..., Path]) -> None:
    path = folder("2024/W10.md", "2024/W9.md", "2023/W52.txt", "W1.md")
    names = [page.name.removeprefix(f"{path.as_posix()}/") for page in read(path)]
    assert names == ["2023/W52.txt", "2024/W9.md", "2024/W10.md", "W1.md"]


def test_hidden_files_and_attachments_are_passed_over(folder: Callable[..., Path]) -> None:
    path = folder(
        "W1.md", ".W2.md", ".git/W3.md", "__MACOSX/._W1.md", "~$W4.docx", "chart.png", "list.json"
    )
    assert [Path(page.name).name for page in read(path)] == ["W1.md"]


def test_a_link_that_leads_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(PAGE, encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.md").write_text(PAGE, encoding="utf-8")
    (inside / "same.md").symlink_to(inside / "a.md")
    (inside / "out.md").symlink_to(tmp_path / "secret.md")
    pages = read(inside)
    assert sum(isinstance(page, SourcePage) for page in pages) == 1
    (refused_page,) = [page for page in pages if isinstance(page, Unreadable)]
    assert refused_page.name.endswith("out.md")
    assert "leads out" in refused_page.reason


def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path) -> None:
    archive = tmp_path / "pages.zip"
    archive.write_bytes(zipped({"../evil.md": PAGE, "/etc/evil.md": PAGE, "a.md": PAGE}))
    pages = read(archive)
    assert [page.name for page in pages if isinstance(page, SourcePage)] == [f"{archive}/a.md"]
    refused_names = {page.name for page in pages if isinstance(page, Unreadable)}
    assert refused_names == {f"{archive}/../evil.md", f"{archive}/etc/evil.md"}


def test_a_file_named_twice_is_read_once(folder: Callable[..., Path]) -> None:
    path = folder("W1.md")
    assert len(read(path, path / "W1.md", path)) == 1


def test_a_folder_without_pages_says_so(folder: Callable[..., Path]) -> None:
    assert "no weekly pages" in refused(folder("chart.png")).reason


def test_an_archive_in_a_folder_is_read_too(folder: Callable[..., Path]) -> None:
    path = folder("W1.md")
    (path / "older.zip").write_bytes(zipped({"W2.md": PAGE}))
    assert [page.name for page in read(path)] == [
        f"{path.as_posix()}/W1.md",
        f"{path.as_posix()}/older.zip/W2.md",
    ]


# ---- lines are never lost

_LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)
_WEEK_HEADING = st.sampled_from(
    [
        "# 2024-W25",
        "## 2024-W24",
        "## 6.17-6.21",
        "**2024-W20**",
        "6月3日-6月7日",
        "# 2023",
        "## 5月",
    ]
)


@given(st.lists(st.one_of(_LINE, _WEEK_HEADING), max_size=40), st.sampled_from(["\n", "\r\n"]))
@examples(3)
def test_every_line_comes_back_once_and_in_order(lines: list[str], end: str) -> None:
    text = end.join(["正文", *lines])
    page = SourcePage("log.md", source_lines(text))
    parts = split_log(page, numbering="iso", today=TODAY)
    together = [line for part in parts for line in part.lines]
    assert [line.text for line in together] == text.splitlines()
    assert [line.number for line in together] == list(range(1, len(together) + 1))


@given(st.binary(max_size=2000), st.sampled_from([".md", ".txt", ".html", ".docx", ".zip"]))
def test_no_bytes_make_it_fail(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"random-{os.getpid()}{suffix}"
    path.write_bytes(data)
    for page in read(path):
        if isinstance(page, SourcePage):
            try:
                week_of_page(page, numbering="iso", today=TODAY)
            except NoWeek:
                continue
        else:
            assert page.reason


@st.composite
def _damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """``data`` with a few bytes changed and perhaps its end cut off."""
    copy = bytearray(data)
    for place in draw(st.lists(st.integers(0, len(copy) - 1), max_size=12)):
        copy[place] = draw(st.integers(0, 255))
    return bytes(copy[: draw(st.one_of(st.none(), st.integers(0, len(copy))))])


@given(data=st.data())
def test_no_damage_makes_it_fail(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = zipped({"2024-W25.md": PAGE, "older.zip": zipped({"2024-W24.html": "<p>甲</p>"})})
    path = tmp_path_factory.getbasetemp() / f"damaged-{os.getpid()}.zip"
    path.write_bytes(data.draw(_damaged(whole)))
    assert read(path)


@pytest.mark.parametrize(
    "sign", ["2024-06-17 ", "[](", "#", "**", "第1周", " ", "6.17-", "Created: "]
)
def test_a_line_of_a_megabyte_is_read_in_linear_time(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "page.md"
    path.write_text("# 2024-W25\n" + sign * (2**20 // len(sign)), "utf-8")
    assert week_of_page(only_page(path), numbering="iso", today=TODAY).start == date(2024, 6, 17)
