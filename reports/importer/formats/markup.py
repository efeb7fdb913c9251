"""HTML to Markdown: headings, nested lists, tables, check boxes and links stay what they are."""

# ruff: noqa: ARG002 - markdownify calls all of its converters with the same arguments
from __future__ import annotations

import re
from typing import Final

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from reports.importer.dating.headings import title_labels
from reports.importer.formats.encoding import decode
from reports.importer.formats.plain_html import INDENT, depth, simplify

_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{2,20})""")
_CHARSET_WITHIN: Final = 4096  # bytes; browsers look no further than 1024
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*>")
_DEEPEST: Final = 250  # elements within each other; a mail of fifty replies reaches 200
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
_TRAILING: Final = re.compile(r"[ \t]+$", re.MULTILINE)


def html_to_markdown(data: bytes) -> str:
    """The Markdown of an HTML file. Raises ``NotTextError`` where its bytes are no text."""
    named = _CHARSET.search(data[:_CHARSET_WITHIN])
    return markdown_of(decode(data, declared=named[1].decode("ascii") if named else None))


def markdown_of(html: str) -> str:
    """The Markdown of HTML text; a week's label that only the window title bears comes first."""
    # The comment keeps Beautiful Soup from warning that a short text looks like a file name.
    soup = BeautifulSoup(f"<!---->{_DECLARATION.sub('', html, count=1)}", "lxml")
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    if depth(soup) > _DEEPEST:
        text = soup.get_text("\n")  # no structure that anybody meant, but all its text
    else:
        simplify(soup)
        text = _Converter().convert_soup(soup)
    text = _BLANK_LINES.sub("\n\n", _TRAILING.sub("", text.replace(INDENT, "    "))).strip("\n")
    if title_labels(title) and title not in text:
        text = f"# {title}\n\n{text}"
    return f"{text}\n"


class _Converter(MarkdownConverter):
    """markdownify without escapes, with line breaks kept, also within the cells of a table."""

    def __init__(self) -> None:
        super().__init__(
            heading_style=ATX,
            bullets="-",
            autolinks=False,
            escape_asterisks=False,
            escape_underscores=False,
        )

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n{text}" if _is_cell(parent_tags) or "_inline" not in parent_tags else f" {text}"

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if _is_cell(parent_tags):
            return f"\n{text.strip()}\n"
        return _block(text, parent_tags)

    convert_div = convert_p
    convert_article = convert_p
    convert_section = convert_p

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Bold type is closed at each line break, so that no mark stays open."""
        return "\n".join(_wrapped(line, "**") for line in text.split("\n"))

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n".join(_wrapped(line, "*") for line in text.split("\n"))

    convert_i = convert_em

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = text.strip()
        if not text:
            return "\n"
        number = el.get("value") if el.parent is not None and el.parent.name == "ol" else None
        mark = f"{number}. " if number else "- "
        return mark + text.replace("\n", "\n" + " " * len(mark)) + "\n"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "").strip().replace(" ", "%20")
        words = " ".join(text.split())
        if not href or not words or "_noformat" in parent_tags:
            return text
        lead = text[: len(text) - len(text.lstrip(" "))]
        tail = text[len(text.rstrip(" ")) :]
        return f"{lead}[{words}]({href}){tail}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        alt, source = str(el.get("alt") or "").strip(), str(el.get("src") or "")
        if "_inline" in parent_tags or source.startswith("data:") or not source:
            return alt
        return f"![{alt}]({source})"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Code gets its fence; plain text that a mail or a browser wrapped in ``pre`` does not."""
        if el.find("code") is None and not _is_cell(parent_tags):
            return "\n\n" + text.strip("\n") + "\n\n"
        return f"\n\n```\n{text.strip('\n')}\n```\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        lines = (line.strip() for line in text.split("\n"))
        return f" {'<br>'.join(filter(None, lines)).replace('|', '\\|')} |"

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"|{text}\n" if text else ""

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        first = el.find("tr")
        width = len(first.find_all(("td", "th"), recursive=False)) if first else 0
        rows = [line for line in text.split("\n") if line.startswith("|")]
        above = "\n".join(line for line in text.split("\n") if line and not line.startswith("|"))
        table = "\n".join([*rows[:1], "|" + " --- |" * width, *rows[1:]])
        return f"\n\n{above}\n\n{table}\n\n"


def _is_cell(parent_tags: set[str]) -> bool:
    return "td" in parent_tags or "th" in parent_tags


def _block(text: str, parent_tags: set[str]) -> str:
    text = text.strip(" \t\r\n")
    if "_inline" in parent_tags:
        return f" {text} "
    return f"\n\n{text}\n\n" if text else ""


def _wrapped(text: str, mark: str) -> str:
    """``text`` between two ``mark``s, with its outer spaces outside; empty for an empty text."""
    bare = text.strip(" ")
    if not bare:
        return text
    lead = text[: len(text) - len(text.lstrip(" "))]
    return f"{lead}{mark}{bare}{mark}{text[len(text.rstrip(' ')) :]}"
