"""Word documents to Markdown, by way of the HTML that mammoth makes of them.

Tracked changes count as accepted. Text boxes that mammoth does not see and documents that only
embed an HTML page are brought in first. What stays out: page headers and footers, comments, and
the numbers that Word itself puts before numbered headings.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Final

import mammoth
from lxml import etree

from reports.importer.formats import Document
from reports.importer.formats.limits import LARGEST_UNPACKED
from reports.importer.formats.markup import html_to_markdown, markdown_of
from reports.importer.formats.problems import CannotReadError, Problem

_BODY: Final = "word/document.xml"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MODIFIED: Final = "{http://purl.org/dc/terms/}modified"
_HEADING_NAME: Final = re.compile(r"(?:heading|标题|標題)\s*(?P<level>[1-9])", re.IGNORECASE)
_TITLES: Final = frozenset({"title", "标题", "標題"})
_LISTS: Final = "\n".join(
    f"p[style-name='{name} {level}'] => {'ul|ol > li > ' * (level - 1)}{kind} > li:fresh"
    for name, kind in (
        ("List Bullet", "ul"),
        ("List Number", "ol"),
        ("列表项目符号", "ul"),
        ("列表编号", "ol"),
    )
    for level in (2, 3)
)


def docx_to_markdown(data: bytes) -> Document:
    """The Markdown of a .docx file and the date it bears. Raises ``CannotReadError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return _read(data, parts)
    except CannotReadError:
        raise
    except Exception as error:  # whatever a damaged file makes the libraries raise
        raise CannotReadError(Problem.NO_WORD) from error


def _read(data: bytes, parts: zipfile.ZipFile) -> Document:
    if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
        raise CannotReadError(Problem.UNPACKED_LARGE, LARGEST_UNPACKED // 2**20)
    body = parts.read(_BODY)
    if b"txbxContent" in body and (changed := _with_text_boxes(body)):
        data = _replaced(parts, changed)
    result = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=f"{_style_map(parts)}\n{_LISTS}",
        convert_image=mammoth.images.img_element(lambda _: {"src": ""}),
    )
    text = markdown_of(result.value)
    if b"altChunk" in body:
        text = "\n".join([text, *_embedded_pages(parts)])
    return Document(text, _modified(parts))


def _parse(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _style_map(parts: zipfile.ZipFile) -> str:
    """mammoth's rules for the document's own heading styles, whatever they are called."""
    if "word/styles.xml" not in parts.namelist():
        return ""
    styles = {
        style.get(f"{_W}styleId", ""): style
        for style in _parse(parts.read("word/styles.xml")).iter(f"{_W}style")
        if style.get(f"{_W}type") == "paragraph"
    }
    rules = []
    for identifier, style in styles.items():
        level = _heading_level(identifier, styles)
        name = _value(style, "name").replace("\\", "\\\\").replace("'", "\\'")
        if level and name:
            rules.append(f"p[style-name='{name}'] => h{min(level, 6)}:fresh")
    return "\n".join(rules)


def _heading_level(identifier: str, styles: dict[str, etree._Element]) -> int:
    """1 to 9 by the style's name, its outline level, or the style it is based on; 0 for text."""
    followed: set[str] = set()
    while identifier in styles and identifier not in followed:
        followed.add(identifier)
        style = styles[identifier]
        name = _value(style, "name").strip()
        if name.lower() in _TITLES:
            return 1
        if match := _HEADING_NAME.fullmatch(name):
            return int(match["level"])
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None:
            level = int(outline.get(f"{_W}val") or "9") + 1
            return level if level <= 9 else 0
        identifier = _value(style, "basedOn")
    return 0


def _value(element: etree._Element, child: str) -> str:
    value = element.find(f"{_W}{child}")
    return "" if value is None else value.get(f"{_W}val") or ""


def _with_text_boxes(body: bytes) -> bytes | None:
    """The body with the text of boxes put after their paragraph, where mammoth would lose it.

    Word writes each box twice, the second time in an old form that mammoth reads; other
    programs leave that out.
    """
    root = _parse(body)
    moved = False
    for box in list(root.iter(f"{_W}txbxContent")):
        choices = list(box.iterancestors(f"{_MC}AlternateContent"))
        if not choices or any(choice.find(f"{_MC}Fallback") is not None for choice in choices):
            continue
        paragraphs = list(box.iterancestors(f"{_W}p"))
        for child in reversed(list(box)):
            paragraphs[-1].addnext(child)
            moved = True
    return etree.tostring(root, encoding="UTF-8") if moved else None


def _replaced(parts: zipfile.ZipFile, body: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as copy:
        for name in parts.namelist():
            copy.writestr(name, body if name == _BODY else parts.read(name))
    return written.getvalue()


def _embedded_pages(parts: zipfile.ZipFile) -> Iterator[str]:
    """The pages of a document that some web tools make: nothing but HTML in a Word wrapper."""
    for name in parts.namelist():
        suffix = name.rpartition(".")[2].lower()
        if suffix in {"html", "htm", "xhtml"}:
            yield html_to_markdown(parts.read(name))
        elif suffix in {"mht", "mhtml"}:
            message = email.message_from_bytes(parts.read(name), policy=email.policy.default)
            if (page := message.get_body(("html",))) is not None:
                yield markdown_of(str(page.get_content()))


def _modified(parts: zipfile.ZipFile) -> date | None:
    """The day of the last change that the document's properties give."""
    if "docProps/core.xml" not in parts.namelist():
        return None
    modified = _parse(parts.read("docProps/core.xml")).find(_MODIFIED)
    try:
        return date.fromisoformat((modified.text or "")[:10]) if modified is not None else None
    except ValueError:
        return None
