"""Word documents to Markdown: headings of any name, lists, tables, boxes, tracked changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from reports.importer.formats import read_document
from reports.importer.formats.problems import CannotReadError
from reports.importer.formats.word import docx_to_markdown
from tests.tables import each_row

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def blank() -> WordDocument:
    """An empty document without the styles of tables, which take most of the time to read."""
    document = docx.Document()
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE:
            style.delete()
    return document


def saved(document: WordDocument) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def markdown(document: WordDocument) -> str:
    return docx_to_markdown(saved(document)).text.strip()


def changed(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The document with its parts changed, and further parts added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(f"word/{name.replace('_', '.')}", content)
    return written.getvalue()


@each_row(
    ("style", "line"),
    [
        ("Title", "# 周报"),
        ("Heading 1", "# 周报"),
        ("Heading 3", "### 周报"),
        ("标题 1", "# 周报"),
        ("标题2", "## 周报"),
        ("標題 2", "## 周报"),
        ("Normal", "周报"),
    ],
)
def test_headings_by_the_name_of_their_style(style: str, line: str) -> None:
    document = blank()
    if style not in [word_style.name for word_style in document.styles]:
        document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("周报", style=style)
    assert markdown(document) == line


def test_headings_by_the_style_they_are_based_on() -> None:
    document = blank()
    style = document.styles.add_style("组长's 大标题", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("O1 业务", style=style)
    assert markdown(document) == "## O1 业务"


def test_lists_with_levels() -> None:
    document = blank()
    for style, text in (
        ("List Bullet", "甲"),
        ("List Bullet 2", "乙"),
        ("List Bullet 3", "丙"),
        ("List Bullet", "丁"),
        ("List Number", "一"),
        ("List Number", "二"),
    ):
        document.add_paragraph(text, style=style)
    assert markdown(document).split("\n") == [
        *("- 甲", "  - 乙", "    - 丙", "- 丁", "", "1. 一", "2. 二")
    ]


def test_bold_and_line_breaks() -> None:
    document = blank()
    paragraph = document.add_paragraph()
    paragraph.add_run("收银").bold = True
    paragraph.add_run("台").bold = True
    paragraph.add_run("：联调").add_break()
    paragraph.add_run("进度85%")
    assert markdown(document) == "**收银台**：联调\n进度85%"


def test_a_table_with_merged_cells() -> None:
    document = blank()
    table = document.add_table(3, 3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "进度"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
    table.cell(2, 0).text = "收银台\n存管"
    table.cell(2, 1).text = "85%"
    assert markdown(document).splitlines() == [
        "| 项目 | 进度 |  |",
        "| --- | --- | --- |",
        "|  |  |  |",
        "| 收银台<br>存管 | 85% |  |",
    ]


def test_tracked_changes_count_as_accepted() -> None:
    document = blank()
    paragraph = document.add_paragraph("进度")
    for tag, inner in (("del", "<w:delText>70%</w:delText>"), ("ins", "<w:t>85%</w:t>")):
        xml = f'<w:{tag} xmlns:w="{_W}" w:id="1" w:author="a"><w:r>{inner}</w:r></w:{tag}>'
        paragraph._p.append(parse_xml(xml))
    assert markdown(document) == "进度85%"


def test_content_controls_keep_their_text_and_state() -> None:
    document = blank()
    word14 = "http://schemas.microsoft.com/office/word/2010/wordml"
    xml = (
        f'<w:sdt xmlns:w="{_W}" xmlns:w14="{word14}"><w:sdtPr><w14:checkbox>'
        '<w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>"
    )
    paragraph = document.add_paragraph()
    paragraph._p.append(parse_xml(xml))
    paragraph.add_run(" 提测")
    assert " ".join(markdown(document).split()) == "[x] 提测"


@each_row("has_fallback", [True, False])
def test_text_boxes_are_read_once(has_fallback: bool) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    shape = (
        f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{box}</v:textbox></v:shape>'
    )
    fallback = f"<mc:Fallback><w:pict>{shape}</w:pict></mc:Fallback>" if has_fallback else ""
    xml = (
        f'<w:r xmlns:w="{_W}" xmlns:mc="{_MC}" xmlns:wps="{_WPS}"><mc:AlternateContent>'
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"{fallback}</mc:AlternateContent></w:r>"
    )
    document = blank()
    document.add_paragraph("之前")._p.append(parse_xml(xml))
    document.add_paragraph("之后")
    assert markdown(document).split("\n\n") == ["之前", "框内", "之后"]


@each_row("suffix", ["html", "mht"])
def test_a_page_embedded_by_a_web_tool(suffix: str) -> None:
    page = "<html><body><h1>2024-W25</h1><p>进度85%</p></body></html>".encode()
    if suffix == "mht":
        page = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    xml = f'<w:altChunk xmlns:w="{_W}"/>'.encode()

    def change(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"<w:sectPr", xml + b"<w:sectPr", 1) if "document" in name else content
        )

    data = changed(saved(blank()), change, **{f"afchunk_{suffix}": page})
    assert docx_to_markdown(data).text.strip() == "# 2024-W25\n\n进度85%"


def test_the_date_of_the_document() -> None:
    document = blank()
    document.core_properties.modified = datetime(2024, 6, 21, 18, tzinfo=UTC)
    document.add_paragraph("甲")
    assert docx_to_markdown(saved(document)).modified == date(2024, 6, 21)


def test_pictures_leave_no_data_behind() -> None:
    gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00"
    gif += b"\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    document = blank()
    document.add_paragraph("甲")
    document.add_picture(io.BytesIO(gif))
    assert markdown(document) == "甲"


@each_row(
    "data",
    [b"PK\x03\x04", b"not a zip", saved(blank())[:-200]],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(CannotReadError, match="damaged"):
        docx_to_markdown(data)


def test_an_archive_without_a_document_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(CannotReadError, match="Word"):
        read_document(".docx", written.getvalue())


def test_an_empty_document() -> None:
    with pytest.raises(CannotReadError, match="no text"):
        read_document(".docx", saved(blank()))


def test_a_damaged_body() -> None:
    def change(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name == "word/document.xml" else content

    with pytest.raises(CannotReadError, match="damaged"):
        docx_to_markdown(changed(saved(blank()), change))
