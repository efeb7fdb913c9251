"""Archives: names in any encoding, and limits that no bomb gets past."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from reports.importer.formats import archive
from reports.importer.formats.archive import Member, open_archive
from reports.importer.formats.problems import CannotReadError
from tests.tables import each_row

PAGE = "# 2024-W25\n\n- 【收银台】进度85%\n"


def zipped(*files: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files:
            opened.writestr(name, content)
    return written.getvalue()


def members(data: bytes) -> list[Member]:
    return list(open_archive(Member("export.zip", lambda _: data)))


def refusal(data: bytes) -> str:
    with pytest.raises(CannotReadError) as caught:
        members(data)
    return str(caught.value)


def test_documents_and_archives_are_listed_with_their_date() -> None:
    info = zipfile.ZipInfo("2024/W25.md", (2024, 6, 21, 18, 0, 0))
    inner = zipped(("a.md", PAGE))
    listed = members(zipped((info, PAGE), ("b.ZIP", inner), ("c.png", b"x"), ("d/", b"")))
    assert [(member.path, member.suffix) for member in listed] == [
        ("2024/W25.md", ".md"),
        ("b.ZIP", ".zip"),
    ]
    assert listed[0].modified == date(2024, 6, 21)
    assert listed[0].read(1000) == PAGE.encode()


def test_an_archive_without_dates_gives_none() -> None:
    info = zipfile.ZipInfo("W25.md")  # 1980-01-01
    assert members(zipped((info, PAGE)))[0].modified is None


@each_row(
    ("name", "encoding"),
    [
        ("支付平台周报/第二十五周.md", "gbk"),
        ("支付平台周报/第二十五周.md", "utf-8"),
        ("支付平臺週報/第二十五週.md", "big5"),
    ],
)
def test_names_without_the_mark_for_utf8(name: str, encoding: str) -> None:
    stand_in = "n" * (len(name.encode(encoding)) - 3) + ".md"
    data = zipped((stand_in, PAGE)).replace(stand_in.encode(), name.encode(encoding))
    assert members(data)[0].path == name


def test_names_with_backslashes() -> None:
    data = zipped(("2024/W25.md", PAGE)).replace(b"2024/W25.md", b"2024\\W25.md")
    assert members(data)[0].path == "2024/W25.md"


def test_a_password() -> None:
    data = bytearray(zipped(("a.md", PAGE)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert "password" in refusal(bytes(data))


def test_a_damaged_file_is_refused() -> None:
    data = zipped(("a.md", PAGE))
    assert "damaged" in refusal(data[:-30])
    broken = data.replace(data[40:50], bytes(10))
    with pytest.raises(CannotReadError, match="damaged"):
        members(broken)[0].read(1000)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert "unpacks" in refusal(zipped(("a.md", b"0" * (2 * 2**20))))


def test_too_many_bytes_in_all_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 1000)
    assert "unpacks" in refusal(zipped(*((f"{n}.md", b"x" * 300) for n in range(4))))
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 10)
    assert "larger" in refusal(zipped(("a.md", PAGE)))


def test_archives_nested_too_deep() -> None:
    data = zipped(("a.md", PAGE))
    for _ in range(5):
        data = zipped(("inner.zip", data))
    member = Member("export.zip", lambda _: data)
    for _ in range(3):
        (member,) = open_archive(member)
    with pytest.raises(CannotReadError, match="nested"):
        list(open_archive(member))


def test_reading_stops_at_the_limit() -> None:
    assert len(members(zipped(("a.md", PAGE)))[0].read(5)) == 6


def test_a_file_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(PAGE, "utf-8")
    member = Member.of(path)
    assert (member.path, member.suffix, member.modified) == ("a.md", ".md", None)
    assert member.read(5) == PAGE.encode()[:6]
    path.unlink()
    with pytest.raises(CannotReadError):
        member.read(5)
